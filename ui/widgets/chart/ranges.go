package chart

import "math"

// A Range is an interval of an axis. The zero Range means "everything".
type Range struct{ From, To float64 }

// Whole reports whether r is the zero Range or holds nothing to zoom into.
func (r Range) Whole() bool { return !finite(r.From) || !finite(r.To) || r.From >= r.To }

// Zoom returns r scaled by factor around x: below 1 zooms in, above 1 out.
// When r shows everything, full is what it shows; growing past full returns
// the zero Range.
func (r Range) Zoom(full Range, x, factor float64) Range {
	if r.Whole() {
		r = full
	}
	if r.Whole() || !(factor > 0) {
		return Range{}
	}
	x = min(max(x, r.From), r.To)
	z := Range{x - (x-r.From)*factor, x + (r.To-x)*factor}
	if z.From <= full.From && z.To >= full.To {
		return Range{}
	}
	z = z.inside(full)
	if !(z.To-z.From > math.Abs(x)*1e-12) {
		return r // as deep as a float64 goes
	}
	return z
}

// Move returns r shifted by a share of its own width (0.25 is a quarter to the
// right), kept inside full. The zero Range stays.
func (r Range) Move(full Range, share float64) Range {
	if r.Whole() || !finite(share) {
		return r
	}
	by := (r.To - r.From) * share
	return Range{r.From + by, r.To + by}.inside(full)
}

// inside shifts r into full and cuts it when it is longer.
func (r Range) inside(full Range) Range {
	if r.From < full.From {
		r = Range{full.From, full.From + (r.To - r.From)}
	}
	if r.To > full.To {
		r = Range{full.To - (r.To - r.From), full.To}
	}
	return Range{max(r.From, full.From), min(r.To, full.To)}
}

// share maps v to 0 at From and 1 at To, on a linear or logarithmic scale; NaN
// for v <= 0 on the latter.
func (r Range) share(v float64, log bool) float64 {
	if log {
		lo := math.Log(r.From)
		return (math.Log(v) - lo) / (math.Log(r.To) - lo)
	}
	return (v - r.From) / (r.To - r.From)
}

// value is the inverse of share.
func (r Range) value(share float64, log bool) float64 {
	if log {
		lo := math.Log(r.From)
		return math.Exp(lo + share*(math.Log(r.To)-lo))
	}
	return r.From + share*(r.To-r.From)
}

// widened gives a range without width, or with less than floats can draw, some width.
func (r Range) widened() Range {
	middle := r.From + (r.To-r.From)/2
	if least := math.Abs(middle) * 1e-9; r.To-r.From > least && r.To-r.From > 1e-290 {
		return r
	}
	by := math.Abs(middle) / 10
	if by < 1e-280 {
		by = 1
	}
	return Range{middle - by, middle + by}
}
