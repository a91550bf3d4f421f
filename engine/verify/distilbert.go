package verify

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A distilbertHead pools by itself, since DistilBERT has no pooler.
type distilbertHead struct {
	Dense nn.Linear `name:"pre_classifier"` // (H, H)
	Out   nn.Linear `name:"classifier"`     // (C, H)
}

// distilbertClassifier is DistilBertForSequenceClassification: classifier(relu(pre_classifier(h[CLS]))).
func distilbertClassifier(m model) *published {
	if m.family.Name != "distilbert" || !m.has("pre_classifier.weight") {
		return nil
	}
	width, classes := m.bb.Shape().Width, m.tensors["classifier.weight"][0]
	h := &distilbertHead{Dense: nn.NewLinear(width, width), Out: nn.NewLinear(width, classes)}
	return classifier(m, nn.Params("", h), classes, func(b *nn.Builder, summary *nn.Node) *nn.Node {
		return h.Out.Apply(b, h.Dense.Apply(b, summary, op.ReLU), op.Identity)
	})
}
