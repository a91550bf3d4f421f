package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Disagreement counts the examples two models judge differently.
type Disagreement struct {
	OnlyFirst, OnlySecond int // right in one model only
	Both, Neither         int // right in both, in none
}

// Disagree counts over the same examples which model was right.
func Disagree(first, second []bool) Disagreement {
	if len(first) != len(second) {
		panic(fmt.Sprintf("metric: found %d judgements, expected %d", len(second), len(first)))
	}
	var d Disagreement
	for i := range first {
		switch {
		case first[i] && second[i]:
			d.Both++
		case first[i]:
			d.OnlyFirst++
		case second[i]:
			d.OnlySecond++
		default:
			d.Neither++
		}
	}
	return d
}

// Exact is McNemar's exact test (1947): the two-sided p-value of the
// hypothesis that where exactly one model is right, either is equally likely.
func (d Disagreement) Exact() float64 {
	p, _ := d.tail()
	return min(1, 2*p)
}

// MidP is McNemar's mid-p test, less cautious than Exact while its rate of
// false alarms hardly ever exceeds the level (Fagerland, Lydersen and Laake
// 2013).
func (d Disagreement) MidP() float64 {
	if d.OnlyFirst == d.OnlySecond {
		return 1
	}
	p, at := d.tail()
	return min(1, 2*p-at)
}

// tail is the probability of a split at least as uneven on one side, and of
// exactly this one.
func (d Disagreement) tail() (p, at float64) {
	b := distuv.Binomial{N: float64(d.OnlyFirst + d.OnlySecond), P: 0.5}
	few := float64(min(d.OnlyFirst, d.OnlySecond))
	if b.N == 0 {
		return 1, 1
	}
	return b.CDF(few), b.Prob(few)
}

// McNemar is the exact test for two models' judgements of the same examples.
func McNemar(first, second []bool) float64 { return Disagree(first, second).Exact() }

// A Comparison is the difference second minus first of a measure of two
// models on the same examples.
type Comparison struct {
	Difference float64
	Interval   Interval
	PValue     float64 // two-sided
}

// PairedBootstrap compares two models by resampling examples (Koehn 2004).
// Both statistics are called with the same resampled indices. The p-value is
// the share of resampled differences that lie further from their mean than the
// observed difference lies from zero, with one added above and below so that
// it is never 0 (as in sacreBLEU).
func PairedBootstrap(n, resamples int, confidence float64, seed int64, first, second func(indices []int) float64) Comparison {
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i
	}
	c := Comparison{Difference: second(indices) - first(indices)}
	deltas := make([]float64, resamples)
	rng := rand.New(rand.NewPCG(uint64(seed), bootstrapStream))
	for r := range deltas {
		resample(rng, indices)
		deltas[r] = second(indices) - first(indices)
	}
	c.PValue = shiftedP(deltas, c.Difference)
	c.Interval = percentiles(deltas, n, confidence)
	return c
}

// roundingSlack keeps equal differences equal in spite of rounding.
const roundingSlack = 1e-12

// shiftedP is the share of deltas as far from their mean as observed is from 0.
func shiftedP(deltas []float64, observed float64) float64 {
	mean, _ := MeanStd(deltas)
	further := 1.0
	for _, d := range deltas {
		if math.Abs(d-mean) > math.Abs(observed)-roundingSlack {
			further++
		}
	}
	return further / float64(len(deltas)+1)
}

// Holm corrects p-values for being several (Holm 1979): the results, in the
// given order, can be compared with the level as if each stood alone.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, min(1, float64(len(p)-rank)*p[i]))
		out[i] = highest
	}
	return out
}
