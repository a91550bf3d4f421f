package op

import "defrost/engine/batch"

// A Chosen is the sum over labelled rows of z[label]: the scores themselves, for asking what a
// prediction rests on. Rows labelled batch.Ignore take no part. The input is (R, C) logits.
type Chosen struct {
	Labels func(b *batch.Batch) []int32 // (R)
	Cols   int                          // C

	size int // of the input
}

// Width is 1.
func (k *Chosen) Width() int { return 1 }

// Weights is empty.
func (k *Chosen) Weights() []*Weight { return nil }

// Loss marks the output as what is differentiated.
func (k *Chosen) Loss() {}

// Forward is  for r, l := range labels { y += z[r][l] }.
func (k *Chosen) Forward(p *Pass, in [][]float32) []float32 {
	k.size = len(in[0])
	y := p.Zeros(1)
	for r, l := range k.Labels(p.Batch) {
		if l != batch.Ignore {
			y[0] += row(in[0], int32(r), k.Cols)[l]
		}
	}
	return y
}

// Backward is  for r, l := range labels { dz[r][l] = dy }.
func (k *Chosen) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dz := p.Zeros(k.size)
	for r, l := range k.Labels(p.Batch) {
		if l != batch.Ignore {
			row(dz, int32(r), k.Cols)[l] = dy[0]
		}
	}
	return one(dz)
}
