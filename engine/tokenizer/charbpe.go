package tokenizer

import "unicode/utf8"

// A charBPE is GPT-1's model: BPE over the characters of a word, the last of
// which is marked "</w>". A character that the vocabulary lacks is unknown on
// its own.
type charBPE struct {
	*merges
	words        wordFinder
	bert         *bertText      // words again if they are cut as BERT does, else nil
	inner, final map[rune]int32 // the symbols of characters within and at the end of a word
	unk          int32
}

// A wordFinder cuts text into normalised words.
type wordFinder interface {
	next(text string, at int) (start, end int)
	words(chunk string, f func(word))
	lowers() bool
}

// newCharBPE looks the characters up in v.
func newCharBPE(m *merges, v *vocabulary, words wordFinder, suffix string, unk int32) *charBPE {
	bert, _ := words.(*bertText)
	c := &charBPE{merges: m, words: words, bert: bert, inner: make(map[rune]int32), final: make(map[rune]int32), unk: unk}
	for id, t := range v.tokens {
		r, size := utf8.DecodeRuneInString(t)
		if size == 0 {
			continue
		}
		if size == len(t) {
			c.inner[r] = int32(id)
		}
		if t[size:] == suffix {
			c.final[r] = int32(id)
		}
	}
	return c
}

func (c *charBPE) next(text string, at int) (start, end int) { return c.words.next(text, at) }

func (c *charBPE) lowers() bool { return c.words.lowers() }

// pieces appends the pieces of the words of chunk.
func (c *charBPE) pieces(dst []piece, chunk string) []piece {
	if c.bert != nil {
		var room [cacheWord]byte
		if w, ok := c.bert.plain(room[:0], chunk); ok {
			return c.encode(dst, word{text: w}, 0)
		}
	}
	n := int32(0)
	c.words.words(chunk, func(w word) {
		dst = c.encode(dst, w, n)
		n++
	})
	return dst
}

// encode appends the pieces of one word.
func (c *charBPE) encode(dst []piece, w word, n int32) []piece {
	var room [longWord]symbol
	for _, p := range c.join(c.symbols(room[:0], w.text)) {
		from, to := w.span(int(p.start), int(p.end))
		dst = append(dst, piece{p.id, from, to, n})
	}
	return dst
}

// symbols appends the characters of a word; one that is neither known nor
// covered by an unknown token is left out.
func (c *charBPE) symbols(dst []symbol, w []byte) []symbol {
	for at := 0; at < len(w); {
		r, size := utf8.DecodeRune(w[at:])
		table := c.inner
		if at+size == len(w) {
			table = c.final
		}
		id, ok := table[r]
		if !ok {
			id = c.unk
		}
		if id >= 0 {
			dst = append(dst, symbol{id, int32(at), int32(at + size)})
		}
		at += size
	}
	return dst
}
