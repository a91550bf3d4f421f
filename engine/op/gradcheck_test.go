package op

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/gemm"
)

// A gradCheck holds a kernel to its own forward pass. A random linear functional of the output,
// summed in float64, is differentiated by central differences in every input and weight.
type gradCheck struct {
	kernel Kernel
	batch  *batch.Batch
	in     [][]float32
	fixed  []int // inputs that never take a gradient
	train  bool  // with dropout
	step   float64

	tolerance float64 // 0 for gradTolerance
}

const (
	gradStep      = 1e-2 // small enough for curvature, large enough for float32
	gradTolerance = 1e-2 // relative to the tensor's largest gradient
	gradSamples   = 48   // entries of a tensor that are moved
)

// run checks gradients, that the kernel gives back what it took, that frozen weights and unwanted
// inputs are left alone and that nothing depends on the number of workers.
func (c gradCheck) run(t *testing.T) {
	t.Helper()
	for _, w := range c.kernel.Weights() {
		w.Grad = make([]float32, w.Len())
	}
	want := make([]bool, len(c.in))
	for i := range want {
		want[i] = !slices.Contains(c.fixed, i)
	}
	din := c.analytic(t, want)
	for i, g := range din {
		if want[i] {
			c.compare(t, fmt.Sprintf("input %d", i), c.in[i], g)
		}
	}
	for _, w := range c.kernel.Weights() {
		c.compare(t, "weight "+w.Name, w.Value, slices.Clone(w.Grad))
	}
	c.workersDoNotMatter(t, want)
	c.nothingIsLost(t, want)
}

func (c gradCheck) pass() *Pass {
	p := NewPass()
	p.Batch, p.Train, p.Live, p.Seed, p.Step = c.batch, c.train, true, 7, 3
	return p
}

// functional is the random vector that the output is multiplied with.
func functional(n int) []float32 {
	rng := rand.New(rand.NewPCG(11, uint64(n)))
	f := make([]float32, n)
	for i := range f {
		f[i] = float32(rng.NormFloat64())
	}
	return f
}

// value is the functional of the output.
func (c gradCheck) value() float64 {
	out := c.kernel.Forward(c.pass(), c.in)
	sum := 0.0
	for i, f := range functional(len(out)) {
		sum += float64(f) * float64(out[i])
	}
	return sum
}

// analytic runs forward and backward and returns copies of the inputs' gradients; the weights'
// are in Weight.Grad.
func (c gradCheck) analytic(t *testing.T, want []bool) [][]float32 {
	t.Helper()
	p := c.pass()
	for _, w := range c.kernel.Weights() {
		if !w.Frozen() {
			clear(w.Grad)
		}
	}
	out := c.kernel.Forward(p, c.in)
	dout := p.Take(len(out))
	copy(dout, functional(len(out)))
	din := c.kernel.Backward(p, dout, want)
	copies := make([][]float32, len(c.in))
	for i, g := range din {
		if !want[i] && g != nil {
			t.Errorf("input %d takes no gradient, got one", i)
		}
		copies[i] = slices.Clone(g)
		p.Give(g)
	}
	p.Give(dout)
	p.Give(out)
	if len(p.out) != 0 {
		t.Errorf("after Backward %d buffers are still taken, want 0", len(p.out))
	}
	return copies
}

// compare moves entries of x and holds the change of the value against the gradient got.
func (c gradCheck) compare(t *testing.T, what string, x, got []float32) {
	t.Helper()
	if len(got) != len(x) {
		t.Errorf("%s: got %d gradients, want %d", what, len(got), len(x))
		return
	}
	scale := 1e-3
	for _, g := range got {
		scale = math.Max(scale, math.Abs(float64(g)))
	}
	h, allowed := c.step, c.tolerance
	if allowed == 0 {
		allowed = gradTolerance
	}
	if h == 0 {
		h = gradStep
	}
	for i := 0; i < len(x); i += 1 + len(x)/gradSamples {
		want := c.slope(x, i, h)
		if diff := math.Abs(float64(got[i])-want) / scale; !(diff <= allowed) {
			t.Errorf("%s: got gradient %v at %d, want %v (off by %.2g of the largest)", what, got[i], i, want, diff)
			return
		}
	}
}

// slope is the central difference of the value in x[i].
func (c gradCheck) slope(x []float32, i int, h float64) float64 {
	old := x[i]
	defer func() { x[i] = old; c.changed() }()
	hi, lo := old+float32(h), old-float32(h)
	x[i] = hi
	c.changed()
	up := c.value()
	x[i] = lo
	c.changed()
	return (up - c.value()) / float64(hi-lo)
}

func (c gradCheck) changed() {
	for _, w := range c.kernel.Weights() {
		w.Changed()
	}
}

func (c gradCheck) workersDoNotMatter(t *testing.T, want []bool) {
	t.Helper()
	before := gemm.Workers()
	defer gemm.SetWorkers(before)
	var first [][]float32
	for _, n := range []int{1, 4} {
		gemm.SetWorkers(n)
		got := c.analytic(t, want)
		for _, w := range c.kernel.Weights() {
			got = append(got, slices.Clone(w.Grad))
		}
		if first == nil {
			first = got
		}
		for i := range got {
			if !slices.Equal(got[i], first[i]) {
				t.Errorf("gradient %d with %d workers differs from that with one", i, n)
			}
		}
	}
}

// nothingIsLost runs the kernel dead, then with all weights frozen, and looks into the arena.
func (c gradCheck) nothingIsLost(t *testing.T, want []bool) {
	t.Helper()
	for _, w := range c.kernel.Weights() {
		w.Grad = nil
	}
	if slices.Contains(want, true) {
		c.analytic(t, want)
	}
	p := c.pass()
	p.Live = false
	p.Give(c.kernel.Forward(p, c.in))
	if len(p.out) != 0 {
		t.Errorf("after a forward pass alone %d buffers are still taken, want 0", len(p.out))
	}
}

// randomWeight is a weight of N(0, std) entries.
func randomWeight(rng *rand.Rand, name string, std float64, shape ...int) *Weight {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return &Weight{Name: name, Shape: shape, Value: randomRow(rng, n, std)}
}

func randomRow(rng *rand.Rand, n int, std float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * std)
	}
	return x
}

// lengthsBatch packs sequences of these lengths, with types that change in the middle of each.
func lengthsBatch(lengths ...int) *batch.Batch {
	seqs := make([]batch.Sequence, len(lengths))
	for i, n := range lengths {
		for j := range n {
			seqs[i].IDs = append(seqs[i].IDs, int32((3*i+5*j)%7))
			seqs[i].Types = append(seqs[i].Types, int32(2*j/max(n, 1)))
		}
	}
	return batch.Pack(seqs)
}
