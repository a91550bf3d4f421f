package chart

import (
	"math"
	"strings"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// noteGap is the least number of cells between the last name and the note.
const noteGap = 3

// legend writes one row: each line's pattern, name and value, then the note on the right.
func (p *plot) legend() {
	if p.top == 0 {
		return
	}
	w, _ := p.sheet.Size()
	x := 0
	for i, l := range p.c.Lines[:min(len(p.c.Lines), maxLines)] {
		if x >= w {
			return
		}
		x += p.entry(x, w-x, i, l)
	}
	note := p.note()
	if n := canvas.Width(note); x+noteGap+n <= w {
		p.sheet.Text(w-n, 0, n, note, p.ink.label)
	}
}

// entry writes one line's part of the legend and returns the cells it takes, with the gap after it.
func (p *plot) entry(x, w, i int, l Line) int {
	if w < 5 {
		return w
	}
	for k, r := range p.c.Symbols.sample(p.dash(i)) {
		p.sheet.Set(x+k, 0, r, p.ink.line[i])
	}
	n := 4 + p.sheet.Text(x+4, 0, w-4, l.Name, p.ink.line[i])
	if v, ok := p.value(l); ok && n+2 < w {
		n += 1 + p.sheet.Text(x+n+1, 0, w-n-1, v, p.ink.line[i])
	}
	return n + 3
}

// value is the curve's value under the crosshair, else its last one.
func (p *plot) value(l Line) (string, bool) {
	at := math.Inf(1)
	if p.c.Cursor != nil {
		at = *p.c.Cursor
	} else if _, y, ok := l.Data.Last(); ok && math.IsNaN(y) {
		return "NaN", true
	}
	v, ok := l.Data.Near(at, p.c.Smooth)
	if !ok {
		return "", false
	}
	if p.c.FormatY != nil {
		return p.c.FormatY(v), true
	}
	return number.Sig(v, 4), true
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
	if x == math.Trunc(x) && math.Abs(x) < 1e9 {
		return number.Whole(int64(x))
	}
	return number.Sig(x, 5)
}
