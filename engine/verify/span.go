package verify

import (
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// spanFinder is ...ForQuestionAnswering: qa_outputs(h) for every token. Its reference takes the
// softmax over padding too, so the batch has to hold it.
func spanFinder(m model) *published {
	if !m.has("qa_outputs.weight") {
		return nil
	}
	h := head.NewSpan(m.bb.Shape().Width, 0)
	return &published{
		name:    "question-answering",
		params:  h.Layer().Params,
		padded:  true,
		columns: []string{"out.start_logits", "out.end_logits"},
		build: func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
			logits = h.Logits(b, hidden.Last)
			return logits, b.Apply(&op.Span{}, logits)
		},
		label: labelSpans,
	}
}

// clearPadding takes the gradient from the word that pads: the tables of BERT's relatives are made
// with a padding_idx, whose row PyTorch leaves alone. XLNet's is not.
func clearPadding(words *nn.Param, b *batch.Batch) {
	h := words.Shape[1]
	for i, id := range b.IDs {
		if b.Padding[i] {
			clear(words.Grad[int(id)*h : (int(id)+1)*h])
		}
	}
}

// labelSpans reads where each answer begins and ends.
func labelSpans(b *batch.Batch, g *golden) error {
	for name, to := range map[string]*[]int32{"in.start_positions": &b.Starts, "in.end_positions": &b.Ends} {
		rows, err := g.src.ReadInts(name)
		if err != nil {
			return err
		}
		for _, r := range rows {
			*to = append(*to, int32(r))
		}
	}
	return nil
}
