package nn

import (
	"defrost/engine/batch"
	"defrost/engine/op"
)

// A Linear is y = x W^T + b.
type Linear struct {
	W *Param `name:"weight"` // (out, in), or (in, out) when Conv1D
	B *Param `name:"bias"`   // (out), or nil

	Conv1D bool
}

// NewLinear returns a linear layer from in to out columns.
func NewLinear(in, out int) Linear {
	return Linear{W: NewParam(Normal, out, in), B: NewParam(Zeros, out)}
}

// NewConv1D returns a linear layer in OpenAI's layout, whose weight is (in, out).
func NewConv1D(in, out int) Linear {
	return Linear{W: NewParam(Normal, in, out), B: NewParam(Zeros, out), Conv1D: true}
}

func (l Linear) affine() op.Affine {
	a := op.Affine{W: &l.W.Weight, Out: l.W.Shape[0], Conv1D: l.Conv1D}
	if l.Conv1D {
		a.Out = l.W.Shape[1]
	}
	if l.B != nil {
		a.B = &l.B.Weight
	}
	return a
}

// Apply returns act(x W^T + b).
func (l Linear) Apply(b *Builder, x *Node, act op.Activation) *Node {
	return SideBySide(b, x, act, l)
}

// SideBySide applies several linear layers to one input and joins their outputs' columns.
func SideBySide(b *Builder, x *Node, act op.Activation, layers ...Linear) *Node {
	k := &op.Linear{In: x.Width, Act: act}
	for _, l := range layers {
		k.Parts = append(k.Parts, l.affine())
	}
	return b.Apply(k, x)
}

// A LayerNorm normalises rows.
type LayerNorm struct {
	Gamma *Param `name:"weight"` // (H)
	Beta  *Param `name:"bias"`   // (H)
}

// NewLayerNorm returns a norm over h columns.
func NewLayerNorm(h int) LayerNorm {
	n := LayerNorm{Gamma: NewParam(Ones, h), Beta: NewParam(Zeros, h)}
	return n
}

// Apply returns norm(x).
func (l LayerNorm) Apply(b *Builder, x *Node, eps float32) *Node {
	return b.Apply(&op.LayerNorm{Gamma: &l.Gamma.Weight, Beta: &l.Beta.Weight, Eps: eps}, x)
}

// Close returns norm(residual + dropout(x)), the end of a post-norm sub-layer.
func (l LayerNorm) Close(b *Builder, x, residual *Node, eps, dropout float32) *Node {
	return b.Apply(&op.LayerNorm{
		Gamma: &l.Gamma.Weight, Beta: &l.Beta.Weight, Eps: eps, Dropout: b.Rate(dropout),
	}, x, residual)
}

// An Embedding is a lookup table.
type Embedding struct {
	W *Param `name:"weight"` // (V, H)
}

// NewEmbedding returns a table of v rows of h columns.
func NewEmbedding(v, h int) Embedding { return Embedding{W: NewParam(Normal, v, h)} }

// Table is the lookup of rows in the table; its gradient is sparse unless another operation
// reads the whole table, as a tied output layer does.
func (e Embedding) Table(rows func(*batch.Batch) []int32) op.Table {
	e.W.LookUp()
	return op.Table{W: &e.W.Weight, Rows: rows}
}

// Dropout drops elements of x while training.
func Dropout(b *Builder, x *Node, p float32) *Node {
	if p == 0 {
		return x
	}
	return b.Apply(&op.Dropout{Rate: b.Rate(p), Cols: x.Width}, x)
}

// HeadDropout is Dropout of a head: it drops above a frozen backbone too.
func HeadDropout(b *Builder, x *Node, p float32) *Node {
	if p == 0 {
		return x
	}
	return b.Apply(&op.Dropout{Rate: b.Rate(p), Cols: x.Width, OfHead: true}, x)
}
