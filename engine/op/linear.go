package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// packBelow is the number of rows under which packing a frozen matrix again costs more than the
// memory of a packed copy; above it the product dominates (measured: 2% at 256 rows).
const packBelow = 128

// A Linear is y = act(x W^T + b), or several of them side by side on one input: query, key and
// value are one Linear with three parts. x is (N, In), y is (N, sum of Out).
type Linear struct {
	In    int
	Parts []Affine
	Act   Activation

	x, pre []float32 // (N, In), (N, Width) kept for Backward
	y      []float32 // (N, Width) during Forward

	finishes []func(r0, r1, c0, c1 int) // of the parts
}

// An Affine is one part of a Linear.
type Affine struct {
	W      *Weight // (Out, In), or (In, Out) when Conv1D
	B      *Weight // (Out), or nil
	Out    int
	Conv1D bool // OpenAI's layout, y = x W + b
}

// Width is the sum of the parts' outputs.
func (k *Linear) Width() int {
	n := 0
	for _, a := range k.Parts {
		n += a.Out
	}
	return n
}

// Weights lists W and B of every part.
func (k *Linear) Weights() []*Weight {
	var ws []*Weight
	for _, a := range k.Parts {
		ws = append(ws, a.W)
		if a.B != nil {
			ws = append(ws, a.B)
		}
	}
	return ws
}

// Forward multiplies part by part; bias and activation run on each tile while it is in cache.
func (k *Linear) Forward(p *Pass, in [][]float32) []float32 {
	x, width := in[0], k.Width()
	n := len(x) / k.In
	y := p.Take(n * width)
	pre := y
	if p.Live && k.Act != Identity {
		pre = p.Take(n * width)
	}
	k.x, k.pre, k.y = x, pre, y
	if k.finishes == nil {
		k.prepare()
	}
	to := gemm.Of(pre, n, width)
	for i, from := 0, 0; i < len(k.Parts); i++ {
		a := k.Parts[i]
		a.forward(to.View(0, n, from, from+a.Out), gemm.Of(x, n, k.In), k.finishes[i])
		from += a.Out
	}
	k.y = nil
	return y
}

// prepare makes what finishes the tiles of each part, once for all steps.
func (k *Linear) prepare() {
	from, width := 0, k.Width()
	for _, a := range k.Parts {
		k.finishes = append(k.finishes, k.finish(a, width, from))
		from += a.Out
	}
}

// finish adds the bias and applies the activation to one tile of a part that starts at column from.
func (k *Linear) finish(a Affine, width, from int) func(r0, r1, c0, c1 int) {
	if a.B == nil && k.Act == Identity {
		return nil
	}
	return func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			row := k.pre[r*width+from+c0 : r*width+from+c1]
			if a.B != nil {
				vec.AddTo(row, a.B.Value[c0:c1])
			}
			k.Act.apply(k.y[r*width+from+c0:r*width+from+c1], row)
		}
	}
}

func (a Affine) forward(y, x gemm.Matrix, finish func(r0, r1, c0, c1 int)) {
	rows, cols := a.layout(x.Cols)
	keep := a.W.InBF16() || x.Rows < packBelow
	a.W.multiply(y, x, cols, part{to: rows, transposed: !a.Conv1D}, keep, gemm.Options{Finish: finish})
}

// layout is the stored shape of W for in inputs.
func (a Affine) layout(in int) (rows, cols int) {
	if a.Conv1D {
		return in, a.Out
	}
	return a.Out, in
}

// Backward adds dW = dy^T x and db = sum of dy, and returns dx = dy W.
func (k *Linear) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	width := k.Width()
	n := len(dy) / width
	if k.Act != Identity {
		gemm.Parallel(len(dy), 1<<14, func(lo, hi int) { k.Act.grad(dy[lo:hi], k.pre[lo:hi], dy[lo:hi]) })
		p.Give(k.pre)
	}
	var dx []float32
	if want[0] {
		dx = p.Take(n * k.In)
	}
	all, x := gemm.Of(dy, n, width), gemm.Of(k.x, n, k.In)
	for i, from := 0, 0; i < len(k.Parts); i++ {
		a := k.Parts[i]
		part := all.View(0, n, from, from+a.Out)
		if dx != nil {
			a.inputGrad(gemm.Of(dx, n, k.In), part, i > 0)
		}
		a.weightGrad(part, x)
		from += a.Out
	}
	return one(dx)
}

func (a Affine) inputGrad(dx, dy gemm.Matrix, add bool) {
	rows, cols := a.layout(dx.Cols)
	a.W.multiply(dx, dy, cols, part{to: rows, transposed: a.Conv1D}, a.W.InBF16(), gemm.Options{Accumulate: add})
}

func (a Affine) weightGrad(dy, x gemm.Matrix) {
	if a.B != nil && !a.B.Frozen() {
		columnSums(a.B.Grad, dy)
	}
	if a.W.Frozen() {
		return
	}
	rows, cols := a.layout(x.Cols)
	dw := gemm.Of(a.W.Grad, rows, cols)
	if a.Conv1D {
		a.W.product(dw, x.T(), dy, gemm.Options{Accumulate: true})
	} else {
		a.W.product(dw, dy.T(), x, gemm.Options{Accumulate: true})
	}
}

// columnSums adds the sum over the rows of m to dst, in row order for any number of workers.
func columnSums(dst []float32, m gemm.Matrix) {
	gemm.Parallel(m.Cols, 64, func(lo, hi int) {
		for r := range m.Rows {
			vec.AddTo(dst[lo:hi], m.Data[r*m.Stride+lo:r*m.Stride+hi])
		}
	})
}
