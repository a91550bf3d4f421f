package task

import (
	"slices"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// A question is what an Item of a task has that asks for some words of a text: their rows. A causal
// model says a word a row before it stands.
type question struct {
	rows  []int32
	words []int32
}

// questioned is a text of which the tokens from byte start to byte end are asked for. A causal model
// reads no further than them, a masked one sees masks in their place. Of a text with more than most
// tokens the beginning is left out.
func questioned(tok tokenizer.Tokenizer, causal bool, text string, start, end, most int) (Item, question) {
	if causal {
		return continued(tok, text[:end], start, most)
	}
	return masked(tok, text, start, end, most)
}

func continued(tok tokenizer.Tokenizer, text string, start, most int) (Item, question) {
	e := tok.Encode(text)
	ids, first := e.IDs, behind(e, start)
	if begin := beginning(tok); begin >= 0 {
		ids, first = append([]int32{begin}, ids...), first+1
	}
	cut := max(0, len(ids)-1-most)
	ids, first = ids[cut:], first-cut
	var q question
	for i := max(1, first); i < len(ids); i++ {
		q.rows, q.words = append(q.rows, int32(i-1)), append(q.words, ids[i])
	}
	return Item{Sequence: batch.Sequence{IDs: ids[:max(len(ids)-1, min(len(ids), 1))]}, Cut: cut > 0}, q
}

func masked(tok tokenizer.Tokenizer, text string, start, end, most int) (Item, question) {
	e := tok.Encode(text)
	from, to := behind(e, start), behind(e, end)
	ids := slices.Clone(e.IDs)
	for i := from; i < to; i++ {
		ids[i] = tok.Specials().MASK
	}
	room := most - len(tok.Wrap(tokenizer.Encoding{}, nil, 0).IDs)
	cut := min(from, max(0, len(ids)-room))
	ids = ids[cut:min(len(ids), cut+room)]
	it := wrapped(tok, ids)
	it.Cut = len(ids) < len(e.IDs)
	front := slices.IndexFunc(it.Tags, func(id int32) bool { return id != batch.Ignore })
	var q question
	for i := from; i < to && i-cut < len(ids); i++ {
		q.rows, q.words = append(q.rows, int32(i-cut+front)), append(q.words, e.IDs[i])
	}
	return it, q
}

// behind is the first token that ends behind byte at.
func behind(e tokenizer.Encoding, at int) int {
	for i, s := range e.Spans {
		if s.End > at {
			return i
		}
	}
	return len(e.IDs)
}

// asked packs items and the rows that questions ask about, with the words that are right.
func asked(items []Item, of func(it Item) (rows, words []int32)) *batch.Batch {
	b := pack(items)
	b.Firsts, b.Tags, b.Spans = []int32{}, []int32{}, []int32{0}
	for i, it := range items {
		rows, words := of(it)
		for k, r := range rows {
			b.Firsts, b.Tags = append(b.Firsts, b.Offsets[i]+r), append(b.Tags, words[k])
		}
		b.Spans = append(b.Spans, int32(len(b.Firsts)))
	}
	if len(b.Firsts) == 0 { // no program runs on no rows: one that counts for nothing
		b.Firsts, b.Tags = append(b.Firsts, 0), append(b.Tags, batch.Ignore)
	}
	return b
}

// scoresAt is how likely each word is in the rows that are asked about (R, V).
func scoresAt(b *nn.Builder, f Features, h Head) []*nn.Node {
	rows := b.Apply(&op.Gather{Rows: func(b *batch.Batch) []int32 { return b.Firsts }, Cols: f.Tokens.Width, Few: true}, f.Tokens)
	return []*nn.Node{h.(*speaker).Logits(b, rows)}
}

// wordLoss is the mean cost of the words that are right.
func wordLoss(b *nn.Builder, h Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.CrossEntropy{Labels: tagsOf, Cols: h.(*speaker).Words()}, out[0])
}
