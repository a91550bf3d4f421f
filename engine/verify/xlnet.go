package verify

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A summaryHead is the linear layer that XLNet puts on its summary.
type summaryHead struct {
	Out nn.Linear `name:"logits_proj"` // (C, H)
}

// summaryClassifier is XLNetForSequenceClassification: logits_proj(tanh(summary(h[last]))).
func summaryClassifier(m model) *published {
	if m.family.Name != "xlnet" || !m.has("logits_proj.weight") {
		return nil
	}
	classes := m.tensors["logits_proj.weight"][0]
	h := &summaryHead{Out: nn.NewLinear(m.bb.Shape().Width, classes)}
	return classifier(m, nn.Params("", h), classes, func(b *nn.Builder, summary *nn.Node) *nn.Node {
		return h.Out.Apply(b, summary, op.Identity)
	})
}
