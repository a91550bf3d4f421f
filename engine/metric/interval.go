package metric

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// An Interval is a range that should hold the true value.
type Interval struct{ Low, High float64 }

// Contains says whether x lies in the interval, its ends included.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// Width is High minus Low.
func (i Interval) Width() float64 { return i.High - i.Low }

// Wilson is the score interval of a share (Wilson 1927) at the given
// confidence, for example 0.95. It is good for small n and for shares near
// 0 and 1. Without observations it is the whole range.
func Wilson(successes, n int, confidence float64) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	z := normalQuantile(confidence)
	z2, m := z*z, float64(n)
	p := float64(successes) / m
	centre := (p + z2/(2*m)) / (1 + z2/m)
	half := z / (1 + z2/m) * math.Sqrt(p*(1-p)/m+z2/(4*m*m))
	return Interval{max(0, centre-half), min(1, centre+half)}
}

// normalQuantile is how many standard deviations on both sides of the mean
// hold the given share of a normal distribution.
func normalQuantile(confidence float64) float64 {
	return distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
}

// MeanStd is the mean and the sample standard deviation (divisor n-1) of
// values; the deviation of fewer than two is 0.
func MeanStd(values []float64) (mean, std float64) {
	switch len(values) {
	case 0:
		return 0, 0
	case 1:
		return values[0], 0
	}
	return stat.MeanStdDev(values, nil)
}

// TInterval is Student's interval for the mean of a few runs (seeds). For
// fewer than two values it is unbounded.
func TInterval(values []float64, confidence float64) Interval {
	mean, std := MeanStd(values)
	if len(values) < 2 {
		return Interval{math.Inf(-1), math.Inf(1)}
	}
	n := float64(len(values))
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(1 - (1-confidence)/2)
	half := t * std / math.Sqrt(n)
	return Interval{mean - half, mean + half}
}

// bootstrapStream separates the draws here from other uses of the same seed.
const bootstrapStream = 0xb007

// Bootstrap is the percentile interval (Efron 1979) of a statistic of n
// examples, expanded for small n (Hesterberg 2015): statistic is called with
// resampled indices, which it must not keep. The same seed gives the same
// interval.
func Bootstrap(n, resamples int, confidence float64, seed int64, statistic func(indices []int) float64) Interval {
	values := make([]float64, resamples)
	indices := make([]int, n)
	rng := rand.New(rand.NewPCG(uint64(seed), bootstrapStream))
	for r := range values {
		resample(rng, indices)
		values[r] = statistic(indices)
	}
	return percentiles(values, n, confidence)
}

// resample draws indices with replacement.
func resample(rng *rand.Rand, indices []int) {
	for i := range indices {
		indices[i] = rng.IntN(len(indices))
	}
}

// percentiles is the range that holds the middle share of values, which it
// sorts; they are a statistic of n resampled examples.
func percentiles(values []float64, n int, confidence float64) Interval {
	slices.Sort(values)
	tail := expandedTail(n, confidence)
	return Interval{quantile(values, tail), quantile(values, 1-tail)}
}

// expandedTail is the share to leave out on either side. Resampling n examples
// sees the variance (n-1)/n times too small and takes it for known; for a mean,
// these percentiles have the width of Student's interval (Hesterberg 2015):
//
//	Phi(-sqrt(n/(n-1)) t(n-1))
func expandedTail(n int, confidence float64) float64 {
	if n < 2 {
		return (1 - confidence) / 2
	}
	m := float64(n)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: m - 1}.Quantile((1 - confidence) / 2)
	return distuv.UnitNormal.CDF(math.Sqrt(m/(m-1)) * t)
}

// quantile interpolates linearly between sorted values (type 7 of Hyndman and
// Fan 1996, the default of numpy and R).
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
