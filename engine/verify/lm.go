package verify

import (
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// maskedLM is ...ForMaskedLM: the words at the labelled tokens.
func maskedLM(m model) *published {
	bb, ok := m.bb.(backbone.Speaker)
	if !ok || !m.has("cls.predictions.bias") && !m.has("lm_head.bias") && !m.has("vocab_projector.bias") {
		return nil
	}
	out := bb.Output()
	p := languageModel(head.NewMaskedLM(m.family.Name, out.Words, out.Act, out.Eps))
	p.name, p.label = "masked-lm", labelTokens
	return p
}

// causalLM is ...LMHeadModel: each next word. All it has is the backbone's, so that whatever
// remains is one.
func causalLM(m model) *published {
	bb, ok := m.bb.(backbone.Speaker)
	if !ok || !bb.Output().Causal {
		return nil
	}
	p := languageModel(head.NewCausalLM(bb.Output().Words))
	p.name, p.label = "lm", labelNext
	return p
}

func languageModel(h *head.LM) *published {
	return &published{
		params: h.Layer().Params,
		build: func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
			logits = h.Logits(b, hidden.Last)
			return logits, b.Apply(&op.CrossEntropy{Labels: tagsOf, Cols: h.Words()}, logits)
		},
	}
}

// labelNext reads one word per real token and shifts them: a token's label is the next one's.
func labelNext(b *batch.Batch, g *golden) error {
	if err := labelTokens(b, g); err != nil {
		return err
	}
	b.Tags = b.Next(b.Tags)
	return nil
}
