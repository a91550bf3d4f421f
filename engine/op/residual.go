package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Residual is y = in[1] + dropout(in[0]): the closing of a pre-norm sub-layer, whose sum goes on
// unnormalised. Both inputs are (N, H).
type Residual struct {
	Cols    int // H
	Dropout Rate
}

// Width is H.
func (k *Residual) Width() int { return k.Cols }

// Weights is empty.
func (k *Residual) Weights() []*Weight { return nil }

// Forward adds.
func (k *Residual) Forward(p *Pass, in [][]float32) []float32 {
	y := p.Take(len(in[0]))
	gemm.Parallel(len(y), elementGrain, func(lo, hi int) {
		k.Dropout.apply(p, y[lo:hi], in[0][lo:hi], lo)
		vec.AddTo(y[lo:hi], in[1][lo:hi])
	})
	return y
}

// Backward hands each input a gradient of its own, since readers may add to either in place.
func (k *Residual) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	din := make([][]float32, 2)
	if want[0] {
		din[0] = p.Take(len(dy))
		gemm.Parallel(len(dy), elementGrain, func(lo, hi int) { k.Dropout.apply(p, din[0][lo:hi], dy[lo:hi], lo) })
	}
	if want[1] {
		din[1] = p.Take(len(dy))
		copy(din[1], dy)
	}
	return din
}

// elementGrain is how many elements make a piece of work worth handing to another worker.
const elementGrain = 1 << 14
