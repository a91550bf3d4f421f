package chart

import (
	"math"

	"defrost/ui/widgets/canvas"
)

// inks are the styles of a chart as registered with its sheet.
type inks struct {
	axis, label, mark, cursor, bad canvas.Ink
	line, band                     []canvas.Ink
}

func newInks(s *canvas.Canvas, c Chart) inks {
	k := inks{axis: s.Ink(c.Styles.Axis), label: s.Ink(c.Styles.Label), mark: s.Ink(c.Styles.Mark), cursor: s.Ink(c.Styles.Cursor), bad: s.Ink(c.Styles.Bad)}
	for _, l := range c.Lines[:min(len(c.Lines), maxLines)] {
		k.line = append(k.line, s.Ink(l.Style))
		k.band = append(k.band, s.Ink(l.BandStyle))
	}
	return k
}

// axisGlyphs are: y axis, y tick, corner, x axis, x tick, mark line, crosshair, crossing.
type axisGlyphs struct{ y, yTick, corner, x, xTick, mark, cursor, cross rune }

func (s Symbols) axis() axisGlyphs {
	if s == ASCII {
		return axisGlyphs{'|', '+', '+', '-', '+', ':', '|', '@'}
	}
	return axisGlyphs{'│', '┤', '└', '─', '┬', '┊', '│', '●'}
}

// axes draws both axis lines with their ticks and labels.
func (p *plot) axes() {
	g, bottom := p.c.Symbols.axis(), p.top+p.ph
	if p.xAxis {
		p.sheet.Rule(p.left, bottom, p.pw, g.x, p.ink.axis)
		p.xLabels(g, bottom)
	}
	if !p.yAxis {
		return
	}
	for y := range p.ph {
		p.sheet.Set(p.left-1, p.top+y, g.y, p.ink.axis)
	}
	if p.xAxis {
		p.sheet.Set(p.left-1, bottom, g.corner, p.ink.axis)
	}
	p.yLabels(g)
}

func (p *plot) yLabels(g axisGlyphs) {
	taken := -1
	for i := len(p.yt) - 1; i >= 0; i-- {
		row := int(p.subY(p.yt[i].value)+0.5) / p.kind.cy
		if row <= taken || row >= p.ph {
			continue
		}
		taken = row
		p.sheet.Right(0, p.top+row, p.left-1, p.yt[i].label, p.ink.label)
		p.sheet.Set(p.left-1, p.top+row, g.yTick, p.ink.axis)
	}
}

// xLabels centres each label under its tick as long as it does not touch its
// neighbour, and writes the axis' name at the right end.
func (p *plot) xLabels(g axisGlyphs, y int) {
	right := p.left + p.pw
	if n := canvas.Width(p.c.XName); n > 0 && n+cellsPerTick < p.pw {
		p.sheet.Text(right-n, y+1, n, p.c.XName, p.ink.label)
		right -= n + 1
	}
	taken := 0
	for _, t := range p.xt {
		at, n := p.left+p.column(t.value), canvas.Width(t.label)
		p.sheet.Set(at, y, g.xTick, p.ink.axis)
		from := min(max(at-n/2, 0), p.left+p.pw-n)
		if from < taken || from+n > right || from < 0 {
			continue
		}
		p.sheet.Text(from, y+1, n, t.label, p.ink.label)
		taken = from + n + 1
	}
}

// badMarks puts '!' on the bottom row where values could not be drawn.
func (p *plot) badMarks() {
	for x, bad := range p.bad {
		if bad {
			p.sheet.Set(p.left+x, p.top+p.ph-1, '!', p.ink.bad)
		}
	}
}

// marks draws each event as a dotted line through blank cells under its letter.
func (p *plot) marks() {
	if p.ph <= 0 {
		return
	}
	g := p.c.Symbols.axis()
	for _, m := range p.c.Marks {
		col, ok := p.visible(m.X)
		if !ok {
			continue
		}
		for y := range p.ph {
			p.overlay(col, y, g.mark, p.ink.mark)
		}
		p.sheet.Set(p.left+col, p.top, m.Letter, p.ink.mark)
	}
}

// visible maps x to a plot column inside the window.
func (p *plot) visible(x float64) (col int, ok bool) {
	if !(x >= p.x.From && x <= p.x.To) {
		return 0, false
	}
	col = p.column(x)
	return col, col >= 0 && col < p.pw
}

// overlay writes a glyph where no curve passes, over blanks and bands.
func (p *plot) overlay(col, row int, g rune, k canvas.Ink) {
	if p.cells[row*p.pw+col].line == 0 {
		p.sheet.Set(p.left+col, p.top+row, g, k)
	}
}

// crosshair draws the cursor's column and a dot where it meets each curve.
func (p *plot) crosshair() {
	if p.c.Cursor == nil || p.ph <= 0 {
		return
	}
	col, ok := p.visible(*p.c.Cursor)
	if !ok {
		return
	}
	p.cursorLabel(col)
	g := p.c.Symbols.axis()
	for y := range p.ph {
		p.overlay(col, y, g.cursor, p.ink.cursor)
	}
	for i := min(len(p.c.Lines), maxLines) - 1; i >= 0; i-- {
		read := p.readings[i]
		if at := p.subY(read.value); read.ok && at >= 0 && at < float64(p.ph*p.kind.cy) {
			p.sheet.Set(p.left+col, p.top+int(math.Floor(at+0.5))/p.kind.cy, g.cross, p.ink.line[i])
		}
	}
}

// cursorLabel writes the crosshair's x under its column, over the tick labels there.
func (p *plot) cursorLabel(col int) {
	if !p.xAxis {
		return
	}
	text, y := p.xText(*p.c.Cursor), p.top+p.ph+1
	n := canvas.Width(text)
	from := min(max(p.left+col-n/2, 0), p.left+p.pw-n)
	if from < 0 {
		return
	}
	p.sheet.Rule(from-1, y, n+2, ' ', canvas.Plain)
	p.sheet.Text(from, y, n, text, p.ink.cursor)
}

// empty says why there is no plot.
func (p *plot) empty() {
	text := p.c.Empty
	if text == "" {
		text = "no data yet"
	}
	if _, ok := p.c.Extent(); ok {
		text = "no value that can be drawn"
		if p.c.LogY {
			text = "no value above 0 for a log axis"
		}
	}
	p.sheet.Centre(0, p.top+max(0, p.ph-1)/2, p.pw, text, p.ink.label)
}
