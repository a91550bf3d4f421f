package head

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Tagger classifies every token.
type Tagger struct {
	Out nn.Linear `name:"classifier"` // (C, H)

	Dropout float32
}

// NewTagger returns the head over width columns.
func NewTagger(width, classes int, dropout float32) *Tagger {
	h := &Tagger{Out: nn.NewLinear(width, classes), Dropout: dropout}
	nn.Params("", h)
	return h
}

// Layer is the head as a row of the freeze map.
func (h *Tagger) Layer() nn.Layer {
	return nn.Layer{Name: "head", Kind: "head", Params: nn.Params("", h)}
}

// Logits returns (N, C) from the tokens (N, H).
func (h *Tagger) Logits(b *nn.Builder, tokens *nn.Node) *nn.Node {
	return h.Out.Apply(b, nn.Dropout(b, tokens, h.Dropout), op.Identity)
}
