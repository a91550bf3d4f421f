package optim

import (
	"maps"
	"math"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/vec"
)

// An Averager is an optimizer that keeps, beside the weights that learn, a running mean of where
// they were. The mean lies nearer to the middle of a valley than any single step does, and judges
// and predicts better (Polyak and Juditsky 1992; Izmailov et al. 2018).
//
//	a = d a + (1 - d) p,  d = min(decay, (1 + t) / (10 + t))
//
// after step t, so that early weights, which are far off, do not linger. The mean follows every
// averageEvery steps, with d to that power: a pass over all weights costs as much as an update.
// What is frozen has no mean.
type Averager struct {
	Optimizer
	decay float64
	means map[*nn.Param][]float32
}

// averageEvery is the number of steps between two looks at the weights.
const averageEvery = 8

// Averaged keeps means of what o changes; decay is the share of the mean that a step leaves.
func Averaged(o Optimizer, decay float64) *Averager {
	return &Averager{Optimizer: o, decay: decay, means: map[*nn.Param][]float32{}}
}

// Step lets the optimizer step and moves the means. A parameter that just thawed starts its mean
// where it is.
func (a *Averager) Step(groups []Group, factor float64, scale float32) {
	maps.DeleteFunc(a.means, func(p *nn.Param, _ []float32) bool { return p.Frozen() })
	for _, g := range groups {
		for _, p := range g.Params {
			a.begin(p)
		}
	}
	a.Optimizer.Step(groups, factor, scale)
	if t := a.Steps(); t%averageEvery == 0 {
		a.follow(float32(math.Pow(min(a.decay, float64(1+t)/float64(10+t)), averageEvery)))
	}
}

// begin makes a mean of p's own values where there is none.
func (a *Averager) begin(p *nn.Param) {
	if a.means[p] == nil {
		a.means[p] = slices.Clone(p.Value)
	}
}

// follow is  a = keep a + (1 - keep) p  for every mean.
func (a *Averager) follow(keep float32) {
	for p, mean := range a.means {
		gemm.Parallel(p.Len(), chunk, func(lo, hi int) {
			vec.Scale(keep, mean[lo:hi])
			vec.Axpy(1-keep, p.Value[lo:hi], mean[lo:hi])
		})
	}
}

// Exchange puts the means in the place of the weights, and the weights back when called again.
func (a *Averager) Exchange() {
	for p, mean := range a.means {
		if p.Frozen() {
			continue
		}
		gemm.Parallel(p.Len(), chunk, func(lo, hi int) {
			for i, v := range mean[lo:hi] {
				mean[lo+i], p.Value[lo+i] = p.Value[lo+i], v
			}
		})
		p.Changed()
	}
}

// Touch makes room for p's mean too.
func (a *Averager) Touch(p *nn.Param) {
	a.Optimizer.Touch(p)
	a.begin(p)
}

// State lists the optimizer's own buffers, then the means: all of them, since a run that goes on
// restores them before it knows what learns.
func (a *Averager) State(params []*nn.Param) []Slot {
	list := a.Optimizer.State(params)
	for _, p := range params {
		if mean, ok := a.means[p]; ok {
			list = append(list, Slot{"mean." + p.Name, mean})
		}
	}
	return list
}
