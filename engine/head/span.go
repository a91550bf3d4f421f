package head

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Span scores each token as the begin and as the end of an answer (Devlin et al. 2019).
type Span struct {
	Out nn.Linear `name:"qa_outputs"` // (2, H)

	Dropout float32
}

// NewSpan returns the head over width columns.
func NewSpan(width int, dropout float32) *Span {
	h := &Span{Out: nn.NewLinear(width, 2), Dropout: dropout}
	nn.Params("", h)
	return h
}

// Layer is the head as a row of the freeze map.
func (h *Span) Layer() nn.Layer {
	return nn.Layer{Name: "head", Kind: "head", Params: nn.Params("", h)}
}

// Logits returns (N, 2), begin and end, from the tokens (N, H).
func (h *Span) Logits(b *nn.Builder, tokens *nn.Node) *nn.Node {
	return h.Out.Apply(b, nn.Dropout(b, tokens, h.Dropout), op.Identity)
}
