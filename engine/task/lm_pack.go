package task

import (
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

// Pack joins the texts of a training part into one stream and cuts it into full windows: no place of
// a batch is wasted on short texts, and no token is lost or said twice. A mark stands where a text
// ends, if the tokenizer has one.
func (l *LM) Pack(items []Item, max int) []Item {
	if len(items) == 0 {
		return nil
	}
	tok := items[0].Own.(lmWindow).tok
	stream := l.stream(tok, items)
	if l.causal {
		return causalChunks(tok, stream, max)
	}
	return maskedChunks(tok, stream, max)
}

// stream is the tokens of all texts, with marks between them.
func (l *LM) stream(tok tokenizer.Tokenizer, items []Item) []int32 {
	var ids []int32
	mark := tok.Specials().SEP
	if l.causal {
		mark = beginning(tok)
	}
	for i, it := range items {
		if between := i > 0 && it.Example != items[i-1].Example; mark >= 0 && (between || i == 0 && l.causal) {
			ids = append(ids, mark)
		}
		if it.Own.(lmWindow).opens && len(it.Sequence.IDs) > 0 {
			ids = append(ids, it.Sequence.IDs[0])
		}
		for _, id := range it.Tags {
			if id != batch.Ignore {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// causalChunks say every token of the stream but the first.
func causalChunks(tok tokenizer.Tokenizer, stream []int32, max int) []Item {
	var items []Item
	for from := 0; from+1 < len(stream); from += max {
		to := min(from+max, len(stream)-1)
		items = append(items, Item{
			Sequence: batch.Sequence{IDs: stream[from:to]}, Tags: stream[from+1 : to+1], Own: lmWindow{tok: tok},
		})
	}
	return items
}

// maskedChunks hold every token of the stream, in windows with marks around them.
func maskedChunks(tok tokenizer.Tokenizer, stream []int32, max int) []Item {
	sep, room := tok.Specials().SEP, max-len(tok.Wrap(tokenizer.Encoding{}, nil, 0).IDs)
	var items []Item
	for len(stream) > 0 {
		if stream[0] == sep { // a mark stands there already
			stream = stream[1:]
			continue
		}
		n := min(room, len(stream))
		items = append(items, wrapped(tok, stream[:n:n]))
		stream = stream[n:]
	}
	return items
}
