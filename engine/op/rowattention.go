package op

import (
	"math"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A RowAttention is an Attention of which one row per sequence is read: that row alone asks. The
// inputs are (B, H) queries and (N, 2H), key and value side by side; the output is (B, H), to the last
// bit the rows that Attention would compute.
type RowAttention struct {
	Heads, Cols int     // H = Cols, D = Cols / Heads
	Row         Pooling // PoolFirst or PoolLast: which row asks
	Causal      bool    // it sees itself and what is before it
	Dropout     Rate

	q, kv []float32 // (B, H), (N, 2H)
	probs []float32 // (Heads, T) of every sequence, kept for Backward
}

// Width is H.
func (k *RowAttention) Width() int { return k.Cols }

// Weights is empty: projections are Linear.
func (k *RowAttention) Weights() []*Weight { return nil }

// Forward runs every sequence as one piece of work.
func (k *RowAttention) Forward(p *Pass, in [][]float32) []float32 {
	k.q, k.kv = in[0], in[1]
	k.probs = p.Take(p.Batch.Tokens() * k.Heads)
	ctx := p.Take(len(k.q))
	k.each(p, func(r rowHead) { r.forward(p, ctx) })
	if !p.Live {
		p.Give(k.probs)
	}
	return ctx
}

// Backward returns the gradients of queries, and of keys and values.
func (k *RowAttention) Backward(p *Pass, dctx []float32, want []bool) [][]float32 {
	dq, dkv := p.Take(len(k.q)), p.Take(len(k.kv))
	k.each(p, func(r rowHead) { r.backward(p, dctx, dq, dkv) })
	p.Give(k.probs)
	return [][]float32{wanted(p, dq, want[0]), wanted(p, dkv, want[1])}
}

// each calls f for every head of every sequence, spread over the workers.
func (k *RowAttention) each(p *Pass, f func(r rowHead)) {
	gemm.Parallel(p.Batch.Len(), 1, func(lo, hi int) {
		for seq := lo; seq < hi; seq++ {
			from, to := p.Batch.Bounds(seq)
			for n := range k.Heads {
				f(rowHead{k: k, seq: seq, from: from, len: to - from, col: n * k.Cols / k.Heads, at: from*k.Heads + n*(to-from)})
			}
		}
	})
}

// A rowHead is one head of the row of sequence seq: T = len rows from row from, D columns from column
// col, T probabilities from at.
type rowHead struct {
	k              *RowAttention
	seq, from, len int
	col, at        int
}

func (r rowHead) dim() int       { return r.k.Cols / r.k.Heads }
func (r rowHead) scale() float32 { return float32(1 / math.Sqrt(float64(r.dim()))) }

// asks is the head's (1, D) part of a (B, H) matrix.
func (r rowHead) asks(data []float32) gemm.Matrix {
	return gemm.Of(data[r.seq*r.k.Cols+r.col:], 1, r.dim())
}

// view is the head's (T, D) part of the keys, block 0, or values, block 1.
func (r rowHead) view(data []float32, block int) gemm.Matrix {
	stride := 2 * r.k.Cols
	return gemm.Matrix{Data: data[r.from*stride+block*r.k.Cols+r.col:], Rows: r.len, Cols: r.dim(), Stride: stride}
}

func (r rowHead) forward(p *Pass, ctx []float32) {
	if r.len == 0 {
		clear(r.asks(ctx).Data[:r.dim()])
		return
	}
	buf := scratch(r.len)
	defer release(buf)
	s, serial := r.k.probs[r.at:r.at+r.len], gemm.Options{Serial: true}
	gemm.Mul(gemm.Of(s, 1, r.len), r.asks(r.k.q), r.view(r.k.kv, 0).T(), serial)
	hidePadding(s, p.Batch, r.from)
	seen := s
	if r.k.Causal && r.k.Row == PoolFirst {
		clear(s[1:])
		seen = s[:1]
	}
	vec.Softmax(seen, r.scale())
	r.k.Dropout.apply(p, *buf, s, r.at)
	gemm.Mul(r.asks(ctx), gemm.Of(*buf, 1, r.len), r.view(r.k.kv, 1), serial)
}

func (r rowHead) backward(p *Pass, dctx, dq, dkv []float32) {
	if r.len == 0 {
		clear(r.asks(dq).Data[:r.dim()])
		return
	}
	t := r.len
	buf := scratch(2 * t)
	defer release(buf)
	probs, ds, dropped := r.k.probs[r.at:r.at+t], (*buf)[:t], (*buf)[t:]
	dout, serial := r.asks(dctx), gemm.Options{Serial: true}
	r.k.Dropout.apply(p, dropped, probs, r.at)
	gemm.Mul(r.view(dkv, 1), gemm.Of(dropped, 1, t).T(), dout, serial) // dV = P^T dO
	gemm.Mul(gemm.Of(ds, 1, t), dout, r.view(r.k.kv, 1).T(), serial)   // dP = dO V^T
	r.k.Dropout.apply(p, ds, ds, r.at)
	vec.SoftmaxGrad(ds, probs, ds, r.scale())
	gemm.Mul(r.asks(dq), gemm.Of(ds, 1, t), r.view(r.k.kv, 0), serial)     // dQ = dS K
	gemm.Mul(r.view(dkv, 0), gemm.Of(ds, 1, t).T(), r.asks(r.k.q), serial) // dK = dS^T Q
}
