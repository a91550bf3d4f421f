package op

import "defrost/engine/gemm"

// An Ends joins what both directions of an LSTM know at the end of their walk: (N, 2P) becomes
// (B, 2P), the forward half of a sequence's last row and the backward half of its first.
type Ends struct{ Cols int } // 2P

// Width is 2P.
func (k *Ends) Width() int { return k.Cols }

// Weights is empty.
func (k *Ends) Weights() []*Weight { return nil }

// Forward is  for i { y[i] = x[last][:P] ++ x[first][P:] }; an empty sequence has zeros.
func (k *Ends) Forward(p *Pass, in [][]float32) []float32 {
	y := p.Zeros(p.Batch.Len() * k.Cols)
	k.each(p, func(i, first, last int) {
		copy(y[i*k.Cols:], in[0][last*k.Cols:][:k.Cols/2])
		copy(y[i*k.Cols+k.Cols/2:], in[0][first*k.Cols+k.Cols/2:][:k.Cols/2])
	})
	return y
}

// Backward puts each half back where it came from.
func (k *Ends) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dx := p.Zeros(p.Batch.Tokens() * k.Cols)
	k.each(p, func(i, first, last int) {
		copy(dx[last*k.Cols:], dy[i*k.Cols:][:k.Cols/2])
		copy(dx[first*k.Cols+k.Cols/2:], dy[i*k.Cols+k.Cols/2:][:k.Cols/2])
	})
	return one(dx)
}

// each calls f for every sequence that has rows.
func (k *Ends) each(p *Pass, f func(i, first, last int)) {
	gemm.Parallel(p.Batch.Len(), rowGrain(k.Cols), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if from, to := p.Batch.Bounds(i); from < to {
				f(i, from, to-1)
			}
		}
	})
}
