package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

// fourRows is logits (4, 3) and labels, one of them to be ignored.
func fourRows() (*batch.Batch, []float32) {
	rng := rand.New(rand.NewPCG(8, 9))
	b := &batch.Batch{Classes: []int32{2, 0, batch.Ignore, 1}, Offsets: []int32{0, 1, 2, 3, 4}}
	return b, randomRow(rng, 12, 1.5)
}

func classesOf(b *batch.Batch) []int32 { return b.Classes }

func TestGradientsOfClassificationLosses(t *testing.T) {
	b, z := fourRows()
	for name, k := range map[string]*CrossEntropy{
		"plain":              {},
		"smoothed":           {Smoothing: 0.1},
		"focal":              {Gamma: 2},
		"gentle focal":       {Gamma: 0.5},
		"weighted":           {ByLabel: []float32{0.5, 2, 3}},
		"weighted, smoothed": {ByLabel: []float32{0.5, 2, 3}, Smoothing: 0.2},
		"weighted focal":     {ByLabel: []float32{0.5, 2, 3}, Gamma: 2},
	} {
		t.Run(name, func(t *testing.T) {
			k.Labels, k.Cols = classesOf, 3
			gradCheck{kernel: k, batch: b, in: [][]float32{z}}.run(t)
		})
	}
}

// lossOf runs a loss forward.
func lossOf(k Kernel, b *batch.Batch, z []float32) float64 {
	p := NewPass()
	p.Begin(b)
	return float64(k.Forward(p, [][]float32{z})[0])
}

// TestClassificationLossesEqualTheirFormulas computes them from the probabilities of the labels.
func TestClassificationLossesEqualTheirFormulas(t *testing.T) {
	b, z := fourRows()
	weights := []float32{0.5, 2, 3}
	var plain, focal, weighted, total float64
	for r, l := range b.Classes {
		if l == batch.Ignore {
			continue
		}
		sum := 0.0
		for _, v := range z[r*3 : r*3+3] {
			sum += math.Exp(float64(v))
		}
		p := math.Exp(float64(z[r*3+int(l)])) / sum
		plain -= math.Log(p) / 3
		focal -= (1 - p) * (1 - p) * math.Log(p) / 3
		weighted -= float64(weights[l]) * math.Log(p)
		total += float64(weights[l])
	}
	for _, c := range []struct {
		name string
		k    CrossEntropy
		want float64
	}{
		{"plain", CrossEntropy{}, plain},
		{"focal", CrossEntropy{Gamma: 2}, focal},
		{"weighted", CrossEntropy{ByLabel: weights}, weighted / total},
	} {
		c.k.Labels, c.k.Cols = classesOf, 3
		if got := lossOf(&c.k, b, z); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s: got loss %v, want %v", c.name, got, c.want)
		}
	}
}

func TestALabelThatIsCertainHasNoFocalLoss(t *testing.T) {
	b := &batch.Batch{Classes: []int32{0}, Offsets: []int32{0, 1}}
	k := &CrossEntropy{Labels: classesOf, Cols: 2, Gamma: 0.5}
	pass := NewPass()
	pass.Begin(b)
	if got := k.Forward(pass, [][]float32{{500, -500}})[0]; got != 0 {
		t.Errorf("got loss %v, want 0", got)
	}
	for _, g := range k.Backward(pass, []float32{1}, []bool{true})[0] {
		if g != 0 {
			t.Errorf("got gradient %v, want 0", g)
		}
	}
}

func TestGradientsOfBinaryLosses(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	none := float32(batch.Ignore)
	b := &batch.Batch{Targets: []float32{0, 1, 1, 0, none, none, 1, 1}, Offsets: []int32{0, 1, 2, 3, 4}}
	z := randomRow(rng, 8, 2)
	for name, k := range map[string]*BinaryCrossEntropy{
		"plain": {}, "smoothed": {Smoothing: 0.1}, "weighted": {Positive: []float32{0.5, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			k.Targets, k.Cols = func(b *batch.Batch) []float32 { return b.Targets }, 2
			gradCheck{kernel: k, batch: b, in: [][]float32{z}}.run(t)
		})
	}
}

func TestBinaryLossEqualsItsFormula(t *testing.T) {
	b := &batch.Batch{Targets: []float32{1, 0, 1}, Offsets: []int32{0, 1, 2, 3}}
	k := &BinaryCrossEntropy{Targets: func(b *batch.Batch) []float32 { return b.Targets }, Cols: 1, Positive: []float32{3}}
	want := (3*math.Log(1+math.Exp(-0.5)) + math.Log(1+math.Exp(2)) + 3*900) / 3
	if got := lossOf(k, b, []float32{0.5, 2, -900}); math.Abs(got-want) > 1e-3 {
		t.Errorf("got loss %v, want %v", got, want)
	}
}
