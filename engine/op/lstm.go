package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// An LSTM walks every sequence in both directions, or forward alone (Hochreiter and Schmidhuber 1997; the projected
// and clipped cell is that of ELMo, Peters et al. 2018). With gates i, j, f, o side by side:
//
//	i, j, f, o = [x, h'] W + b
//	c = clip(sigmoid(f + ForgetBias) c' + sigmoid(i) tanh(j))
//	h = clip((sigmoid(o) tanh(c)) Proj)
//
// The input is (N, In), read by both directions, or (N, 2 In), a half for each; the output is
// (N, 2P), forward then backward; without a backward cell it is (N, P). The products with x of all steps are one matrix product; the
// recurrent weights are packed once per pass.
type LSTM struct {
	Cells      [2]Cell // forward, backward; no weights in the second: forward alone
	In         int
	Halves     bool    // each direction reads its own half of the input
	Clip       float32 // of the cell; 0 for none
	ProjClip   float32 // of the projected state; 0 for none
	ForgetBias float32 // added to f at run time, not stored
	Skip       bool    // adds the input to the output, not to the state; In = P
	States     *States // carried from batch to batch, or nil to start at zero

	walks [2]walk
}

// A Cell is the weights of one direction: C cells, states of P columns.
type Cell struct {
	W    *Weight // (In+P, 4C), rows of the input first
	B    *Weight // (4C)
	Proj *Weight // (C, P), or nil: P = C and h is not projected
}

func (c Cell) cells() int { return c.B.Len() / 4 }

func (c Cell) states() int {
	if c.Proj == nil {
		return c.cells()
	}
	return c.Proj.Len() / c.cells()
}

// States are the last states of each sequence of a batch, where those of the next one begin. The
// published ELMo works like this; the same text then has other vectors in another place. No
// gradient flows back into an earlier batch.
type States struct{ of [2]state }

// Forget goes back to zeros.
func (s *States) Forget() { s.of = [2]state{} }

// Pick makes sequence i of the next batch go on where sequence from[i] of the last one ended.
func (s *States) Pick(from []int) {
	for d := range s.of {
		s.of[d].pick(from)
	}
}

// A state is (B, P) outputs and (B, C) cells of B sequences.
type state struct {
	h, c []float32
	rows int // B
}

// pick copies rows; a direction that has never walked has none.
func (s *state) pick(from []int) {
	s.h, s.c = pickRows(s.h, from, s.rows), pickRows(s.c, from, s.rows)
	s.rows = len(from)
}

func pickRows(x []float32, from []int, rows int) []float32 {
	if rows == 0 {
		return nil
	}
	width := len(x) / rows
	picked := make([]float32, 0, len(from)*width)
	for _, r := range from {
		picked = append(picked, x[r*width:(r+1)*width]...)
	}
	return picked
}

// directions is 2, or 1 without a backward cell.
func (k *LSTM) directions() int {
	if k.Cells[1].W == nil {
		return 1
	}
	return 2
}

// Width is 2P, or P of one direction.
func (k *LSTM) Width() int { return k.directions() * k.Cells[0].states() }

// Weights lists those of the forward direction, then the backward ones.
func (k *LSTM) Weights() []*Weight {
	var ws []*Weight
	for _, c := range k.Cells[:k.directions()] {
		ws = append(ws, c.W, c.B)
		if c.Proj != nil {
			ws = append(ws, c.Proj)
		}
	}
	return ws
}

// Forward walks both directions side by side.
func (k *LSTM) Forward(p *Pass, in [][]float32) []float32 {
	y := p.Take(p.Batch.Tokens() * k.Width())
	for d := range k.directions() {
		k.walks[d].begin(k, d, p)
	}
	gemm.Parallel(k.directions(), 1, func(lo, hi int) {
		for d := lo; d < hi; d++ {
			k.walks[d].forward(in[0], y)
		}
	})
	if !p.Live {
		k.release(p)
	}
	return y
}

// Backward walks back through time.
func (k *LSTM) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	var dx []float32
	if want[0] {
		dx = p.Take(p.Batch.Tokens() * k.inputWidth())
	}
	for d := range k.directions() {
		k.walks[d].turn(p, want[0])
	}
	gemm.Parallel(k.directions(), 1, func(lo, hi int) {
		for d := lo; d < hi; d++ {
			k.walks[d].backward(dy)
		}
	})
	if want[0] {
		k.inputGrad(dx, dy)
	}
	k.release(p)
	return one(dx)
}

func (k *LSTM) inputWidth() int {
	if k.Halves {
		return 2 * k.In
	}
	return k.In
}

// inputGrad brings the directions' gradients back into the order of the batch: beside one another,
// or added where both read the same input.
func (k *LSTM) inputGrad(dx, dy []float32) {
	width, p := k.inputWidth(), k.Cells[0].states()
	for d := range k.directions() {
		w := &k.walks[d]
		for i, r := range w.rows {
			to, from := dx[r*width+w.inCol():][:k.In], w.dx[i*k.In:(i+1)*k.In]
			if d == 0 || k.Halves {
				copy(to, from)
			} else {
				vec.AddTo(to, from)
			}
			if k.Skip {
				vec.AddTo(to, dy[r*k.Width()+d*p:][:p])
			}
		}
	}
}

func (k *LSTM) release(p *Pass) {
	for d := range k.directions() {
		k.walks[d].release(p)
	}
}
