package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// turn takes the memory of the way back and packs the transposed weights.
func (w *walk) turn(p *Pass, wantInput bool) {
	n, b, c, width := p.Batch.Tokens(), p.Batch.Len(), w.cells(), w.states()
	w.dh = p.Take(n * width)
	w.dc, w.back = p.Zeros(b*c), p.Zeros(b*width)
	if wantInput {
		w.dx = p.Take(n * w.k.In)
	}
	w.rec = w.recurrentT.of(w.W, 4*c, part{w.k.In, w.k.In + width, true})
	if w.Proj != nil {
		w.proj = w.projectionT.of(w.Proj, width, part{0, c, true})
	}
}

// backward walks from the last step to the first, then adds the weights' gradients, each as one
// product over all steps.
func (w *walk) backward(dy []float32) {
	p := w.states()
	w.gather(w.dh, dy, w.k.Width(), w.d*p, p)
	for t := w.len() - 1; t >= 0; t-- {
		w.stepBack(t)
	}
	w.weightGrads()
	if w.dx != nil {
		n, c := len(w.rows), w.cells()
		wx := w.W.rows(4*c, part{0, w.k.In, true})
		gemm.Mul(gemm.Of(w.dx, n, w.k.In), gemm.Of(w.gates, n, 4*c), wx, gemm.Options{})
	}
}

// stepBack turns the gates of step t into their gradients and hands dc and back to step t-1.
func (w *walk) stepBack(t int) {
	from, to := w.bounds(t)
	n, c, p := to-from, w.cells(), w.states()
	dh, dm := w.dh[from*p:to*p], w.dh[from*p:to*p]
	vec.AddTo(dh[:w.going(t+1)*p], w.back)
	if w.Proj != nil {
		buf := scratch(n * c)
		defer release(buf)
		dm = *buf
		clipGrad(dh, w.h[from*p:to*p], w.k.ProjClip)
		gemm.MulPacked(gemm.Of(dm, n, c), gemm.Of(dh, n, p), w.proj, gemm.Options{})
	}
	oldC, _ := w.before(t)
	gemm.Parallel(n, rowGrain(8*c), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			i := from + r
			w.cellBack(w.gates[i*4*c:(i+1)*4*c], oldC[r*c:(r+1)*c], w.c[i*c:(i+1)*c], dm[r*c:(r+1)*c], w.dc[r*c:(r+1)*c])
		}
	})
	if t > 0 {
		gemm.MulPacked(gemm.Of(w.back, n, p), gemm.Of(w.gates[from*4*c:], n, 4*c), w.rec, gemm.Options{})
	}
}

// cellBack is one row. dc comes in as the gradient of the cell from the step after and leaves as
// that of the cell before.
func (w *walk) cellBack(gates, old, c, dm, dc []float32) {
	n, bound := len(c), w.k.Clip
	buf := scratch(n)
	defer release(buf)
	tanhC := *buf
	vec.Tanh(tanhC, c)
	gi, gj, gf, g := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:]
	for e := range n {
		i, j, f, o, th := gi[e], gj[e], gf[e], g[e], tanhC[e]
		d := dc[e] + dm[e]*o*(1-th*th)
		if bound > 0 && (c[e] >= bound || c[e] <= -bound) {
			d = 0
		}
		g[e] = dm[e] * th * o * (1 - o)
		gi[e] = d * j * i * (1 - i)
		gj[e] = d * i * (1 - j*j)
		gf[e] = d * old[e] * f * (1 - f)
		dc[e] = d * f
	}
}

// clipGrad lets the gradient of values within the bounds pass.
func clipGrad(dx, y []float32, bound float32) {
	if bound == 0 {
		return
	}
	for i, v := range y {
		if v >= bound || v <= -bound {
			dx[i] = 0
		}
	}
}

// weightGrads is  dWx += x^T dgates,  dWh += h'^T dgates,  db += sum dgates,  dProj += m^T dh.
func (w *walk) weightGrads() {
	n, c, p := len(w.rows), w.cells(), w.states()
	gates := gemm.Of(w.gates, n, 4*c)
	add := gemm.Options{Accumulate: true}
	if !w.B.Frozen() {
		columnSums(w.B.Grad, gates)
	}
	if w.Proj != nil && !w.Proj.Frozen() {
		gemm.Mul(gemm.Of(w.Proj.Grad, c, p), gemm.Of(w.m, n, c).T(), gemm.Of(w.dh, n, p), add)
	}
	if w.W.Frozen() {
		return
	}
	dw := gemm.Of(w.W.Grad, w.k.In+p, 4*c)
	gemm.Mul(dw.View(0, w.k.In, 0, 4*c), gemm.Of(w.x, n, w.k.In).T(), gates, add)
	old := w.dh // no longer read: the states before each step
	for t := range w.len() {
		_, h := w.before(t)
		copy(old[w.from[t]*p:], h)
	}
	gemm.Mul(dw.View(w.k.In, w.k.In+p, 0, 4*c), gemm.Of(old, n, p).T(), gates, add)
}
