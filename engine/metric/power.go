package metric

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// DetectableDifference is the smallest true difference in accuracy that a
// paired test on n examples finds with the given power (for example 0.8) at
// level alpha (for example 0.05), when the models disagree on a share of the
// examples (Connor 1987, the normal approximation to McNemar's test). It is
// NaN when even total one-sided disagreement would not be found.
func DetectableDifference(n int, disagreement, alpha, power float64) float64 {
	za := distuv.UnitNormal.Quantile(1 - alpha/2)
	zb := distuv.UnitNormal.Quantile(power)
	reach := func(d float64) float64 { // rises with d; zero at the answer
		return math.Sqrt(float64(n))*d - za*math.Sqrt(disagreement) - zb*math.Sqrt(math.Max(0, disagreement-d*d))
	}
	return root(reach, 0, disagreement)
}

// DetectableEffect is the smallest true difference between the means of two
// groups of runs, in standard deviations of a run, that a two-sided t-test
// with n runs (seeds) in each group finds with the given power at level alpha.
func DetectableEffect(n int, alpha, power float64) float64 {
	if n < 2 {
		return math.NaN()
	}
	lacks := func(effect float64) float64 { return tPower(effect, n, alpha) - power }
	high := 1.0
	for lacks(high) < 0 && high < 1e6 {
		high *= 2
	}
	return root(lacks, 0, high)
}

// tPower is the power of the two-sided two-sample t-test (Cohen 1988).
func tPower(effect float64, n int, alpha float64) float64 {
	nu := float64(2*n - 2)
	limit := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: nu}.Quantile(1 - alpha/2)
	mu := effect * math.Sqrt(float64(n)/2)
	t := distuv.NoncentralT{Nu: nu, Mu: mu}
	return 1 - t.CDF(limit) + t.CDF(-limit)
}

// root finds where a rising function crosses zero by bisection, NaN when it
// does not between low and high.
func root(f func(float64) float64, low, high float64) float64 {
	if f(low) > 0 || f(high) < 0 {
		return math.NaN()
	}
	for range 200 {
		middle := (low + high) / 2
		if f(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
