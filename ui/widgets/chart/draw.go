package chart

import "math"

// dots is one cell of the plot: which dots are set, and by whose curve and band (1-based, 0 none).
type dots struct{ line, lineOf, band, bandOf uint8 }

// maxLines bounds the curves of one chart, so that an owner fits in a byte and colours in a sheet.
const maxLines = 64

// curves draws bands, then lines, the first Line on top of all.
func (p *plot) curves() {
	if p.pw <= 0 || p.ph <= 0 {
		return
	}
	p.cells = make([]dots, p.pw*p.ph)
	p.bad = make([]bool, p.pw)
	p.readings = make([]reading, len(p.c.Lines))
	cols := make([]column, p.pw*p.kind.cx)
	for i := min(len(p.c.Lines), maxLines) - 1; i >= 0; i-- {
		s := p.c.Lines[i].Data
		if s == nil || len(s.buckets) == 0 {
			continue
		}
		t, read := p.trace(s, cols)
		p.readings[i] = read
		if !p.c.NoBand {
			p.band(t, i)
		}
		p.line(t, i)
	}
	p.emit()
}

// emit turns dots into glyphs.
func (p *plot) emit() {
	for i, d := range p.cells {
		x, y := p.left+i%p.pw, p.top+i/p.pw
		switch {
		case d.line != 0:
			p.sheet.Set(x, y, p.c.Symbols.lineGlyph(d.line, p.dash[d.lineOf-1]), p.ink.line[d.lineOf-1])
		case d.band != 0:
			p.sheet.Set(x, y, p.c.Symbols.bandGlyph(d.band), p.ink.band[d.bandOf-1])
		}
	}
}

// numbered returns the pattern of each line: its own, or its place when no line has one.
func numbered(lines []Line) []int {
	out, own := make([]int, len(lines)), false
	for i := range lines {
		out[i] = max(lines[i].Dash, 0) % len(dashes)
		own = own || lines[i].Dash != 0
	}
	for i := range lines {
		if !own {
			out[i] = i % len(dashes)
		}
	}
	return out
}

// subY maps a value to a dot row, 0 at the top; NaN for what a log axis cannot show.
func (p *plot) subY(v float64) float64 {
	return (1 - p.y.share(v, p.c.LogY)) * float64(max(p.ph*p.kind.cy-1, 1))
}

// line draws the smoothed curve of line i along its columns.
func (p *plot) line(t trace, i int) {
	pen := pen{p: p, owner: uint8(i + 1), dash: dashes[p.dash[i]]}
	if p.c.Symbols == ASCII {
		pen.dash = dashes[0]
	}
	if t.before.found {
		pen.moveTo(p.subX(t.before.x), p.subY(t.before.y))
	}
	for x := range t.cols {
		c := &t.cols[x]
		if c.n == 0 {
			continue
		}
		y := p.subY(c.sum / float64(c.n))
		if c.lift {
			pen.down = false
		}
		pen.lineTo(float64(x), y)
	}
	if t.after.found && !t.lastLift {
		pen.lineTo(p.subX(t.after.x), p.subY(t.after.y))
	}
}

// band stipples the space between minimum and maximum, straight between
// columns that have data. Extremes are always drawn, so that a spike of a
// single point stays visible.
func (p *plot) band(t trace, i int) {
	s := stipple{p: p, owner: uint8(i + 1), shift: i % 2}
	px, plo, phi := -1, 0.0, 0.0
	for x := range t.cols {
		c := &t.cols[x]
		if c.lo > c.hi || p.c.LogY && c.hi <= 0 {
			continue
		}
		hi, lo := p.subY(c.hi), p.subY(c.lo)
		if math.IsNaN(lo) || p.c.LogY && c.lo <= 0 {
			lo = float64(p.ph*p.kind.cy - 1)
		}
		if px >= 0 && !c.lift {
			for k := px + 1; k < x; k++ {
				f := float64(k-px) / float64(x-px)
				s.fill(k, phi+(hi-phi)*f, plo+(lo-plo)*f)
			}
		}
		s.fill(x, hi, lo)
		s.dot(x, hi)
		s.dot(x, lo)
		px, plo, phi = x, lo, hi
	}
}
