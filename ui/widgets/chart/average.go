package chart

import "math"

// maxSmooth bounds the weight of the past: 1 would never move.
const maxSmooth = 0.999

// average is the debiased exponential moving average of Adam (Kingma and Ba,
// 2015): m = w m + (1-w) y, shown as m / (1 - w^t), so that the first values
// are not pulled towards 0. A bucket of n points counts n times, which keeps
// the curve in place when buckets merge.
type average struct {
	weight   float64
	mean     float64 // m
	past     float64 // w^t
	n        int     // points per bucket that decay was computed for
	decay    float64 // w^n
	smoothed bool
}

func newAverage(weight float64) average {
	if !(weight > 0) {
		return average{}
	}
	w := min(weight, maxSmooth)
	return average{weight: w, past: 1, n: 1, decay: w, smoothed: true}
}

// add takes the mean of n points and returns the smoothed value.
func (a *average) add(y float64, n int) float64 {
	if !a.smoothed {
		return y
	}
	if n != a.n {
		a.n, a.decay = n, math.Pow(a.weight, float64(n))
	}
	a.mean = a.decay*a.mean + (1-a.decay)*y
	if a.past == 0 {
		return a.mean
	}
	if a.past *= a.decay; a.past < 1e-17 { // 1 - past is 1 from here on
		a.past = 0
	}
	return a.mean / (1 - a.past)
}
