package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

func rng() *rand.Rand { return rand.New(rand.NewPCG(21, 4)) }

func TestLinearGradients(t *testing.T) {
	for _, act := range []Activation{Identity, GELU, GELUNew, ReLU, Tanh} {
		for _, conv := range []bool{false, true} {
			r := rng()
			part := func(name string, out int) Affine {
				shape := []int{out, 5}
				if conv {
					shape = []int{5, out}
				}
				return Affine{W: randomWeight(r, name, .5, shape...), B: randomWeight(r, name+".bias", .5, out), Out: out, Conv1D: conv}
			}
			k := &Linear{In: 5, Act: act, Parts: []Affine{part("a", 3), part("b", 4)}}
			gradCheck{kernel: k, batch: lengthsBatch(3, 4), in: [][]float32{randomRow(r, 7*5, 1)}, step: 1e-3}.run(t)
		}
	}
}

// TestFrozenLinearIsTheSamePacked holds the packed path of few rows against the plain one.
func TestFrozenLinearIsTheSamePacked(t *testing.T) {
	r := rng()
	k := &Linear{In: 6, Parts: []Affine{{W: randomWeight(r, "w", 1, 4, 6), Out: 4}}}
	p := gradCheck{batch: lengthsBatch(3)}.pass()
	in := [][]float32{randomRow(r, 18, 1)}
	k.Parts[0].W.Grad = make([]float32, 24)
	want := append([]float32(nil), k.Forward(p, in)...)
	k.Parts[0].W.Grad = nil
	for i, got := range k.Forward(p, in) {
		if math.Abs(float64(got-want[i])) > 1e-6 {
			t.Fatalf("entry %d: got %v packed, want %v", i, got, want[i])
		}
	}
}

func TestLayerNormGradients(t *testing.T) {
	r := rng()
	k := func() *LayerNorm {
		return &LayerNorm{Gamma: randomWeight(r, "gamma", 1, 6), Beta: randomWeight(r, "beta", 1, 6), Eps: 1e-5}
	}
	gradCheck{kernel: k(), batch: lengthsBatch(4, 3), in: [][]float32{randomRow(r, 42, 1)}, step: 1e-3}.run(t)
	closing := k()
	closing.Dropout = Rate{P: .3, ID: 5}
	in := [][]float32{randomRow(r, 42, 1), randomRow(r, 42, 1)}
	gradCheck{kernel: closing, batch: lengthsBatch(4, 3), in: in, train: true, step: 1e-3}.run(t)
}

func TestAttentionGradients(t *testing.T) {
	for name, k := range map[string]*Attention{
		"both ways": {Heads: 2, Cols: 6},
		"causal":    {Heads: 2, Cols: 6, Causal: true},
		"dropout":   {Heads: 3, Cols: 6, Dropout: Rate{P: .4, ID: 9}},
	} {
		t.Run(name, func(t *testing.T) {
			b := lengthsBatch(5, 1, 3)
			gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), b.Tokens()*18, 1)}, train: true, step: 1e-3}.run(t)
		})
	}
}

// TestSequencesDoNotSeeOneAnother changes one sequence and looks at the others.
func TestSequencesDoNotSeeOneAnother(t *testing.T) {
	b := lengthsBatch(4, 5)
	k := &Attention{Heads: 2, Cols: 6}
	p := gradCheck{batch: b}.pass()
	x := randomRow(rng(), b.Tokens()*18, 1)
	before := append([]float32(nil), k.Forward(p, [][]float32{x})...)
	for i := 4 * 18; i < len(x); i++ {
		x[i]++
	}
	for i, got := range k.Forward(p, [][]float32{x})[:4*6] {
		if got != before[i] {
			t.Fatalf("entry %d of the first sequence: got %v after changing the second, want %v", i, got, before[i])
		}
	}
}

func TestEmbeddingGradients(t *testing.T) {
	r := rng()
	b := lengthsBatch(4, 3)
	for i := range b.IDs {
		b.IDs[i] = int32(i*i) % 5
	}
	k := &Embedding{Cols: 4, Tables: []Table{
		{W: randomWeight(r, "words", 1, 5, 4), Rows: func(b *batch.Batch) []int32 { return b.IDs }},
		{W: randomWeight(r, "positions", 1, 6, 4), Rows: func(b *batch.Batch) []int32 { return b.Positions }},
	}}
	gradCheck{kernel: k, batch: b}.run(t)
}

func TestPoolGradients(t *testing.T) {
	for _, kind := range []Pooling{PoolFirst, PoolLast, PoolMean, PoolMax} {
		b := lengthsBatch(4, 1, 3)
		gradCheck{kernel: &Pool{Kind: kind, Cols: 3}, batch: b, in: [][]float32{randomRow(rng(), 24, 1)}, step: 1e-3}.run(t)
	}
}

func TestCrossEntropyGradients(t *testing.T) {
	b := lengthsBatch(1, 1, 1, 1)
	b.Classes = []int32{2, batch.Ignore, 0, 1}
	for _, smoothing := range []float32{0, .1} {
		k := &CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 3, Smoothing: smoothing, Scale: .5}
		gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), 12, 1)}, step: 1e-3}.run(t)
	}
}

func TestUniformLogitsCostTheLogarithmOfTheClasses(t *testing.T) {
	b := lengthsBatch(1, 1)
	b.Classes = []int32{3, 0}
	k := &CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 4}
	got := k.Forward(gradCheck{batch: b}.pass(), [][]float32{make([]float32, 8)})[0]
	if want := math.Log(4); math.Abs(float64(got)-want) > 1e-6 {
		t.Errorf("got loss %v, want %v", got, want)
	}
}

func TestGroupMeanGradients(t *testing.T) {
	b := lengthsBatch(4, 3)
	b.Groups = []int32{0, 1, 4, 5, 7}
	k := &GroupMean{Cols: 3, Borders: func(b *batch.Batch) []int32 { return b.Groups }}
	gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), 21, 1)}}.run(t)
}

func TestMeanSquareGradients(t *testing.T) {
	b := lengthsBatch(4, 3)
	b.Targets, b.Spans = randomRow(rng(), 21, 1), []int32{0, 4, 7}
	k := &MeanSquare{
		Targets: func(b *batch.Batch) []float32 { return b.Targets }, Sentences: func(b *batch.Batch) []int32 { return b.Spans },
		Cols: 3, Scale: 2,
	}
	gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), 21, 1)}}.run(t)
}

func TestDropoutGradients(t *testing.T) {
	k := &Dropout{Rate: Rate{P: .5, ID: 3}, Cols: 4}
	gradCheck{kernel: k, batch: lengthsBatch(5), in: [][]float32{randomRow(rng(), 20, 1)}, train: true}.run(t)
}

// TestAFrozenPrefixDoesNotDrop holds the promise that what lies below the lowest thawed weight
// computes the same states in every epoch.
func TestAFrozenPrefixDoesNotDrop(t *testing.T) {
	x := randomRow(rng(), 20, 1)
	p := gradCheck{batch: lengthsBatch(5), train: true}.pass()
	p.Live = false
	for i, got := range (&Dropout{Rate: Rate{P: .5, ID: 3}, Cols: 4}).Forward(p, [][]float32{x}) {
		if got != x[i] {
			t.Fatalf("entry %d: got %v below everything that learns, want %v", i, got, x[i])
		}
	}
}

// TestLayerNormOfALargeMeanSumsToNothing holds that what is left of a mean of 300 does not add up in
// the columns of the next product.
func TestLayerNormOfALargeMeanSumsToNothing(t *testing.T) {
	const h = 768
	r := rng()
	ones, zeros := randomWeight(r, "gamma", 0, h), randomWeight(r, "beta", 0, h)
	for i := range ones.Value {
		ones.Value[i] = 1
	}
	x := randomRow(r, h, 1)
	for i := range x {
		x[i] += 300.1
	}
	for name, in := range map[string][][]float32{"alone": {x}, "residual": {make([]float32, h), x}} {
		k := &LayerNorm{Gamma: ones, Beta: zeros, Eps: 1e-5}
		sum := 0.0
		for _, v := range k.Forward(gradCheck{batch: lengthsBatch(1)}.pass(), in) {
			sum += float64(v)
		}
		if math.Abs(sum) > 1e-4 {
			t.Errorf("%s: got a sum of %v over %d normalised columns, want 0", name, sum, h)
		}
	}
}
