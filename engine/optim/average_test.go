package optim

import (
	"math"
	"testing"

	"defrost/engine/nn"
)

// TestMeansFollowTheWeights holds the means against the formula, written out over single steps.
func TestMeansFollowTheWeights(t *testing.T) {
	p := nn.NewParam(nn.Zeros, 2)
	p.Thaw()
	base, err := New("sgd", Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := Averaged(base, 0.9)
	groups := []Group{{LR: 0.1, Params: []*nn.Param{p}}}
	want := []float64{0, 0}
	for step := 1; step <= 3*averageEvery; step++ {
		p.Grad[0], p.Grad[1] = 1, -float32(step)
		a.Step(groups, 1, 1)
		if step%averageEvery != 0 {
			continue
		}
		keep := math.Pow(min(0.9, float64(1+step)/float64(10+step)), averageEvery)
		for i := range want {
			want[i] = keep*want[i] + (1-keep)*float64(p.Value[i])
		}
	}
	weights := append([]float32(nil), p.Value...)
	a.Exchange()
	for i := range want {
		if got := float64(p.Value[i]); math.Abs(got-want[i]) > 1e-5*math.Abs(want[i]) {
			t.Errorf("mean of weight %d: got %g, want %g", i, got, want[i])
		}
	}
	a.Exchange()
	for i := range weights {
		if p.Value[i] != weights[i] {
			t.Errorf("weight %d after two exchanges: got %g, want %g", i, p.Value[i], weights[i])
		}
	}
}

// TestFrozenWeightsHaveNoMean: an exchange must not move what a person froze while a run trained, and
// from the next step on its mean is gone.
func TestFrozenWeightsHaveNoMean(t *testing.T) {
	p, q := nn.NewParam(nn.Zeros, 1), nn.NewParam(nn.Zeros, 1)
	p.Name, q.Name = "p", "q"
	p.Thaw()
	q.Thaw()
	base, err := New("sgd", Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := Averaged(base, 0.5)
	for range averageEvery + 1 {
		p.Grad[0], q.Grad[0] = 1, 1
		a.Step([]Group{{LR: 0.1, Params: []*nn.Param{p, q}}}, 1, 1)
	}
	q.Freeze()
	stays := q.Value[0]
	a.Exchange()
	if q.Value[0] != stays {
		t.Errorf("a frozen weight: got %g, want %g", q.Value[0], stays)
	}
	a.Step([]Group{{LR: 0.1, Params: []*nn.Param{p}}}, 1, 1)
	for _, s := range a.State([]*nn.Param{p, q}) {
		if s.Name == "mean.q" {
			t.Errorf("a frozen weight has a slot %s, want none", s.Name)
		}
	}
}
