package op

import "defrost/engine/gemm"

// A Forgetful kernel may not need its inputs again in Backward: the last of them that ran lets go of
// what they read.
type Forgetful interface {
	// Forgets says that the last Forward kept nothing of its inputs.
	Forgets() bool
}

// Forgets says that the sum is kept in their place.
func (k *LayerNorm) Forgets() bool { return k.own }

// Forgets is always so: gradients of sums need no values.
func (*Residual) Forgets() bool { return true }

// Forgets is always so: the mask is computed again.
func (*Dropout) Forgets() bool { return true }

// Forgets is always so: the rows of maxima are noted.
func (*Pool) Forgets() bool { return true }

// releaseInputs gives back outputs that no kernel will read again, once the last that reads them
// forward ran.
func (f *Fused) releaseInputs() {
	for _, from := range f.from {
		if from == nil {
			continue
		}
		if f.Live() && !f.forgets() {
			from.done = -1 << 30
		}
		from.done++
		if !from.keep && (from.done == from.readers || f.recalls(from)) {
			f.pass.Give(from.out)
			from.out = nil
		}
	}
}

func (f *Fused) forgets() bool {
	k, ok := f.kernel.(Forgetful)
	return ok && k.Forgets()
}

// recallFrom is Pass.Recall unless a program says otherwise: 16 MB, where memory counts for more than
// the half per cent of a step that the second pass takes.
const recallFrom = 4 << 20

// recalls says that f, the one reader of from, can have its input computed again.
func (f *Fused) recalls(from *Fused) bool {
	up, activates := from.kernel.(*Linear)
	_, reads := f.kernel.(*Linear)
	return reads && activates && f.Live() && up.Act != Identity && up.Act != Tanh && from.Live() && from.readers == 1 && len(from.out) >= f.pass.Recall
}

// recall computes what recalls let go of.
func (f *Fused) recall() {
	down, ok := f.kernel.(*Linear)
	if !ok || f.from[0] == nil || f.from[0].out != nil {
		return
	}
	if up, activates := f.from[0].kernel.(*Linear); activates && f.from[0].Live() {
		f.from[0].out = up.activate(f.pass)
		down.x = f.from[0].out
	}
}

// activate is  y = act(pre), once more.
func (k *Linear) activate(p *Pass) []float32 {
	y := p.Take(len(k.pre))
	gemm.Parallel(len(y), elementGrain, func(lo, hi int) { k.Act.apply(y[lo:hi], k.pre[lo:hi]) })
	return y
}
