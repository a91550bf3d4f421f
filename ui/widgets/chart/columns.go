package chart

import "math"

// column sums up what falls on one dot column of the plot.
type column struct {
	lo, hi float64 // band; lo > hi when there is none
	sum    float64 // of n smoothed values
	n      int
	lift   bool // the curve is broken before this column
}

// outside is the neighbour of the visible points beyond one edge, which the curve runs towards.
type outside struct {
	x, y  float64
	found bool
}

// trace is a Line reduced to the dot columns of the plot.
type trace struct {
	cols          []column
	before, after outside
	lastLift      bool // a gap between the last column and after
}

// reading is the smoothed value of a line under the crosshair, or its last one.
type reading struct {
	value, distance float64
	ok              bool
}

func (r *reading) offer(v, distance float64) {
	if !r.ok || distance <= r.distance {
		*r = reading{v, distance, true}
	}
}

// trace reduces a series in one pass over its buckets.
func (p *plot) trace(s *Series, cols []column) (t trace, read reading) {
	t.cols = cols
	for i := range cols {
		cols[i] = column{lo: math.Inf(1), hi: math.Inf(-1)}
	}
	e := newAverage(p.c.Smooth)
	scale := float64(max(len(cols)-1, 1)) / (p.x.To - p.x.From)
	lift := false
	for i := range s.buckets {
		b := &s.buckets[i]
		if b.Bad > 0 {
			p.markBad(b)
		}
		if b.N == 0 {
			lift = true
			continue
		}
		v := e.add(b.Mean, b.N)
		if p.c.Cursor == nil {
			read.value, read.ok = v, true
		} else {
			read.offer(v, math.Abs(b.middle()-*p.c.Cursor))
		}
		if p.c.LogY && v <= 0 {
			p.markBad(b)
			lift = true
			continue
		}
		t.add(b, v, p.x, scale, lift)
		lift = false
	}
	read.ok = read.ok && p.covers(s)
	return t, read
}

// covers reports whether the crosshair, if any, is over the series or at most one column beside it.
func (p *plot) covers(s *Series) bool {
	if p.c.Cursor == nil {
		return true
	}
	column := (p.x.To - p.x.From) / float64(max(p.pw, 1))
	return *p.c.Cursor >= s.all.From-column && *p.c.Cursor <= s.all.To+column
}

// add places one bucket whose smoothed value is v; lift breaks the curve before it.
func (t *trace) add(b *Bucket, v float64, window Range, scale float64, lift bool) {
	mid := b.middle()
	switch {
	case mid < window.From:
		t.before = outside{mid, v, true}
		return
	case mid > window.To:
		if !t.after.found {
			t.after, t.lastLift = outside{mid, v, true}, lift
		}
		return
	}
	at := min(int((mid-window.From)*scale+0.5), len(t.cols)-1)
	c := &t.cols[at]
	c.sum += v
	c.n++
	c.widen(b)
	c.lift = c.lift || lift
	if b.To > b.From && (b.To-b.From)*scale >= 1 {
		t.spread(b, window, scale)
	}
}

// spread gives the band of a bucket that covers several columns to all of them.
func (t *trace) spread(b *Bucket, window Range, scale float64) {
	last := float64(len(t.cols) - 1)
	from := min(max((b.From-window.From)*scale+0.5, 0), last)
	to := min(max((b.To-window.From)*scale+0.5, 0), last)
	for i := int(from); i <= int(to); i++ {
		t.cols[i].widen(b)
	}
}

// widen takes a bucket into the band. Plain comparisons: min and max also order
// NaN and -0, which takes three times as long and cannot occur here.
func (c *column) widen(b *Bucket) {
	if b.Min < c.lo {
		c.lo = b.Min
	}
	if b.Max > c.hi {
		c.hi = b.Max
	}
}

// markBad remembers the plot column of a value that cannot be drawn.
func (p *plot) markBad(b *Bucket) {
	if x := b.middle(); x >= p.x.From && x <= p.x.To {
		if col := p.column(x); col >= 0 && col < len(p.bad) {
			p.bad[col] = true
		}
	}
}
