package verify

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A scoreHead is a linear layer without a bias.
type scoreHead struct {
	Out nn.Linear `name:"score"` // (C, H)
}

// scoreClassifier is GPT2ForSequenceClassification and OpenAIGPTForSequenceClassification:
// score(h[last real token]).
func scoreClassifier(m model) *published {
	if !m.has("score.weight") {
		return nil
	}
	classes := m.tensors["score.weight"][0]
	h := &scoreHead{Out: nn.Linear{W: nn.NewParam(nn.Normal, classes, m.bb.Shape().Width)}}
	return classifier(m, nn.Params("", h), classes, func(b *nn.Builder, summary *nn.Node) *nn.Node {
		return h.Out.Apply(b, summary, op.Identity)
	})
}
