package metric

import (
	"math/rand/v2"
	"testing"
)

// between fails unless a simulated rate lies in a range.
func between(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s is %.4f, want %.4f to %.4f", what, got, low, high)
	}
}

// outcomes draws n judgements that are right with probability p.
func outcomes(rng *rand.Rand, n int, p float64) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = rng.Float64() < p
	}
	return out
}

func correct(judgements []bool) int {
	sum := 0
	for _, right := range judgements {
		if right {
			sum++
		}
	}
	return sum
}

// simulations is the number of draws of a rate; its standard error at 5% is 0.2%.
const simulations = 10_000

// TestWilsonHoldsTheTrueShareAsOftenAsItSays draws the true share too: at a single one the coverage
// of any interval for counts swings around what it promises (Brown, Cai and DasGupta 2001).
func TestWilsonHoldsTheTrueShareAsOftenAsItSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{50, 176, 220, 1000} {
		held := 0
		for range simulations {
			p := 0.5 + 0.49*rng.Float64()
			if Wilson(correct(outcomes(rng, n, p)), n, 0.95).Contains(p) {
				held++
			}
		}
		between(t, "coverage of 95% intervals", float64(held)/simulations, 0.94, 0.96)
	}
}

func TestStudentHoldsTheTrueMeanAsOftenAsItSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{2, 3, 5, 10} {
		held := 0
		values := make([]float64, n)
		for range simulations {
			for i := range values {
				values[i] = 0.8 + 0.02*rng.NormFloat64()
			}
			if TInterval(values, 0.95).Contains(0.8) {
				held++
			}
		}
		between(t, "coverage of 95% intervals", float64(held)/simulations, 0.94, 0.96)
	}
}

// TestMcNemarRarelySeesADifferenceThatIsNotThere holds the exact test to its level; the mid-p test may
// exceed it by a little, and does (Fagerland, Lydersen and Laake 2013).
func TestMcNemarRarelySeesADifferenceThatIsNotThere(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{100, 176, 220} {
		exact, mid := 0, 0
		for range simulations {
			var d Disagreement
			for range n { // two models, each right on 80% of independent examples
				switch a, b := rng.Float64() < 0.8, rng.Float64() < 0.8; {
				case a && !b:
					d.OnlyFirst++
				case b && !a:
					d.OnlySecond++
				}
			}
			if d.Exact() < 0.05 {
				exact++
			}
			if d.MidP() < 0.05 {
				mid++
			}
		}
		between(t, "rate of false alarms of the exact test", float64(exact)/simulations, 0.02, 0.05)
		between(t, "rate of false alarms of the mid-p test", float64(mid)/simulations, 0.035, 0.056)
	}
}

func TestMcNemarFindsTheDetectableDifferenceAtItsPower(t *testing.T) {
	const draws, n, disagreement = 2000, 1000, 0.2
	d := DetectableDifference(n, disagreement, 0.05, 0.8)
	rng := rand.New(rand.NewPCG(5, 6))
	found := 0
	for range draws {
		var c Disagreement
		for range n {
			switch x := rng.Float64(); {
			case x < (disagreement-d)/2:
				c.OnlyFirst++
			case x < disagreement:
				c.OnlySecond++
			}
		}
		if c.Exact() < 0.05 {
			found++
		}
	}
	between(t, "power", float64(found)/draws, 0.77, 0.84)
}

// accuracyOver is the accuracy of resampled judgements.
func accuracyOver(judgements []bool) func([]int) float64 {
	return func(indices []int) float64 {
		right := 0
		for _, i := range indices {
			if judgements[i] {
				right++
			}
		}
		return float64(right) / float64(len(indices))
	}
}

// meanOver is the mean of resampled values.
func meanOver(values []float64) func([]int) float64 {
	return func(indices []int) float64 {
		sum := 0.0
		for _, i := range indices {
			sum += values[i]
		}
		return sum / float64(len(indices))
	}
}

func TestBootstrapHoldsTheTrueValueAsOftenAsItSays(t *testing.T) {
	const n, resamples = 120, 400
	rng := rand.New(rand.NewPCG(7, 8))
	share, loss := 0, 0
	for i := range simulations {
		p := 0.5 + 0.45*rng.Float64()
		if Bootstrap(n, resamples, 0.95, int64(i), accuracyOver(outcomes(rng, n, p))).Contains(p) {
			share++
		}
		losses := make([]float64, n)
		for k := range losses {
			losses[k] = 0.4 + 0.1*rng.NormFloat64()
		}
		if Bootstrap(n, resamples, 0.95, int64(i), meanOver(losses)).Contains(0.4) {
			loss++
		}
	}
	between(t, "coverage of 95% intervals of a share", float64(share)/simulations, 0.94, 0.96)
	between(t, "coverage of 95% intervals of a mean", float64(loss)/simulations, 0.94, 0.96)
}

func TestPairedBootstrapRarelySeesADifferenceThatIsNotThere(t *testing.T) {
	const draws, n = 2000, 150
	rng := rand.New(rand.NewPCG(9, 10))
	alarms := 0
	for i := range draws {
		a, b := accuracyOver(outcomes(rng, n, 0.75)), accuracyOver(outcomes(rng, n, 0.75))
		if PairedBootstrap(n, 300, 0.95, int64(i), a, b).PValue < 0.05 {
			alarms++
		}
	}
	between(t, "rate of false alarms", float64(alarms)/draws, 0.035, 0.065)
}
