package optim

import (
	"fmt"
	"math"

	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/vec"
)

// An Optimizer changes parameters by their gradients.
type Optimizer interface {
	// Step updates every parameter of groups; factor is the schedule's share of the peak learning
	// rate and scale multiplies all gradients (clipping).
	Step(groups []Group, factor float64, scale float32)
	// State lists the buffers that must be saved to go on later, in a fixed order.
	State(params []*nn.Param) []Slot
	// Touch makes room for the state of p, so that State lists it and it can be restored.
	Touch(p *nn.Param)
	// Steps is how many steps were made; SetSteps restores it.
	Steps() int
	SetSteps(int)
}

// A Slot is one buffer of an optimizer's state.
type Slot struct {
	Name string // m.NAME or v.NAME
	Data []float32
}

// Options are what optimizers differ in; zero values mean the defaults.
type Options struct {
	WeightDecay float64
	Beta2       float64 // of AdamW and LAMB; 0 means 0.999
}

// New makes the optimizer "adamw", "sgd" or "lamb".
func New(kind string, o Options) (Optimizer, error) {
	s := state{decay: float32(o.WeightDecay), beta2: o.Beta2, moments: map[*nn.Param]*moments{}}
	if s.beta2 == 0 {
		s.beta2 = defaultBeta2
	}
	switch kind {
	case "adamw":
		return &AdamW{s}, nil
	case "sgd":
		return &SGD{s}, nil
	case "lamb":
		return &LAMB{s}, nil
	}
	return nil, fmt.Errorf("optim: optimizer is %q, expected adamw, sgd or lamb", kind)
}

// moments are the running averages of a parameter; they exist once it has been thawed.
type moments struct{ m, v []float32 }

// state is what the optimizers share.
type state struct {
	steps   int
	decay   float32
	beta2   float64
	moments map[*nn.Param]*moments
}

func (s *state) Steps() int     { return s.steps }
func (s *state) SetSteps(n int) { s.steps = n }

// of returns the moments of p, zeros when it never learnt before.
func (s *state) of(p *nn.Param, second bool) *moments {
	mo, ok := s.moments[p]
	if !ok {
		mo = &moments{m: make([]float32, p.Len())}
		if second {
			mo.v = make([]float32, p.Len())
		}
		s.moments[p] = mo
	}
	return mo
}

func (s *state) decayOf(p *nn.Param) float32 {
	if !p.Decay {
		return 0
	}
	return s.decay
}

// slots lists what exists for params, creating it when restoring asks for all.
func (s *state) slots(params []*nn.Param, second bool) []Slot {
	var list []Slot
	for _, p := range params {
		if p.Frozen() && s.moments[p] == nil {
			continue
		}
		mo := s.of(p, second)
		list = append(list, Slot{"m." + p.Name, mo.m})
		if second {
			list = append(list, Slot{"v." + p.Name, mo.v})
		}
	}
	return list
}

// grain is the number of values from which another worker helps where each is changed by itself.
const grain = 1 << 14

// pieces calls f for the stretches of p that have a gradient: parts of a dense one, the touched rows
// of a sparse one.
func pieces(p *nn.Param, f func(lo, hi int)) {
	if !p.Sparse {
		gemm.Parallel(p.Len(), grain, f)
		return
	}
	cols := p.Len() / p.Shape[0]
	gemm.Parallel(len(p.Rows.List), max(1, grain/cols), func(lo, hi int) {
		for _, r := range p.Rows.List[lo:hi] {
			f(int(r)*cols, (int(r)+1)*cols)
		}
	})
}

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019), bias correction on.
// Embedding tables are updated lazily: only rows that occur in the batch move, decay and age, so a
// row that is absent keeps its moments where dense Adam would let them fade.
type AdamW struct{ state }

// Adam's constants, as published for BERT (eps 1e-6) and RoBERTa.
const (
	beta1        = 0.9
	defaultBeta2 = 0.999
	eps          = 1e-6
)

// Step updates in one pass over memory.
func (a *AdamW) Step(groups []Group, factor float64, scale float32) {
	a.steps++
	var h vec.AdamW
	var p *nn.Param
	var mo *moments
	piece := func(lo, hi int) { h.Step(p.Value[lo:hi], p.Grad[lo:hi], mo.m[lo:hi], mo.v[lo:hi]) } // one for all
	for _, g := range groups {
		h = a.rule(g.LR*factor, scale)
		for _, p = range g.Params {
			h.WeightDecay, mo = a.decayOf(p), a.of(p, true)
			pieces(p, piece)
			p.Changed()
		}
	}
}

func (a *AdamW) rule(lr float64, scale float32) vec.AdamW {
	t := float64(a.steps)
	return vec.AdamW{
		LR: float32(lr), Beta1: beta1, Beta2: float32(a.beta2), Eps: eps, GradScale: scale,
		Correction1: float32(1 - math.Pow(beta1, t)), Correction2: float32(1 - math.Pow(a.beta2, t)),
	}
}

// Touch makes room for p's moments.
func (a *AdamW) Touch(p *nn.Param) { a.of(p, true) }

// State lists first and second moments.
func (a *AdamW) State(params []*nn.Param) []Slot { return a.slots(params, true) }

// SGD is stochastic gradient descent with momentum 0.9 and decoupled weight decay.
type SGD struct{ state }

const momentum = 0.9

// Step is  m = momentum m + g;  p -= lr (m + decay p).
func (s *SGD) Step(groups []Group, factor float64, scale float32) {
	s.steps++
	for _, g := range groups {
		lr := float32(g.LR * factor)
		for _, p := range g.Params {
			mo, decay := s.of(p, false), s.decayOf(p)
			pieces(p, func(lo, hi int) {
				vec.Scale(momentum, mo.m[lo:hi])
				vec.Axpy(scale, p.Grad[lo:hi], mo.m[lo:hi])
				vec.Scale(1-lr*decay, p.Value[lo:hi])
				vec.Axpy(-lr, mo.m[lo:hi], p.Value[lo:hi])
			})
			p.Changed()
		}
	}
}

// Touch makes room for p's momentum.
func (s *SGD) Touch(p *nn.Param) { s.of(p, false) }

// State lists momenta.
func (s *SGD) State(params []*nn.Param) []Slot { return s.slots(params, false) }
