package chart

import (
	"math"
	"strings"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// Widths of the legend, in cells.
const (
	sampleWidth = 4  // a curve's pattern and a blank
	entryGap    = 3  // blanks between two entries
	leastName   = 4  // a name cut shorter says less than the value after it
	mostName    = 40 // so that one long name leaves room for others
)

// entry is one line's part of the legend.
type entry struct{ name, value string }

// legend writes one row: each line's pattern, name and value, then the note on the right.
func (p *plot) legend() {
	if p.top == 0 {
		return
	}
	w, _ := p.sheet.Size()
	entries := make([]entry, min(len(p.c.Lines), maxLines))
	for i := range entries {
		entries[i] = entry{p.c.Lines[i].Name, p.value(i)}
	}
	room := nameRoom(entries, w)
	if room < leastName { // names matter more than values
		for i := range entries {
			entries[i].value = ""
		}
		room = max(nameRoom(entries, w), leastName)
	}
	x := 0
	for i, e := range entries {
		x += p.entry(x, w-x, room, i, e)
	}
	note := p.note()
	if n := canvas.Width(note); x+n <= w {
		p.sheet.Text(w-n, 0, n, note, p.ink.label)
	}
}

// nameRoom is the longest name with which all entries fit into w cells, at most mostName.
func nameRoom(entries []entry, w int) int {
	for room := mostName; room > 0; room-- {
		need := -entryGap
		for _, e := range entries {
			need += sampleWidth + min(canvas.Width(e.name), room) + entryGap
			if e.value != "" {
				need += 1 + canvas.Width(e.value)
			}
		}
		if need <= w {
			return room
		}
	}
	return 0
}

// entry writes line i's part into at most w cells and returns the cells it takes with the gap after it.
func (p *plot) entry(x, w, room, i int, e entry) int {
	if w <= sampleWidth {
		return 0
	}
	for k, r := range p.c.Symbols.sample(p.dash[i]) {
		p.sheet.Set(x+k, 0, r, p.ink.line[i])
	}
	n := sampleWidth
	n += p.sheet.Text(x+n, 0, min(room, w-n), e.name, p.ink.line[i])
	if e.value != "" && n+1 < w {
		n += 1 + p.sheet.Text(x+n+1, 0, w-n-1, e.value, p.ink.line[i])
	}
	return n + entryGap
}

// value is the curve's value under the crosshair, else its last one; "" when there is none.
func (p *plot) value(i int) string {
	if _, y, ok := p.c.Lines[i].Data.Last(); p.c.Cursor == nil && ok && math.IsNaN(y) {
		return "NaN"
	}
	if i >= len(p.readings) || !p.readings[i].ok {
		return ""
	}
	if p.c.FormatY != nil {
		return p.c.FormatY(p.readings[i].value)
	}
	return number.Sig(p.readings[i].value, 4)
}

// note says how the curve is shown: smoothing, axis, crosshair.
func (p *plot) note() string {
	var parts []string
	if p.c.Note != "" {
		parts = append(parts, p.c.Note)
	}
	if p.c.Smooth > 0 {
		parts = append(parts, "smooth "+number.Sig(min(p.c.Smooth, maxSmooth), 3))
	}
	if p.c.LogY {
		parts = append(parts, "log y")
	}
	if p.c.Cursor != nil {
		parts = append(parts, strings.TrimSpace(p.c.XName+" "+p.xText(*p.c.Cursor)))
	}
	return strings.Join(parts, "  ")
}

func (p *plot) xText(x float64) string {
	if p.c.FormatX != nil {
		return p.c.FormatX(x)
	}
	if p.c.TimeX {
		return number.Clock(x)
	}
	if x == math.Trunc(x) && math.Abs(x) < 1e9 {
		return number.Whole(int64(x))
	}
	return number.Sig(x, 5)
}
