package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Rate is dropout within a kernel: each element survives with probability 1-P and is scaled by
// 1/(1-P). Kernels below the lowest thawed weight do not drop, so that a frozen prefix computes the
// same states in every epoch. Masks come from a counter keyed by (seed, step, ID), so that backward recomputes them
// and a run repeats bit for bit with any number of workers (Srivastava et al. 2014).
type Rate struct {
	P  float32
	ID uint64
}

// apply writes dropout(x) to dst; offset is the index of x[0] in the whole tensor.
func (d Rate) apply(p *Pass, dst, x []float32, offset int) {
	if !p.Train || !p.Live || d.P == 0 {
		copy(dst, x)
		return
	}
	vec.Dropout(dst, x, d.P, p.Key(d.ID), uint64(offset))
}

// A Dropout is dropout as an operation of its own.
type Dropout struct {
	Rate   Rate
	Cols   int
	OfHead bool // drops whatever lies below: it belongs to the head, not to the backbone
}

// Volatile says that the output differs from step to step.
func (k *Dropout) Volatile() bool { return k.OfHead }

// Width is that of the input.
func (k *Dropout) Width() int { return k.Cols }

// Weights is empty.
func (k *Dropout) Weights() []*Weight { return nil }

// Forward drops.
func (k *Dropout) Forward(p *Pass, in [][]float32) []float32 { return k.run(p, in[0]) }

// Backward applies the same mask to the gradient.
func (k *Dropout) Backward(p *Pass, dy []float32, _ []bool) [][]float32 { return one(k.run(p, dy)) }

func (k *Dropout) run(p *Pass, x []float32) []float32 {
	p.Live = p.Live || k.OfHead
	y := p.Take(len(x))
	gemm.Parallel(len(x), 1<<14, func(lo, hi int) { k.Rate.apply(p, y[lo:hi], x[lo:hi], lo) })
	return y
}
