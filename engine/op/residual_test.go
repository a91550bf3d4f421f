package op

import (
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

func TestResidualGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(50, 51))
	b := lengthsBatch(3, 1, 4)
	for name, p := range map[string]float32{"plain": 0, "dropout": 0.3} {
		t.Run(name, func(t *testing.T) {
			gradCheck{
				kernel: &Residual{Cols: 5, Dropout: Rate{P: p, ID: 4}}, batch: b, train: true,
				in: [][]float32{randomRow(rng, 40, 1), randomRow(rng, 40, 1)},
			}.run(t)
		})
	}
}

func TestResidualDropsTheSubLayerOnly(t *testing.T) {
	c := gradCheck{batch: lengthsBatch(8), train: true}
	ones, zeros := make([]float32, 400), make([]float32, 400)
	for i := range ones {
		ones[i] = 1
	}
	k := &Residual{Cols: 50, Dropout: Rate{P: 0.5, ID: 1}}
	for i, got := range k.Forward(c.pass(), [][]float32{zeros, ones}) {
		if got != 1 {
			t.Fatalf("got %v at %d of a residual of ones, want 1", got, i)
		}
	}
	dropped := 0
	for _, got := range k.Forward(c.pass(), [][]float32{ones, zeros}) {
		if got == 0 {
			dropped++
		}
	}
	if dropped < 150 || dropped > 250 {
		t.Errorf("got %d of 400 dropped at a rate of one half", dropped)
	}
}

func TestSumGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(52, 53))
	b := lengthsBatch(3, 2)
	b.Tags, b.Classes = []int32{1, 0, batch.Ignore, 2, 2}, []int32{3, 1}
	k := &Sum{Losses: []Kernel{
		&CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 4},
		&CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Tags }, Cols: 3, Scale: 0.5},
	}}
	in := [][]float32{randomRow(rng, 8, 1), randomRow(rng, 15, 1)}
	gradCheck{kernel: k, batch: b, in: in}.run(t)

	p := gradCheck{batch: b}.pass()
	want := k.Losses[0].Forward(p, in[:1])[0] + k.Losses[1].Forward(p, in[1:])[0]
	if got := k.Forward(p, in)[0]; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
