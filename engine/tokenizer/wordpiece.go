package tokenizer

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A wordPiece is the model of BERT and its kin: the longest piece that begins
// the word, then the longest that begins the rest, each of the rest marked
// with "##". A word that cannot be cut that way is unknown as a whole.
type wordPiece struct {
	bertText
	heads, tails *trie // pieces at the start of a word and within it
	unk          int32
	longest      int // a word of more characters is unknown
}

// newWordPiece indexes the vocabulary. Pieces within a word begin with prefix.
func newWordPiece(v *vocabulary, text bertText, unk, prefix string, longest int) (*wordPiece, error) {
	id, ok := v.ID(unk)
	if !ok {
		return nil, fmt.Errorf("the vocabulary of %d tokens has no unknown token %q", len(v.ids), unk)
	}
	m := &wordPiece{bertText: text, heads: newTrie(), tails: newTrie(), unk: id, longest: longest}
	for id, t := range v.tokens {
		tail, within := strings.CutPrefix(t, prefix)
		var err error
		if within && tail != "" {
			err = m.tails.insert(tail, int32(id))
		}
		if err == nil && t != "" && (!within || prefix == "") {
			err = m.heads.insert(t, int32(id))
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// pieces appends the pieces of the words of chunk.
func (m *wordPiece) pieces(dst []piece, chunk string) []piece {
	var room [cacheWord]byte
	if w, ok := m.plain(room[:0], chunk); ok {
		return m.cut(dst, word{text: w}, 0)
	}
	n := int32(0)
	m.words(chunk, func(w word) {
		dst = m.cut(dst, w, n)
		n++
	})
	return dst
}

// cut appends the pieces of one word.
func (m *wordPiece) cut(dst []piece, w word, n int32) []piece {
	known := len(dst)
	if len(w.text) > m.longest && utf8.RuneCount(w.text) > m.longest {
		return m.unknown(dst, w, n)
	}
	t := m.heads
	for at := 0; at < len(w.text); t = m.tails {
		id, size := t.longest(w.text[at:])
		if size == 0 {
			return m.unknown(dst[:known], w, n)
		}
		from, to := w.span(at, at+size)
		dst = append(dst, piece{id, from, to, n})
		at += size
	}
	return dst
}

func (m *wordPiece) unknown(dst []piece, w word, n int32) []piece {
	from, to := w.span(0, len(w.text))
	return append(dst, piece{m.unk, from, to, n})
}
