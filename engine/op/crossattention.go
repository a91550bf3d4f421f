package op

import (
	"math"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A CrossAttention lets what is written look at what was read (Luong et al. 2015): for every
// sequence  ctx = softmax(Q M^T / sqrt(H)) M,  where M are the rows of the batch's sequence, keys and
// values in one, and Q the rows of its target (Batch.Target). The inputs are (T, H) queries and
// (N, H) memory, the output is (T, H). A sequence without rows to look at has zeros.
type CrossAttention struct {
	Cols   int     // H
	Memory *Memory // read in the place of the second input, without gradient, or nil
	Keep   bool    // Row can be asked for after a pass

	q, m  []float32 // (T, H), (N, H)
	probs []float32 // softmax of every sequence
	at    []int     // (B+1) start of each sequence's matrix in probs
}

// A Memory holds what was read while answers are written step by step.
type Memory struct{ Rows []float32 } // (N, H)

// Width is H.
func (k *CrossAttention) Width() int { return k.Cols }

// Weights is empty: projections are Linear.
func (k *CrossAttention) Weights() []*Weight { return nil }

// Forward runs every sequence as one piece of work.
func (k *CrossAttention) Forward(p *Pass, in [][]float32) []float32 {
	k.q = in[0]
	if k.Memory != nil {
		k.m = k.Memory.Rows
	} else {
		k.m = in[1]
	}
	n := k.layout(p)
	if k.Keep {
		k.probs = slices.Grow(k.probs[:0], n)[:n]
	} else {
		k.probs = p.Take(n)
	}
	ctx := p.Take(len(k.q))
	k.each(p, func(l look) { l.forward(ctx) })
	if !p.Live && !k.Keep {
		p.Give(k.probs)
	}
	return ctx
}

// Backward returns the gradients of queries and memory.
func (k *CrossAttention) Backward(p *Pass, dctx []float32, want []bool) [][]float32 {
	dq, dm := p.Take(len(k.q)), p.Take(len(k.m))
	k.each(p, func(l look) { l.backward(dctx, dq, dm) })
	if !k.Keep {
		p.Give(k.probs)
	}
	din := [][]float32{dq, dm}
	for i, d := range din {
		if !want[i] {
			p.Give(d)
			din[i] = nil
		}
	}
	return din
}

// Row is (S), how row t of the target of a sequence of s rows looked at each of them in the last
// pass; it sums to 1. It needs Keep and is valid until the next pass.
func (k *CrossAttention) Row(sequence, t, s int) []float32 {
	from := k.at[sequence] + t*s
	return k.probs[from : from+s]
}

// layout finds where the probabilities of each sequence lie, and how many there are.
func (k *CrossAttention) layout(p *Pass) int {
	k.at = append(k.at[:0], 0)
	for i := range p.Batch.Len() {
		from, to := p.Batch.Bounds(i)
		first, last := p.Batch.TargetBounds(i)
		k.at = append(k.at, k.at[i]+(to-from)*(last-first))
	}
	return k.at[len(k.at)-1]
}

// each calls f for every sequence, spread over the workers.
func (k *CrossAttention) each(p *Pass, f func(l look)) {
	gemm.Parallel(p.Batch.Len(), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			from, to := p.Batch.Bounds(i)
			first, last := p.Batch.TargetBounds(i)
			f(look{k: k, first: first, rows: last - first, from: from, seen: to - from, at: k.at[i]})
		}
	})
}

// A look is one sequence: rows from row first of the target look at seen from row from.
type look struct {
	k           *CrossAttention
	first, rows int
	from, seen  int
	at          int
}

func (l look) scale() float32 { return float32(1 / math.Sqrt(float64(l.k.Cols))) }

// written and read are the sequence's part of a (T, H) and a (N, H) matrix.
func (l look) written(x []float32) gemm.Matrix {
	return gemm.Of(x[l.first*l.k.Cols:][:l.rows*l.k.Cols], l.rows, l.k.Cols)
}

func (l look) read(x []float32) gemm.Matrix {
	return gemm.Of(x[l.from*l.k.Cols:][:l.seen*l.k.Cols], l.seen, l.k.Cols)
}

func (l look) forward(ctx []float32) {
	out := l.written(ctx)
	if l.rows == 0 {
		return
	}
	if l.seen == 0 {
		clear(out.Data)
		return
	}
	serial := gemm.Options{Serial: true}
	probs := gemm.Of(l.k.probs[l.at:][:l.rows*l.seen], l.rows, l.seen)
	gemm.Mul(probs, l.written(l.k.q), l.read(l.k.m).T(), serial)
	for i := range l.rows {
		vec.Softmax(probs.Data[i*l.seen:(i+1)*l.seen], l.scale())
	}
	gemm.Mul(out, probs, l.read(l.k.m), serial)
}

func (l look) backward(dctx, dq, dm []float32) {
	if l.rows == 0 || l.seen == 0 {
		clear(l.written(dq).Data)
		clear(l.read(dm).Data)
		return
	}
	buf := scratch(l.rows * l.seen)
	defer release(buf)
	n, serial := l.rows*l.seen, gemm.Options{Serial: true}
	probs, ds := gemm.Of(l.k.probs[l.at:][:n], l.rows, l.seen), gemm.Of((*buf)[:n], l.rows, l.seen)
	dout, m, into := l.written(dctx), l.read(l.k.m), l.read(dm)
	gemm.Mul(into, probs.T(), dout, serial) // dM = P^T dC
	gemm.Mul(ds, dout, m.T(), serial)       // dP = dC M^T
	for i := range l.rows {
		row := ds.Data[i*l.seen : (i+1)*l.seen]
		vec.SoftmaxGrad(row, probs.Data[i*l.seen:(i+1)*l.seen], row, l.scale())
	}
	gemm.Mul(l.written(dq), ds, m, serial)                                                 // dQ = dS M
	gemm.Mul(into, ds.T(), l.written(l.k.q), gemm.Options{Serial: true, Accumulate: true}) // dM += dS^T Q
}
