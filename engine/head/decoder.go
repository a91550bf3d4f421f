package head

import (
	"math"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Decoder writes a text while it looks at another one: an LSTM with attention (Luong et al. 2015)
// and a lexical model beside it, which turns what is looked at straight into words (Nguyen and Chiang
// 2018). For piece t of the target, with memory M of what was read:
//
//	h = LSTM(E[y_0] .. E[y_t])
//	c = softmax(Wq h M^T / sqrt(D)) M
//	f = u + tanh(Wf u),  u = tanh(Wu c)
//	logits = (tanh(Wc [h | c]) + f) E^T + b
//
// The pieces' embeddings E are also the output layer (Press and Wolf 2017).
//
// M is a projection of what the backbone says. With a Reader an LSTM walks over it in both directions
// first, which tells the order of words to vectors of single words.
type Decoder struct {
	Reader  *Reader      `name:"decoder.reader"` // or nil
	Memory  nn.Linear    `name:"decoder.memory"` // (D, columns of what is read)
	Pieces  nn.Embedding `name:"decoder.pieces"` // (V, D)
	Cell    Cell         `name:"decoder.lstm"`   // of D cells over D columns
	Query   nn.Linear    `name:"decoder.query"`
	Combine nn.Linear    `name:"decoder.combine"` // (D, 2D)
	Lexical nn.Linear    `name:"decoder.lexical.in"`
	Refine  nn.Linear    `name:"decoder.lexical.out"`
	Bias    *nn.Param    `name:"decoder.bias"` // (V)

	Dropout float32
}

// A Reader walks over a text in both directions.
type Reader struct {
	Forward  Cell `name:"forward"`
	Backward Cell `name:"backward"`
}

// A DecoderSize says how large a decoder is.
type DecoderSize struct {
	Tokens, Words int // columns of what Remember reads
	Cells         int // of the Reader in each direction, 0 without one
	Width         int // D
	Pieces        int // V
}

// NewDecoder returns a decoder, not yet filled.
func NewDecoder(n DecoderSize, dropout float32) *Decoder {
	in, size := n.Tokens+n.Words, n.Width
	if n.Cells > 0 {
		in = 2*n.Cells + n.Words
	}
	d := &Decoder{
		Memory: linear(in, size), Pieces: nn.NewEmbedding(n.Pieces, size), Cell: newCell(size, size),
		Query: linear(size, size), Combine: linear(2*size, size), Lexical: linear(size, size), Refine: linear(size, size),
		Bias: nn.NewParam(nn.Zeros, n.Pieces), Dropout: dropout,
	}
	if n.Cells > 0 {
		d.Reader = &Reader{newCell(n.Tokens, n.Cells), newCell(n.Tokens, n.Cells)}
	}
	d.Pieces.W.Std = 1 / math.Sqrt(float64(size))
	nn.Params("", d)
	return d
}

// linear is a layer whose outputs are as large as its inputs.
func linear(in, out int) nn.Linear {
	l := nn.NewLinear(in, out)
	l.W.Std = 1 / math.Sqrt(float64(in))
	return l
}

// Layer is the head as a row of the freeze map.
func (d *Decoder) Layer() nn.Layer {
	return nn.Layer{Name: "head", Kind: "head", Params: nn.Params("", d)}
}

// Remember returns the memory (N, D) of texts, from what the backbone says of their tokens and of
// their words alone.
func (d *Decoder) Remember(b *nn.Builder, tokens, words *nn.Node) *nn.Node {
	if d.Reader == nil {
		x := b.Apply(&op.Concat{Cols: []int{tokens.Width, words.Width}}, tokens, words)
		return d.Memory.Apply(b, nn.HeadDropout(b, x, d.Dropout), op.Identity)
	}
	states := b.Apply(&op.LSTM{
		Cells: [2]op.Cell{d.Reader.Forward.kernel(), d.Reader.Backward.kernel()}, In: tokens.Width, ForgetBias: forgetBias,
	}, nn.HeadDropout(b, tokens, d.Dropout))
	x := b.Apply(&op.Concat{Cols: []int{states.Width, words.Width}}, states, words)
	return d.Memory.Apply(b, nn.HeadDropout(b, x, d.Dropout), op.Identity)
}

// Logits returns (T, V), what each piece of the batch's target is followed by, from the memory of
// the batch (N, D).
func (d *Decoder) Logits(b *nn.Builder, memory *nn.Node) *nn.Node {
	h := d.states(b, nil)
	c := b.Apply(&op.CrossAttention{Cols: memory.Width}, d.Query.Apply(b, h, op.Identity), memory)
	return d.words(b, h, c)
}

// A Stepper is what a decoder keeps from one piece to the next.
type Stepper struct {
	States op.States          // of each text that is being written
	Memory op.Memory          // of the texts that were read
	Looks  *op.CrossAttention // where the last step looked
}

// Step returns (T, V) like Logits for texts that come piece by piece: each sequence of the target is
// one piece, and goes on where s is.
func (d *Decoder) Step(b *nn.Builder, s *Stepper) *nn.Node {
	h := d.states(b, &s.States)
	s.Looks = &op.CrossAttention{Cols: h.Width, Memory: &s.Memory, Keep: true}
	return d.words(b, h, b.Apply(s.Looks, d.Query.Apply(b, h, op.Identity)))
}

// states is (T, D), what the LSTM knows after each piece.
func (d *Decoder) states(b *nn.Builder, from *op.States) *nn.Node {
	size := d.Pieces.W.Shape[1]
	x := b.Apply(op.Aside{Kernel: &op.Embedding{
		Cols: size, Tables: []op.Table{{W: &d.Pieces.W.Weight, Rows: func(b *batch.Batch) []int32 { return b.IDs }}},
	}})
	x = nn.HeadDropout(b, x, d.Dropout)
	h := b.Apply(op.Aside{Kernel: &op.LSTM{
		Cells: [2]op.Cell{d.Cell.kernel()}, In: size, ForgetBias: forgetBias, States: from,
	}}, x)
	return nn.HeadDropout(b, h, d.Dropout)
}

// words is (T, V) from states and what they look at, both (T, D).
func (d *Decoder) words(b *nn.Builder, h, c *nn.Node) *nn.Node {
	x := d.Combine.Apply(b, b.Apply(&op.Concat{Cols: []int{h.Width, c.Width}}, h, c), op.Tanh)
	u := d.Lexical.Apply(b, c, op.Tanh)
	f := b.Apply(&op.Residual{Cols: u.Width}, d.Refine.Apply(b, u, op.Tanh), u)
	x = nn.HeadDropout(b, b.Apply(&op.Residual{Cols: x.Width}, f, x), d.Dropout)
	return nn.Linear{W: d.Pieces.W, B: d.Bias}.Apply(b, x, op.Identity)
}
