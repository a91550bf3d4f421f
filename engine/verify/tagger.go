package verify

import (
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// tokenClassifier is ...ForTokenClassification: classifier(h) for every token. What tells it from
// a sequence classifier is that the checkpoint has nothing that pools.
func tokenClassifier(m model) *published {
	pools := m.has("pooler.dense.weight") || m.has("pre_classifier.weight") || m.has("sequence_summary.summary.weight")
	if !m.has("classifier.weight") || pools {
		return nil
	}
	classes := m.tensors["classifier.weight"][0]
	h := head.NewTagger(m.bb.Shape().Width, classes, 0)
	return &published{
		name:   "token-classification",
		params: h.Layer().Params,
		build: func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
			logits = h.Logits(b, hidden.Last)
			return logits, b.Apply(&op.CrossEntropy{Labels: tagsOf, Cols: classes}, logits)
		},
		label: labelTokens,
	}
}

// labelTokens reads one class per real token.
func labelTokens(b *batch.Batch, g *golden) error {
	labels, err := g.src.ReadInts("in.labels")
	for i, l := range labels {
		if g.mask[i] == 1 {
			b.Tags = append(b.Tags, int32(l))
		}
	}
	return err
}

func tagsOf(b *batch.Batch) []int32 { return b.Tags }
