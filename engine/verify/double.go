package verify

import (
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A choiceHead scores one token of each choice.
type choiceHead struct {
	Out nn.Linear `name:"multiple_choice_head.summary"` // (1, H)
}

// languageWeight is the share of the language model's loss (Radford et al. 2018, equation 5).
const languageWeight = 0.5

// doubleHeads is OpenAIGPTDoubleHeadsModel: which of the sequences is right, judged by the state
// at mc_token_ids, and each next word. All sequences of the reference belong to one question.
func doubleHeads(m model) *published {
	bb, ok := m.bb.(backbone.Speaker)
	if !ok || !m.has("multiple_choice_head.summary.weight") {
		return nil
	}
	width := m.bb.Shape().Width
	h, lm := &choiceHead{Out: nn.NewLinear(width, 1)}, head.NewCausalLM(bb.Output().Words)
	var rows []int32 // (choices) judged rows
	p := &published{name: "double-heads", params: nn.Params("", h)}
	p.build = func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
		judged := b.Apply(&op.Gather{Rows: func(*batch.Batch) []int32 { return rows }, Cols: width}, hidden.Last)
		choices := h.Out.Apply(b, judged, op.Identity) // (choices, 1), which reads as (1, choices)
		logits = lm.Logits(b, hidden.Last)
		p.more = []output{{"out.mc_logits", choices}}
		return logits, b.Apply(&op.Sum{Losses: []op.Kernel{
			&op.CrossEntropy{Labels: classesOf, Cols: m.rows},
			&op.CrossEntropy{Labels: tagsOf, Cols: lm.Words(), Scale: languageWeight},
		}}, choices, logits)
	}
	p.label = func(b *batch.Batch, g *golden) (err error) {
		rows, err = labelChoices(b, g)
		return err
	}
	return p
}

// labelChoices reads the right choice, the next words, and which row of each choice is judged.
func labelChoices(b *batch.Batch, g *golden) (rows []int32, err error) {
	right, err := g.src.ReadInts("in.mc_labels")
	if err != nil {
		return nil, err
	}
	for _, c := range right {
		b.Classes = append(b.Classes, int32(c))
	}
	at, err := g.src.ReadInts("in.mc_token_ids")
	if err != nil {
		return nil, err
	}
	for i, t := range at {
		rows = append(rows, b.Offsets[i]+int32(t))
	}
	return rows, labelNext(b, g)
}
