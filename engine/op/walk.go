package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A walk is one direction of an LSTM during a pass. Its matrices have a row for each token, in the
// order of its steps.
type walk struct {
	steps
	k *LSTM
	d int // 0 forward, 1 backward
	Cell

	x     []float32 // (N, In)
	gates []float32 // (N, 4C) after their activations; from Backward on their gradient
	c     []float32 // (N, C) after clipping
	m     []float32 // (N, C) sigmoid(o) tanh(c)
	h     []float32 // (N, P) after clipping; m itself without a projection
	c0    []float32 // (B, C), (B, P) before the first step, by rank
	h0    []float32
	dh    []float32 // (N, P), before clipping once a step is done
	dx    []float32 // (N, In)
	dc    []float32 // (B, C), (B, P) gradients that the step before receives
	back  []float32

	recurrent, projection, recurrentT, projectionT packing
	rec, proj                                      *gemm.Packed // of this pass
}

// begin lays out the batch and takes the pass's memory: walks run side by side, the arena does not.
func (w *walk) begin(k *LSTM, d int, p *Pass) {
	w.k, w.d, w.Cell = k, d, k.Cells[d]
	w.set(p.Batch, d == 1)
	n, b, c, width := p.Batch.Tokens(), p.Batch.Len(), w.cells(), w.states()
	w.x, w.gates = p.Take(n*k.In), p.Take(n*4*c)
	w.c, w.m = p.Take(n*c), p.Take(n*c)
	w.h = w.m
	if w.Proj != nil {
		w.h = p.Take(n * width)
	}
	w.c0, w.h0 = p.Zeros(b*c), p.Zeros(b*width)
	w.resume()
	w.rec = w.recurrent.of(w.W, 4*c, part{k.In, k.In + width, false})
	if w.Proj != nil {
		w.proj = w.projection.of(w.Proj, width, part{0, c, false})
	}
}

// release gives the pass's memory back.
func (w *walk) release(p *Pass) {
	for _, buf := range []*[]float32{&w.x, &w.gates, &w.c, &w.m, &w.h, &w.c0, &w.h0, &w.dh, &w.dx, &w.dc, &w.back} {
		p.Give(*buf)
		*buf = nil
	}
}

// inCol is the first column of the input that the direction reads.
func (w *walk) inCol() int {
	if w.k.Halves {
		return w.d * w.k.In
	}
	return 0
}

// forward fills the direction's half of y.
func (w *walk) forward(x, y []float32) {
	w.gather(w.x, x, w.k.inputWidth(), w.inCol(), w.k.In)
	w.projectInputs()
	for t := range w.len() {
		w.step(t)
	}
	w.remember()
	p, width := w.states(), w.k.Width()
	for i, r := range w.rows {
		out := y[r*width+w.d*p:][:p]
		copy(out, w.h[i*p:])
		if w.k.Skip {
			vec.AddTo(out, w.x[i*w.k.In:])
		}
	}
}

// projectInputs is  gates = x Wx + b  for all steps at once.
func (w *walk) projectInputs() {
	n, c := len(w.rows), w.cells()
	bias := scratch(4 * c)
	defer release(bias)
	copy(*bias, w.B.Value)
	for i := 2 * c; i < 3*c; i++ {
		(*bias)[i] += w.k.ForgetBias
	}
	wx := w.W.rows(4*c, part{0, w.k.In, false})
	gemm.Mul(gemm.Of(w.gates, n, 4*c), gemm.Of(w.x, n, w.k.In), wx, gemm.Options{Finish: func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			vec.AddTo(w.gates[r*4*c+c0:r*4*c+c1], (*bias)[c0:c1])
		}
	}})
}

// before returns the cells and states of the step before t, for the sequences going at t.
func (w *walk) before(t int) (c, h []float32) {
	n, cells, p := w.going(t), w.cells(), w.states()
	if t == 0 {
		return w.c0[:n*cells], w.h0[:n*p]
	}
	from := w.from[t-1]
	return w.c[from*cells:][:n*cells], w.h[from*p:][:n*p]
}

// step computes cells and states of step t.
func (w *walk) step(t int) {
	from, to := w.bounds(t)
	n, c, p := to-from, w.cells(), w.states()
	oldC, oldH := w.before(t)
	gates := w.gates[from*4*c : to*4*c]
	if t > 0 || w.k.States != nil {
		gemm.MulPacked(gemm.Of(gates, n, 4*c), gemm.Of(oldH, n, p), w.rec, gemm.Options{Accumulate: true})
	}
	gemm.Parallel(n, rowGrain(8*c), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			i := from + r
			w.cell(gates[r*4*c:(r+1)*4*c], oldC[r*c:(r+1)*c], w.c[i*c:(i+1)*c], w.m[i*c:(i+1)*c])
		}
	})
	if w.Proj != nil {
		h := w.h[from*p : to*p]
		gemm.MulPacked(gemm.Of(h, n, p), gemm.Of(w.m[from*c:], n, c), w.proj, gemm.Options{})
		clip(h, w.k.ProjClip)
	}
}

// cell is one row:  c = clip(f old + i j), m = o tanh(c).
func (w *walk) cell(gates, old, c, m []float32) {
	n := len(c)
	i, j, f, o := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:]
	vec.Sigmoid(i, i)
	vec.Tanh(j, j)
	vec.Sigmoid(f, f)
	vec.Sigmoid(o, o)
	vec.Mul(c, f, old)
	vec.MulAdd(c, i, j)
	clip(c, w.k.Clip)
	vec.Tanh(m, c)
	vec.Mul(m, m, o)
}

// clip holds x within [-bound, bound]; 0 is no bound.
func clip(x []float32, bound float32) {
	if bound == 0 {
		return
	}
	for i, v := range x {
		x[i] = min(max(v, -bound), bound)
	}
}

// resume starts where the batch before ended.
func (w *walk) resume() {
	if w.k.States == nil {
		return
	}
	s, c, p := w.k.States.of[w.d], w.cells(), w.states()
	for rank, seq := range w.ranked {
		if (seq+1)*c <= len(s.c) {
			copy(w.c0[rank*c:(rank+1)*c], s.c[seq*c:])
			copy(w.h0[rank*p:(rank+1)*p], s.h[seq*p:])
		}
	}
}

// remember keeps the last state of every sequence; rows of a larger batch before stay.
func (w *walk) remember() {
	if w.k.States == nil {
		return
	}
	s, c, p := &w.k.States.of[w.d], w.cells(), w.states()
	if b := len(w.ranked); len(s.c) < b*c {
		s.c = append(s.c, make([]float32, b*c-len(s.c))...)
		s.h = append(s.h, make([]float32, b*p-len(s.h))...)
		s.rows = b
	}
	for rank, seq := range w.ranked {
		if i := w.last(rank); i >= 0 {
			copy(s.c[seq*c:(seq+1)*c], w.c[i*c:])
			copy(s.h[seq*p:(seq+1)*p], w.h[i*p:])
		}
	}
}
