package op

import (
	"math"
	"slices"

	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// An Attention is multi-head scaled dot-product attention over packed sequences (Vaswani et al.
// 2017): for every sequence and head  ctx = dropout(softmax(Q K^T / sqrt(D))) V.  The input is
// (N, 3H), query, key and value side by side; the output is (N, H). Sequences never see one another,
// and no buffer is larger than one head of one sequence.
type Attention struct {
	Heads, Cols int  // H = Cols, D = Cols / Heads
	Causal      bool // a token sees itself and what is before it
	Dropout     Rate
	Keep        bool // Probabilities can be read after a pass

	qkv   []float32 // (N, 3H)
	probs []float32 // softmax of every head of every sequence, kept for Backward
	at    []int     // (B+1) start of each sequence's Heads matrices in probs
}

// Width is H.
func (k *Attention) Width() int { return k.Cols }

// Weights is empty: projections are Linear.
func (k *Attention) Weights() []*Weight { return nil }

// Forward runs every head of every sequence as one piece of work.
func (k *Attention) Forward(p *Pass, in [][]float32) []float32 {
	k.qkv = in[0]
	k.layout(p)
	ctx := p.Take(len(in[0]) / 3)
	k.makeRoom(p)
	k.each(p, func(h head) { h.forward(p, ctx) })
	return ctx
}

// makeRoom takes memory for the probabilities of a pass that will be asked for them.
func (k *Attention) makeRoom(p *Pass) {
	n := k.at[len(k.at)-1]
	switch {
	case k.Keep:
		k.probs = slices.Grow(k.probs[:0], n)[:n]
	case p.Live:
		k.probs = p.Take(n)
	}
}

// kept says that probabilities stay where makeRoom made room for them.
func (k *Attention) kept(p *Pass) bool { return p.Live || k.Keep }

// Probabilities is (T, T), how much each token of a sequence looked at each other in one head
// during the last pass: rows sum to 1. It needs Keep and is valid until the next pass.
func (k *Attention) Probabilities(sequence, head int) []float32 {
	size := (k.at[sequence+1] - k.at[sequence]) / k.Heads
	return k.probs[k.at[sequence]+head*size:][:size]
}

// Backward returns the gradient of (N, 3H).
func (k *Attention) Backward(p *Pass, dctx []float32, _ []bool) [][]float32 {
	dqkv := p.Take(3 * len(dctx))
	k.each(p, func(h head) { h.backward(p, dctx, dqkv) })
	p.Give(k.probs)
	return one(dqkv)
}

// layout finds where each sequence's probabilities lie.
func (k *Attention) layout(p *Pass) {
	k.at = append(k.at[:0], 0)
	for i := range p.Batch.Len() {
		from, to := p.Batch.Bounds(i)
		k.at = append(k.at, k.at[i]+k.Heads*(to-from)*(to-from))
	}
}

// each calls f for every head of every sequence, spread over the workers.
func (k *Attention) each(p *Pass, f func(h head)) {
	gemm.Parallel(p.Batch.Len()*k.Heads, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			f(k.head(p, i/k.Heads, i%k.Heads))
		}
	})
}

// head is head n of sequence seq.
func (k *Attention) head(p *Pass, seq, n int) head {
	from, to := p.Batch.Bounds(seq)
	t := to - from
	return head{k: k, from: from, len: t, col: n * k.Cols / k.Heads, at: k.at[seq] + n*t*t}
}

// A head is one head of one sequence: T = len rows from row from, D columns from column col.
type head struct {
	k              *Attention
	from, len, col int
	at             int // of its (T, T) probabilities
}

func (h head) dim() int       { return h.k.Cols / h.k.Heads }
func (h head) scale() float32 { return float32(1 / math.Sqrt(float64(h.dim()))) }

// view is the head's (T, D) part of a (N, blocks H) matrix.
func (h head) view(data []float32, block, blocks int) gemm.Matrix {
	stride := blocks * h.k.Cols
	return gemm.Matrix{Data: data[h.from*stride+block*h.k.Cols+h.col:], Rows: h.len, Cols: h.dim(), Stride: stride}
}

func (h head) forward(p *Pass, ctx []float32) {
	t := h.len
	buf := scratch(2 * t * t)
	defer release(buf)
	s, dropped := (*buf)[:t*t], (*buf)[t*t:]
	if h.k.kept(p) {
		s = h.k.probs[h.at : h.at+t*t]
	}
	serial := gemm.Options{Serial: true}
	gemm.Mul(gemm.Of(s, t, t), h.view(h.k.qkv, 0, 3), h.view(h.k.qkv, 1, 3).T(), serial)
	for i := range t {
		row := s[i*t : i*t+t]
		hidePadding(row, p.Batch, h.from)
		if h.k.Causal {
			clear(row[i+1:])
			row = row[:i+1]
		}
		vec.Softmax(row, h.scale())
	}
	h.k.Dropout.apply(p, dropped, s, h.at)
	gemm.Mul(h.view(ctx, 0, 1), gemm.Of(dropped, t, t), h.view(h.k.qkv, 2, 3), serial)
}

// hidePadding takes padding out of the scores of one token over the sequence that starts at from.
func hidePadding(row []float32, b *batch.Batch, from int) {
	if b.Padding == nil {
		return
	}
	for j := range row {
		if b.Padding[from+j] {
			row[j] = float32(math.Inf(-1))
		}
	}
}

func (h head) backward(p *Pass, dctx, dqkv []float32) {
	t := h.len
	buf := scratch(2 * t * t)
	defer release(buf)
	probs, ds, dropped := h.k.probs[h.at:h.at+t*t], (*buf)[:t*t], (*buf)[t*t:]
	q, k, v := h.view(h.k.qkv, 0, 3), h.view(h.k.qkv, 1, 3), h.view(h.k.qkv, 2, 3)
	dout, serial := h.view(dctx, 0, 1), gemm.Options{Serial: true}

	h.k.Dropout.apply(p, dropped, probs, h.at)
	gemm.Mul(h.view(dqkv, 2, 3), gemm.Of(dropped, t, t).T(), dout, serial) // dV = P^T dO
	gemm.Mul(gemm.Of(ds, t, t), dout, v.T(), serial)                       // dP = dO V^T
	h.k.Dropout.apply(p, ds, ds, h.at)
	for i := range t {
		vec.SoftmaxGrad(ds[i*t:i*t+t], probs[i*t:i*t+t], ds[i*t:i*t+t], h.scale())
	}
	gemm.Mul(h.view(dqkv, 0, 3), gemm.Of(ds, t, t), k, serial)     // dQ = dS K
	gemm.Mul(h.view(dqkv, 1, 3), gemm.Of(ds, t, t).T(), q, serial) // dK = dS^T Q
}
