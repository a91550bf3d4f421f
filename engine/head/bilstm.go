package head

import (
	"math"

	"defrost/engine/nn"
	"defrost/engine/op"
)

// A BiLSTM reads the states of all tokens in both directions before it classifies: the usual
// network on static vectors and on ELMo (Graves and Schmidhuber 2005; Conneau et al. 2017).
// Dropout falls on its input and on what it says.
type BiLSTM struct {
	Forward  Cell      `name:"classifier.forward"`
	Backward Cell      `name:"classifier.backward"`
	Out      nn.Linear `name:"classifier"` // (C, 2h)

	Dropout float32
}

// A Cell is the weights of one direction over width columns: h cells, gates i, j, f, o.
type Cell struct {
	W *nn.Param `name:"weight"` // (width+h, 4h)
	B *nn.Param `name:"bias"`   // (4h)
}

func newCell(width, hidden int) Cell {
	c := Cell{W: nn.NewParam(nn.Normal, width+hidden, 4*hidden), B: nn.NewParam(nn.Zeros, 4*hidden)}
	c.W.Std = 1 / math.Sqrt(float64(width+hidden))
	return c
}

func (c Cell) kernel() op.Cell { return op.Cell{W: &c.W.Weight, B: &c.B.Weight} }

// NewBiLSTM returns a head of hidden cells in each direction over width columns.
func NewBiLSTM(width, hidden, classes int, dropout float32) *BiLSTM {
	h := &BiLSTM{
		Forward: newCell(width, hidden), Backward: newCell(width, hidden),
		Out: nn.NewLinear(2*hidden, classes), Dropout: dropout,
	}
	nn.Params("", h)
	return h
}

// Layer is the head as a row of the freeze map.
func (h *BiLSTM) Layer() nn.Layer {
	return nn.Layer{Name: "head", Kind: "head", Params: nn.Params("", h)}
}

// forgetBias lets a fresh network remember (Jozefowicz et al. 2015).
const forgetBias = 1

// States returns (N, 2h), both directions side by side, from the tokens (N, width).
func (h *BiLSTM) States(b *nn.Builder, tokens *nn.Node) *nn.Node {
	x := nn.HeadDropout(b, tokens, h.Dropout)
	states := b.Apply(&op.LSTM{
		Cells: [2]op.Cell{h.Forward.kernel(), h.Backward.kernel()}, In: x.Width, ForgetBias: forgetBias,
	}, x)
	return nn.HeadDropout(b, states, h.Dropout)
}

// Logits returns (B, C). The mean and the maximum are over all tokens; any other pooling takes
// what each direction knows at its end.
func (h *BiLSTM) Logits(b *nn.Builder, tokens *nn.Node, pooling op.Pooling) *nn.Node {
	states := h.States(b, tokens)
	var k op.Kernel = &op.Ends{Cols: states.Width}
	if pooling == op.PoolMean || pooling == op.PoolMax {
		k = &op.Pool{Kind: pooling, Cols: states.Width}
	}
	return h.Out.Apply(b, b.Apply(k, states), op.Identity)
}

// TokenLogits returns (N, C), for tags.
func (h *BiLSTM) TokenLogits(b *nn.Builder, tokens *nn.Node) *nn.Node {
	return h.Out.Apply(b, h.States(b, tokens), op.Identity)
}
