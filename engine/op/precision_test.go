package op

import (
	"math"
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/gemm"
)

// gridStep is how far apart the numbers are that bfloat16 checks use: they and their neighbours are
// bfloat16 themselves, so that a forward pass rounds nothing and its slopes are exact.
const gridStep = 1.0 / 16

// onGrid moves x to the grid, within -4 and 4.
func onGrid(x []float32) []float32 {
	for i, v := range x {
		x[i] = float32(min(max(math.Round(float64(v)/gridStep)*gridStep, -4), 4))
	}
	return x
}

// inBF16 makes a weight on the grid one whose products are bfloat16.
func inBF16(w *Weight) *Weight {
	onGrid(w.Value)
	w.SetPrecision(BF16)
	return w
}

// bf16Tolerance allows for gradients that are rounded to 8 bits before they are multiplied.
const bf16Tolerance = 2e-2

func TestLinearGradientsInBF16(t *testing.T) {
	for _, act := range []Activation{Identity, GELU, Tanh} {
		for _, conv := range []bool{false, true} {
			r := rng()
			part := func(name string, out int) Affine {
				shape := []int{out, 5}
				if conv {
					shape = []int{5, out}
				}
				w := inBF16(randomWeight(r, name, .5, shape...))
				return Affine{W: w, B: randomWeight(r, name+".bias", .5, out), Out: out, Conv1D: conv}
			}
			k := &Linear{In: 5, Act: act, Parts: []Affine{part("a", 3), part("b", 4)}}
			in := [][]float32{onGrid(randomRow(r, 7*5, 1))}
			gradCheck{kernel: k, batch: lengthsBatch(3, 4), in: in, step: gridStep, tolerance: bf16Tolerance}.run(t)
		}
	}
}

func TestWordLossGradientsInBF16(t *testing.T) {
	r := rng()
	k := &WordLoss{Words: inBF16(randomWeight(r, "words", .5, 11, 6)), Bias: randomWeight(r, "bias", .5, 11),
		Labels: func(*batch.Batch) []int32 { return []int32{3, batch.Ignore, 10, 0, 7} }}
	in := [][]float32{onGrid(randomRow(r, 5*6, 1))}
	gradCheck{kernel: k, batch: lengthsBatch(5), in: in, step: gridStep, tolerance: bf16Tolerance}.run(t)
}

// TestBF16RoundsBothFactors compares with a product of values that were rounded before, in all three
// products of a layer.
func TestBF16RoundsBothFactors(t *testing.T) {
	r := rng()
	w, x, dy := randomWeight(r, "w", 1, 4, 6), randomRow(r, 18, 1), randomRow(r, 12, 1)
	rounded := &Weight{Name: "w", Shape: w.Shape, Value: roundAll(w.Value)}
	w.SetPrecision(BF16)
	got, want := threeProducts(w, x, dy), threeProducts(rounded, roundAll(x), roundAll(dy))
	for i, what := range []string{"y", "dx", "dW"} {
		for j := range want[i] {
			if d := math.Abs(float64(got[i][j] - want[i][j])); !(d < 1e-5) {
				t.Errorf("%s[%d]: got %v, want %v", what, j, got[i][j], want[i][j])
			}
		}
	}
}

// threeProducts are the output, the input's gradient and the weight's of a layer.
func threeProducts(w *Weight, x, dy []float32) [3][]float32 {
	w.Grad = make([]float32, w.Len())
	k := &Linear{In: 6, Parts: []Affine{{W: w, Out: 4}}}
	p := gradCheck{batch: lengthsBatch(3)}.pass()
	y := k.Forward(p, [][]float32{x})
	return [3][]float32{y, k.Backward(p, slices.Clone(dy), []bool{true})[0], w.Grad}
}

func roundAll(x []float32) []float32 {
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = gemm.RoundBF16(v)
	}
	return out
}

func TestOnlyFrozenWeightsAreInBF16WhenAskedSo(t *testing.T) {
	for _, x := range []struct {
		precision Precision
		thawed    bool
		want      bool
	}{{Float32, false, false}, {Float32, true, false}, {BF16Frozen, false, true}, {BF16Frozen, true, false}, {BF16, false, true}, {BF16, true, true}} {
		w := randomWeight(rng(), "w", 1, 4, 6)
		w.SetPrecision(x.precision)
		if x.thawed {
			w.Grad = make([]float32, w.Len())
		}
		if got := w.InBF16(); got != x.want {
			t.Errorf("precision %d, thawed %v: got bfloat16 %v, want %v", x.precision, x.thawed, got, x.want)
		}
		exact, k := plainOutput(w), &Linear{In: 6, Parts: []Affine{{W: w, Out: 4}}}
		y := k.Forward(gradCheck{batch: lengthsBatch(3)}.pass(), [][]float32{randomRow(rng(), 18, 1)})
		if same := slices.Equal(y, exact); same == x.want {
			t.Errorf("precision %d, thawed %v: the product is that of float32: %v, want %v", x.precision, x.thawed, same, !x.want)
		}
	}
}

// plainOutput is the layer's output in float32.
func plainOutput(w *Weight) []float32 {
	plain := &Weight{Name: "w", Shape: w.Shape, Value: w.Value}
	k := &Linear{In: 6, Parts: []Affine{{W: plain, Out: 4}}}
	return k.Forward(gradCheck{batch: lengthsBatch(3)}.pass(), [][]float32{randomRow(rng(), 18, 1)})
}

func TestFrozenWeightIsPackedOnceInBF16(t *testing.T) {
	w := randomWeight(rng(), "w", 1, 4, 6)
	w.SetPrecision(BF16Frozen)
	k := &Linear{In: 6, Parts: []Affine{{W: w, Out: 4}}}
	p, x := gradCheck{batch: lengthsBatch(200)}.pass(), [][]float32{randomRow(rng(), 1200, 1)}
	before := slices.Clone(k.Forward(p, x))
	clear(w.Value) // without Changed nobody looks at the value again
	if !slices.Equal(k.Forward(p, x), before) {
		t.Error("the frozen weight was packed again")
	}
	w.Changed()
	if y := k.Forward(p, x); slices.Max(y) != 0 || slices.Min(y) != 0 {
		t.Error("got the old weight after Changed, want zeros")
	}
}
