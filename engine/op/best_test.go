package op

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/gemm"
)

// scored is what a Best and a Linear say of the same states (R, H).
func scored(words *Weight, keep int, x []float32) (best, all []float32) {
	p := NewPass()
	p.Begin(&batch.Batch{})
	v, h := words.Shape[0], words.Shape[1]
	best = slices.Clone((&Best{Words: words, Keep: keep}).Forward(p, [][]float32{x}))
	all = (&Linear{In: h, Parts: []Affine{{W: words, Out: v}}}).Forward(p, [][]float32{x})
	return best, all
}

func gaussian(rng *rand.Rand, n int, std float64) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(std * rng.NormFloat64())
	}
	return values
}

// sameBest holds the best of every row to the bits of all scores and returns how many were computed.
func sameBest(t *testing.T, what string, best, all []float32, v, keep int) (computed int) {
	t.Helper()
	for r := range len(all) / v {
		z, want := best[r*v:(r+1)*v], all[r*v:(r+1)*v]
		ranked := slices.Sorted(slices.Values(want))
		for i := range z {
			if math.IsInf(float64(z[i]), -1) {
				if want[i] >= ranked[v-keep] {
					t.Fatalf("%s: score %v is among the %d best and was lost", what, want[i], keep)
				}
				continue
			}
			if computed++; math.Float32bits(z[i]) != math.Float32bits(want[i]) {
				t.Fatalf("%s: got score %v, want the bits of %v", what, z[i], want[i])
			}
		}
	}
	return computed
}

func TestTheBestScoresAreThoseOfALinear(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 7))
	const rows, v, h = 3, 4001, 70
	for _, keep := range []int{1, 2, 20} {
		for _, std := range []float64{1e-3, 0.02, 3} {
			words := &Weight{Shape: []int{v, h}, Value: gaussian(rng, v*h, std)}
			best, all := scored(words, keep, gaussian(rng, rows*h, 2))
			if n := sameBest(t, "spread", best, all, v, keep); n > rows*(keep+v/20) {
				t.Errorf("keep %d: got %d scores computed, want few beside the best", keep, n)
			}
		}
	}
}

// TestWordsThatRoundAlikeAreAllComputed puts words beside the best one that bfloat16 cannot tell from it.
func TestWordsThatRoundAlikeAreAllComputed(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	const v, h, alike = 2000, 64, 90
	value := gaussian(rng, v*h, 0.1)
	x := gaussian(rng, h, 1)
	for i := range alike {
		for c := range h {
			value[i*20*h+c] = x[c] * float32(1+rng.Float64()*1e-3)
		}
	}
	best, all := scored(&Weight{Shape: []int{v, h}, Value: value}, 1, x)
	if n := sameBest(t, "alike", best, all, v, 1); n < 2 || n > alike {
		t.Errorf("got %d scores computed, want those of some of the %d words that look alike", n, alike)
	}
}

// TestRoughScoresAreAsNearAsIsSaid rounds all values the same way, so that the errors add up, and takes
// values that need no rounding, so that only the order of the sums is left.
func TestRoughScoresAreAsNearAsIsSaid(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 7))
	const v, h = 64, 900
	x, value := make([]float32, h), make([]float32, v*h)
	for i := range x {
		x[i] = 1 + 0x1p-8 - 0x1p-16
	}
	for i := range value {
		value[i] = 1 + 0x1p-8*float32(rng.IntN(2)*2-1) + 0x1p-16*float32(rng.IntN(3)-1)
	}
	for r := range v / 2 {
		copy(value[r*h:(r+1)*h], x)
	}
	if spare := spared(t, x, value, v); spare > 0.05 {
		t.Errorf("got %v of the limits to spare at least, want a case that comes near them", spare)
	}
	x, value = gaussian(rng, h, 1), gaussian(rng, v*h, 1)
	for _, values := range [][]float32{x, value} {
		for i := range values {
			values[i] = gemm.RoundBF16(values[i])
		}
	}
	spared(t, x, value, v)
}

// spared fails where the score of a word is outside its limits, and returns how near one comes.
func spared(t *testing.T, x, value []float32, v int) float64 {
	t.Helper()
	h := len(x)
	words := &Weight{Shape: []int{v, h}, Value: value}
	rough, exact := make([]float32, v), make([]float32, v)
	gemm.MulBF16(gemm.Of(rough, 1, v), gemm.Of(x, 1, h), gemm.Of(value, v, h).T(), gemm.Options{})
	gemm.Mul(gemm.Of(exact, 1, v), gemm.Of(x, 1, h), gemm.Of(value, v, h).T(), gemm.Options{})
	k := &Best{Words: words, Keep: 1}
	k.bound(rough, x)
	least := math.Inf(1)
	for i := range exact {
		if exact[i] < k.least[i] || exact[i] > k.most[i] {
			t.Fatalf("word %d: got score %v, want it between %v and %v", i, exact[i], k.least[i], k.most[i])
		}
		least = min(least, float64(min(exact[i]-k.least[i], k.most[i]-exact[i])/(k.most[i]-rough[i])))
	}
	return least
}

func TestScoresThatCannotBeSiftedAreAllComputed(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 7))
	const v, h = 500, 32
	words := func() *Weight { return &Weight{Shape: []int{v, h}, Value: gaussian(rng, v*h, 0.1)} }
	thawed, rounded, broken := words(), words(), words()
	thawed.Grad = make([]float32, v*h)
	rounded.SetPrecision(BF16)
	broken.Value[7*h] = float32(math.NaN())
	x, zero := gaussian(rng, h, 1), make([]float32, h)
	for what, c := range map[string]struct {
		words *Weight
		keep  int
		x     []float32
	}{
		"learning": {thawed, 1, x}, "bfloat16": {rounded, 1, x}, "all alike": {words(), 1, zero}, "many wanted": {words(), 400, x},
	} {
		if best, all := scored(c.words, c.keep, c.x); !slices.Equal(best, all) {
			t.Errorf("%s: got other scores than a linear layer's, want them all", what)
		}
	}
	others := func(z []float32) float32 { return slices.Max(slices.Delete(slices.Clone(z), 7, 8)) }
	if best, all := scored(broken, 1, x); best[7] == best[7] || others(best) != others(all) {
		t.Errorf("got %v for a word that is no number and at most %v for others, want NaN and %v", best[7], others(best), others(all))
	}
	changed := words()
	k := &Best{Words: changed, Keep: 1}
	p := NewPass()
	p.Begin(&batch.Batch{})
	k.Forward(p, [][]float32{x})
	for i := range changed.Value {
		changed.Value[i] *= -3
	}
	changed.Changed()
	if _, all := scored(changed, 1, x); sameBest(t, "changed", k.Forward(p, [][]float32{x}), all, v, 1) == 0 {
		t.Error("got no scores after the words changed, want the best")
	}
}
