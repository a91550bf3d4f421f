package op

import (
	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// An Embedding is the sum of rows looked up in tables: words, positions, segments. It has no
// activations as input; each table says which row a token reads.
type Embedding struct {
	Tables []Table
	Cols   int // H
}

// A Table is one lookup.
type Table struct {
	W    *Weight                      // (V, H)
	Rows func(b *batch.Batch) []int32 // (N) row of each token
}

// Width is H.
func (k *Embedding) Width() int { return k.Cols }

// Weights lists the tables.
func (k *Embedding) Weights() []*Weight {
	ws := make([]*Weight, len(k.Tables))
	for i, t := range k.Tables {
		ws[i] = t.W
	}
	return ws
}

// Forward is  for n { y[n] = sum over tables t of W_t[row_t(n)] }.
func (k *Embedding) Forward(p *Pass, _ [][]float32) []float32 {
	n, h := p.Batch.Tokens(), k.Cols
	y := p.Take(n * h)
	rows := k.rows(p)
	gemm.Parallel(n, rowGrain(h), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dst := y[i*h : i*h+h]
			copy(dst, row(k.Tables[0].W.Value, rows[0][i], h))
			for t := 1; t < len(rows); t++ {
				vec.AddTo(dst, row(k.Tables[t].W.Value, rows[t][i], h))
			}
		}
	})
	return y
}

// Backward is  for n { dW_t[row_t(n)] += dy[n] }, split by columns so that sums keep their order.
func (k *Embedding) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	h := k.Cols
	for t, rows := range k.rows(p) {
		w := k.Tables[t].W
		if w.Frozen() {
			continue
		}
		for _, r := range rows {
			if w.Sparse {
				w.Rows.Add(r, w.Len()/h)
			}
		}
		gemm.Parallel(h, 32, func(lo, hi int) {
			for i, r := range rows {
				vec.AddTo(w.Grad[int(r)*h+lo:int(r)*h+hi], dy[i*h+lo:i*h+hi])
			}
		})
	}
	return nil
}

func (k *Embedding) rows(p *Pass) [][]int32 {
	rows := make([][]int32, len(k.Tables))
	for i, t := range k.Tables {
		rows[i] = t.Rows(p.Batch)
	}
	return rows
}

func row(table []float32, r int32, h int) []float32 { return table[int(r)*h : int(r)*h+h] }
