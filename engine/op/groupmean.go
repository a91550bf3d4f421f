package op

import (
	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A GroupMean averages neighbouring rows: the pieces of a word, the words of a sentence.
// Borders has one entry more than there are groups; (R, H) becomes (G, H).
type GroupMean struct {
	Borders func(b *batch.Batch) []int32
	Cols    int

	rows int
}

// Width is H.
func (k *GroupMean) Width() int { return k.Cols }

// Weights is empty.
func (k *GroupMean) Weights() []*Weight { return nil }

// Forward is  for g { y[g] = mean of x[borders[g]:borders[g+1]] }.
func (k *GroupMean) Forward(p *Pass, in [][]float32) []float32 {
	x, h, borders := in[0], k.Cols, k.Borders(p.Batch)
	k.rows = len(x) / h
	y := p.Zeros((len(borders) - 1) * h)
	gemm.Parallel(len(borders)-1, rowGrain(h), func(lo, hi int) {
		for g := lo; g < hi; g++ {
			dst := y[g*h : g*h+h]
			for r := borders[g]; r < borders[g+1]; r++ {
				vec.AddTo(dst, row(x, r, h))
			}
			vec.Scale(1/float32(borders[g+1]-borders[g]), dst)
		}
	})
	return y
}

// Backward is  for g, r in g { dx[r] = dy[g] / size of g }.
func (k *GroupMean) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	h, borders := k.Cols, k.Borders(p.Batch)
	dx := p.Zeros(k.rows * h)
	gemm.Parallel(len(borders)-1, rowGrain(h), func(lo, hi int) {
		for g := lo; g < hi; g++ {
			for r := borders[g]; r < borders[g+1]; r++ {
				vec.Axpy(1/float32(borders[g+1]-borders[g]), dy[g*h:g*h+h], row(dx, r, h))
			}
		}
	})
	return one(dx)
}
