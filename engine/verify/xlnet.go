package verify

import (
	"defrost/engine/backbone"
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
	return &published{
		name:   "sequence-classification",
		params: nn.Params("", h),
		build: func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
			logits = h.Out.Apply(b, m.bb.Summary(b, hidden, op.PoolFirst), op.Identity)
			return logits, b.Apply(&op.CrossEntropy{Labels: classesOf, Cols: classes}, logits)
		},
		label: labelSequences,
	}
}
