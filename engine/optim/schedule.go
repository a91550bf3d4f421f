package optim

import "math"

// A Schedule says which share of the peak learning rate a step uses.
type Schedule struct {
	Kind   string  // linear, cosine, stlr, constant
	Warmup float64 // share of all steps in which the rate rises from 0
	Steps  int     // all steps
}

// stlrRatio is how much smaller the lowest rate of the slanted triangle is than its peak
// (Howard and Ruder 2018).
const stlrRatio = 32

// Factor is the share for step, counted from 0.
func (s Schedule) Factor(step int) float64 {
	warm := s.Warmup * float64(s.Steps)
	t := float64(step)
	if s.Kind == "stlr" {
		return s.slanted(t)
	}
	if t < warm {
		return (t + 1) / (warm + 1)
	}
	left := (t - warm) / math.Max(float64(s.Steps)-warm, 1)
	switch s.Kind {
	case "linear":
		return math.Max(0, 1-left)
	case "cosine":
		return 0.5 * (1 + math.Cos(math.Pi*math.Min(left, 1)))
	}
	return 1
}

// slanted is the slanted triangular rate: a short rise over the warm-up share, a long fall.
func (s Schedule) slanted(t float64) float64 {
	cut := math.Max(1, math.Floor(float64(s.Steps)*s.Warmup))
	p := t / cut
	if t >= cut {
		p = 1 - (t-cut)/math.Max(float64(s.Steps)-cut, 1)
	}
	return (1 + math.Max(0, p)*(stlrRatio-1)) / stlrRatio
}
