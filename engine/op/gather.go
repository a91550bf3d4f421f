package op

import (
	"defrost/engine/batch"
	"defrost/engine/vec"
)

// A Gather selects rows of (N, H): the masked positions of a language model, the words of a tagger.
type Gather struct {
	Rows func(b *batch.Batch) []int32 // (R)
	Cols int

	Few    bool // far fewer than N: what lies below may be computed for them alone
	Picked bool // the input is (R, H) already

	size int // of the input
}

// Width is H.
func (k *Gather) Width() int { return k.Cols }

// Weights is empty.
func (k *Gather) Weights() []*Weight { return nil }

// Forward is  for i, r := range rows { y[i] = x[r] }.
func (k *Gather) Forward(p *Pass, in [][]float32) []float32 {
	if k.Picked {
		y := p.Take(len(in[0]))
		copy(y, in[0])
		return y
	}
	rows, h := k.Rows(p.Batch), k.Cols
	y := p.Take(len(rows) * h)
	k.size = len(in[0])
	for i, r := range rows {
		copy(y[i*h:i*h+h], row(in[0], r, h))
	}
	return y
}

// Backward is  for i, r := range rows { dx[r] += dy[i] }.
func (k *Gather) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	if k.Picked {
		dx := p.Take(len(dy))
		copy(dx, dy)
		return one(dx)
	}
	h := k.Cols
	dx := p.Zeros(k.size)
	for i, r := range k.Rows(p.Batch) {
		vec.AddTo(row(dx, r, h), dy[i*h:i*h+h])
	}
	return one(dx)
}
