package task

import (
	"slices"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

// longestQuestion is the most tokens of a question, as in the published results on SQuAD.
const longestQuestion = 64

// A window is a stretch of a context behind its question.
type window struct {
	context    string
	spans      []tokenizer.Span // of its tokens, in bytes of the context
	first      int              // row of the first of these
	null       int              // row that stands for no answer here
	begin, end int32            // rows of the answer; null's without one, batch.Ignore where it is not known
}

// Encode puts the question before the context; a context too long for that becomes windows that
// overlap, by half at least, so that every answer up to half a window long is whole in one of them.
func (q *QA) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	asked, context := tok.Encode(ex.Question), tok.Encode(ex.Context)
	frame := tok.Wrap(tokenizer.Encoding{}, &tokenizer.Encoding{}, 0)
	left := max - len(frame.IDs)
	if len(frame.IDs) == 0 {
		left-- // for the mark
	}
	n := clamp(min(left/2, longestQuestion), 0, len(asked.IDs))
	room := clamp(left-n, 1, left)
	step := clamp(min(q.settings.Stride, (room+1)/2), 1, room)
	var items []Item
	for from := 0; ; from += step {
		to := min(from+room, len(context.IDs))
		item := windowOf(tok, ex, part(asked, 0, n), part(context, from, to))
		item.Cut = n < len(asked.IDs)
		items = append(items, item)
		if to == len(context.IDs) {
			return items
		}
	}
}

// clamp is x, at least low and at most high; low wins.
func clamp(x, low, high int) int { return max(min(x, high), low) }

// part is the tokens of e from from up to to.
func part(e tokenizer.Encoding, from, to int) tokenizer.Encoding {
	return tokenizer.Encoding{IDs: e.IDs[from:to], Spans: e.Spans[from:to], Words: e.Words[from:to], Types: e.Types[from:to], Special: e.Special[from:to]}
}

// windowOf is the sequence of a question and a stretch of a context.
func windowOf(tok tokenizer.Tokenizer, ex datasets.Example, asked, context tokenizer.Encoding) Item {
	wrapped := tok.Wrap(asked, &context, 0)
	if !slices.Contains(wrapped.Special, true) {
		wrapped = marked(tok, wrapped)
	}
	w := window{context: ex.Context, spans: context.Spans, null: nullRow(tok, wrapped)}
	ordinary := 0
	for row, special := range wrapped.Special {
		if !special && ordinary == len(asked.IDs) {
			w.first = row
			break
		}
		if !special {
			ordinary++
		}
	}
	w.begin, w.end = w.gold(ex)
	return Item{Sequence: batch.Sequence{IDs: wrapped.IDs, Types: wrapped.Types}, Own: w}
}

// marked ends a sequence without special tokens with one that can stand for no answer. It is the last
// one, since a GPT has read the whole window only there.
func marked(tok tokenizer.Tokenizer, e tokenizer.Encoding) tokenizer.Encoding {
	s, id := tok.Specials(), int32(0)
	for _, known := range []int32{s.EOS, s.SEP, s.UNK} {
		if known >= 0 {
			id = known
			break
		}
	}
	return tokenizer.Encoding{
		IDs: append(e.IDs, id), Spans: append(e.Spans, tokenizer.Span{}), Words: append(e.Words, -1),
		Types: append(e.Types, 1), Special: append(e.Special, true),
	}
}

// nullRow is that of the token that stands for the whole text ([CLS], which comes last for XLNet),
// else of the last special token.
func nullRow(tok tokenizer.Tokenizer, e tokenizer.Encoding) int {
	last := 0
	for row, special := range e.Special {
		if special && e.IDs[row] == tok.Specials().CLS {
			return row
		}
		if special {
			last = row
		}
	}
	return last
}

// gold are the rows of the first accepted answer that is whole in the window.
func (w window) gold(ex datasets.Example) (begin, end int32) {
	if len(ex.Answers) == 0 && !ex.Impossible {
		return batch.Ignore, batch.Ignore
	}
	for _, a := range ex.Answers {
		if from, to, whole := w.locate(a.Start, a.Start+len(a.Text)); whole {
			return int32(w.first + from), int32(w.first + to)
		}
	}
	return int32(w.null), int32(w.null)
}

// locate finds the tokens from the first to the last that share bytes with the context's from up to
// to; whole says that they cover all of these but blanks.
func (w window) locate(from, to int) (first, last int, whole bool) {
	first = slices.IndexFunc(w.spans, func(s tokenizer.Span) bool { return s.End > from && s.Start < to })
	if first < 0 {
		return 0, 0, false
	}
	for last = first; last+1 < len(w.spans) && w.spans[last+1].Start < to; {
		last++
	}
	return first, last, blank(w.context[from:max(from, w.spans[first].Start)]) && blank(w.context[min(to, w.spans[last].End):to])
}
