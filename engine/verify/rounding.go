package verify

import (
	"math"
	"math/rand/v2"

	"defrost/engine/batch"
	"defrost/engine/nn"
)

// A model can be so ill-conditioned that no float32 arithmetic reaches the tolerances: where layer
// norm takes a small difference of large states, the last bit of a weight moves the result by more
// than that. Then a figure may be as large as what moving every weight by at most its last bit
// does to it, times a slack, since the largest of few runs is not yet the worst. A model that
// rounding moves further than roundingMost tolerances proves nothing.
const (
	roundingRuns  = 3
	roundingSlack = 2
	roundingMost  = 10
)

// allowed is the tolerance of a figure that rounding moves by so much.
func allowed(tolerance, rounding float64) float64 {
	return min(max(tolerance, roundingSlack*rounding), roundingMost*tolerance)
}

// figures are what a Verification measures, between two runs.
type figures struct{ hidden, logits, loss, grad float64 }

// A result is all that one run of a model computed.
type result struct {
	logits, hidden [][]float32
	loss           float64
	grads          [][]float32
}

// A subject is a model that is run on a reference's batch.
type subject struct {
	prog   *nn.Program
	batch  *batch.Batch
	params []*nn.Param
	states int // outputs 1 to states are hidden states; the others are logits
	count  int // of outputs
}

// run computes the batch from zero gradients.
func (s subject) run() (result, error) {
	for _, p := range s.params {
		clear(p.Grad)
	}
	loss, err := s.prog.Run(s.batch, nn.Step{})
	if err != nil {
		return result{}, err
	}
	r := result{loss: float64(loss)}
	for i := range s.count {
		out := append([]float32(nil), s.prog.Output(i)...)
		if i >= 1 && i <= s.states {
			r.hidden = append(r.hidden, out)
		} else {
			r.logits = append(r.logits, out)
		}
	}
	for _, p := range s.params {
		r.grads = append(r.grads, append([]float32(nil), p.Grad...))
	}
	return r, nil
}

// rounding is the largest difference between s and itself with nudged weights.
func (s subject) rounding() (figures, error) {
	var worst figures
	base, err := s.run()
	if err != nil {
		return worst, err
	}
	for seed := range uint64(roundingRuns) {
		restore := nudge(s.params, rand.New(rand.NewPCG(seed, 0)))
		moved, err := s.run()
		restore()
		if err != nil {
			return worst, err
		}
		worst = worst.worst(base.against(moved))
	}
	return worst, nil
}

// nudge moves every value up or down by its last bit, or not at all.
func nudge(params []*nn.Param, rng *rand.Rand) (restore func()) {
	var old [][]float32
	for _, p := range params {
		old = append(old, append([]float32(nil), p.Value...))
		for i, v := range p.Value {
			p.Value[i] = math.Nextafter32(v, v+float32(rng.IntN(3)-1))
		}
		p.Changed()
	}
	return func() {
		for i, p := range params {
			copy(p.Value, old[i])
			p.Changed()
		}
	}
}

// against compares two results as a reference is compared.
func (r result) against(o result) figures {
	f := figures{hidden: largest(r.hidden, o.hidden), logits: largest(r.logits, o.logits), loss: math.Abs(r.loss - o.loss)}
	least := 0.0
	for _, g := range r.grads {
		for _, x := range g {
			least = math.Max(least, noise*math.Abs(float64(x)))
		}
	}
	for i := range r.grads {
		if d := difference(o.grads[i], r.grads[i], least); d > f.grad {
			f.grad = d
		}
	}
	return f
}

func largest(a, b [][]float32) float64 {
	d := 0.0
	for i := range a {
		for j := range a[i] {
			d = math.Max(d, math.Abs(float64(a[i][j])-float64(b[i][j])))
		}
	}
	return d
}

func (f figures) worst(o figures) figures {
	return figures{max(f.hidden, o.hidden), max(f.logits, o.logits), max(f.loss, o.loss), max(f.grad, o.grad)}
}
