package verify

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A robertaHead pools by itself, since RoBERTa has no pooler.
type robertaHead struct {
	Dense nn.Linear `name:"classifier.dense"`    // (H, H)
	Out   nn.Linear `name:"classifier.out_proj"` // (C, H)
}

// robertaClassifier is RobertaForSequenceClassification: out_proj(tanh(dense(h[<s>]))).
func robertaClassifier(m model) *published {
	if m.family.Name != "roberta" || !m.has("classifier.out_proj.weight") {
		return nil
	}
	width, classes := m.bb.Shape().Width, m.tensors["classifier.out_proj.weight"][0]
	h := &robertaHead{Dense: nn.NewLinear(width, width), Out: nn.NewLinear(width, classes)}
	return classifier(m, nn.Params("", h), classes, func(b *nn.Builder, summary *nn.Node) *nn.Node {
		return h.Out.Apply(b, h.Dense.Apply(b, summary, op.Tanh), op.Identity)
	})
}
