package chart

import (
	"math"

	"defrost/ui/widgets/canvas"
)

// Sizes below which parts of a chart are left out, in cells.
const (
	legendHeight = 4  // a legend needs this many rows in all
	axesHeight   = 5  // so does the x axis with its labels
	axesWidth    = 16 // so does the y axis
	gutter       = 5  // least width of y labels, so that charts in a grid line up
	rowsPerTick  = 3  // rows of plot for one y label
	cellsPerTick = 10 // cells of plot for one x label
	leastTicks   = 3  // fewer y labels than this say too little; try for one per two rows
	padding      = 0.04
)

// plot is one drawing of a Chart: where things go, and the sheet they go on.
type plot struct {
	c         Chart
	any       bool // there is something to draw
	x, y      Range
	left, top int // of the plot area, in cells
	pw, ph    int
	kind      *symbolKind
	cells     []dots    // pw x ph
	bad       []bool    // plot columns with NaN or infinite values
	readings  []reading // of each line, for the legend
	dash      []int     // pattern of each line
	xt, yt    []tick
	xAxis     bool
	yAxis     bool
	sheet     *canvas.Canvas
	ink       inks
}

// prepare computes the ranges, ticks and areas for a view of w x h cells.
func (c Chart) prepare(w, h int) *plot {
	p := &plot{c: c, kind: c.Symbols.kind(), dash: numbered(c.Lines), pw: max(w, 0), ph: max(h, 0)}
	p.ranges()
	if !c.NoLegend && h >= legendHeight {
		p.top, p.ph = 1, p.ph-1
	}
	if !p.any || c.NoAxes {
		return p
	}
	if h >= axesHeight {
		p.xAxis, p.ph = true, p.ph-2
	}
	if w >= axesWidth && h > 1 {
		p.yTicks(w)
	}
	if p.xAxis {
		p.xt = c.xTicks(p.x, max(1, p.pw/cellsPerTick))
	}
	return p
}

func (c Chart) xTicks(r Range, n int) []tick {
	if c.TimeX {
		return timeTicks(r, n, c.FormatX)
	}
	return linearTicks(r, n, c.FormatX)
}

// yTicks computes the y labels and moves the plot to their right.
func (p *plot) yTicks(w int) {
	ticks := linearTicks
	if p.c.LogY {
		ticks = logTicks
	}
	p.yt = ticks(p.y, max(2, p.ph/rowsPerTick), p.c.FormatY)
	if len(p.yt) < leastTicks && p.ph > rowsPerTick {
		p.yt = ticks(p.y, max(4, p.ph/2), p.c.FormatY)
	}
	wide := gutter
	for _, t := range p.yt {
		wide = max(wide, canvas.Width(t.label))
	}
	p.yAxis, p.left = true, min(wide, w/3)+1
	p.pw -= p.left
}

// ranges computes the visible part of both axes.
func (p *plot) ranges() {
	full, ok := p.c.Extent()
	if !ok {
		return
	}
	p.x = full.widened()
	if !p.c.X.Whole() {
		p.x = Range{clamp(p.c.X.From), clamp(p.c.X.To)}.widened()
	}
	data := p.values(p.x)
	if data.From > data.To { // nothing in the window: keep the scale of the whole
		data = p.values(full)
	}
	p.any = data.From <= data.To
	switch fixed := p.c.Y; {
	case !p.any:
	case !fixed.Whole() && (!p.c.LogY || fixed.From > 0):
		p.y = Range{clamp(fixed.From), clamp(fixed.To)}.widened()
	default:
		p.y = p.padded(data.widened())
	}
}

// padded leaves some air around the data, but a linear axis does not cross 0 for it.
func (p *plot) padded(r Range) Range {
	if p.c.LogY {
		by := math.Exp((math.Log(r.To) - math.Log(r.From)) * padding)
		return Range{max(r.From/by, 1e-305), r.To * by}
	}
	by := (r.To - r.From) * padding
	out := Range{r.From - by, r.To + by}
	if r.From >= 0 && out.From < 0 {
		out.From = 0
	}
	return out
}

// values returns the least and greatest value drawn for x inside window; From > To when there is none.
func (p *plot) values(window Range) Range {
	r := Range{math.Inf(1), math.Inf(-1)}
	for i := range p.c.Lines {
		data := p.c.Lines[i].Data
		full, ok := data.Extent()
		switch {
		case !ok:
		case !p.c.NoBand && window.From <= full.From && window.To >= full.To:
			r.cover(data.whole(p.c.LogY))
		default:
			r.cover(data.within(window, p.c))
		}
	}
	return r
}

// whole is the range of all values; on a log axis of those above 0.
func (s *Series) whole(log bool) Range {
	r := Range{s.all.Min, s.all.Max}
	if log {
		r.From = s.least
	}
	if s.all.N == 0 || log && s.least == 0 {
		return Range{math.Inf(1), math.Inf(-1)}
	}
	return r
}

// within is the range of the values that chart c draws for x inside window.
func (s *Series) within(window Range, c Chart) Range {
	r, e := Range{math.Inf(1), math.Inf(-1)}, newAverage(c.Smooth)
	for i := range s.buckets {
		b := &s.buckets[i]
		if b.N == 0 {
			continue
		}
		lo, hi := b.Min, b.Max
		if c.NoBand {
			lo = e.add(b.Mean, b.N)
			hi = lo
		}
		if b.To >= window.From && b.From <= window.To {
			r.include(lo, c.LogY)
			r.include(hi, c.LogY)
		}
	}
	return r
}

func (r *Range) cover(o Range) { r.From, r.To = min(r.From, o.From), max(r.To, o.To) }

func (r *Range) include(v float64, log bool) {
	if log && v <= 0 {
		return
	}
	r.From, r.To = min(r.From, v), max(r.To, v)
}

// subX maps x to a dot column of the plot, 0 to its width - 1; outside the window beyond that.
func (p *plot) subX(x float64) float64 {
	return p.x.share(x, false) * float64(max(p.pw*p.kind.cx-1, 1))
}

// column maps x to a cell column of the plot.
func (p *plot) column(x float64) int {
	s := p.subX(x)
	return int(math.Floor(min(max(s, -8), float64(p.pw*8))+0.5)) / p.kind.cx
}

// shareOf is the position of a cell column's middle on the x axis, 0 to 1.
func (p *plot) shareOf(col int) float64 {
	cx := p.kind.cx
	at := float64(col*cx) + float64(cx-1)/2
	return min(max(at/float64(max(p.pw*cx-1, 1)), 0), 1)
}
