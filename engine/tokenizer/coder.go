package tokenizer

import "strings"

// A piece is one token of a chunk: its id, the bytes of the chunk it covers and
// the word of the chunk it belongs to, counted from 0.
type piece struct{ id, start, end, word int32 }

// A model cuts text into chunks and chunks into pieces. The pieces of a chunk
// depend on that chunk alone.
type model interface {
	// next returns the bounds of the first chunk at or after byte at; start
	// is len(text) when there is none.
	next(text string, at int) (start, end int)
	// pieces appends the pieces of one chunk.
	pieces(dst []piece, chunk string) []piece
}

// A coder is the Tokenizer of every model that has a vocabulary of pieces.
type coder struct {
	*vocabulary
	settings  document // what Save writes around the model
	fields    modelFields
	model     model
	added     *addedTokens
	cache     *cache
	template  template
	join      func(tokens []string) string // the text of a run of tokens
	specials  Specials
	trim      bool // spans leave out blanks
	lead      bool // text that does not begin with a blank gets one
	leadWords bool // and so do the words of EncodeWords
}

// Encode returns the tokens of text without special tokens.
func (c *coder) Encode(text string) Encoding {
	p := pass{c: c, out: newPass(len(text)/4 + 4), lead: c.lead}
	p.text(text)
	return p.done()
}

// EncodeWords encodes text that is already split into words.
func (c *coder) EncodeWords(words []string) Encoding {
	p := pass{c: c, out: newPass(2 * len(words)), lead: c.lead || c.leadWords, given: true}
	for i, w := range words {
		p.word = int32(i)
		p.text(w)
	}
	return p.done()
}

// Wrap adds special tokens and segment types.
func (c *coder) Wrap(a Encoding, pair *Encoding, max int) Encoding {
	return c.template.wrap(a, pair, max)
}

// Specials returns the ids of the special tokens.
func (c *coder) Specials() Specials { return c.specials }

// Decode returns the text of ids, special tokens dropped. Added tokens with a
// meaning for people stand in it as they are.
func (c *coder) Decode(ids []int32) string {
	var out strings.Builder
	var run []string
	for _, id := range ids {
		t := c.Token(id)
		a := c.added.named(t)
		if t == "" || a != nil && a.Special {
			continue
		}
		if a == nil {
			run = append(run, t)
			continue
		}
		out.WriteString(c.join(run))
		out.WriteString(t)
		run = run[:0]
	}
	out.WriteString(c.join(run))
	return out.String()
}

// newPass returns an Encoding with room for n tokens but without types.
func newPass(n int) Encoding {
	return Encoding{IDs: make([]int32, 0, n), Spans: make([]Span, 0, n), Words: make([]int32, 0, n)}
}

// A pass is one call of Encode or EncodeWords.
type pass struct {
	c       *coder
	out     Encoding
	scratch []piece
	word    int32 // the word that the next chunk begins with
	given   bool  // words were given: word does not advance
	lead    bool  // a blank is put before text that has none
}

// text encodes s: added tokens and what lies between them.
func (p *pass) text(s string) {
	for at := 0; at < len(s); {
		cut := p.c.added.find(s, at)
		p.between(s[:cut.start], at)
		if cut.end > cut.start {
			p.add(cut.id, cut.span, p.word)
			p.advance(1)
		}
		at = cut.end
	}
}

// between encodes s from byte at on; it holds no added tokens.
func (p *pass) between(s string, at int) {
	if p.lead && at < len(s) && s[at] != ' ' {
		p.chunks(" "+s[at:], 0, at-1)
		return
	}
	p.chunks(s, at, 0)
}

// chunks encodes s from byte at on; s begins at byte base of the text, or one
// before it.
func (p *pass) chunks(s string, at, base int) {
	for at < len(s) {
		start, end := p.c.model.next(s, at)
		if start == len(s) {
			return
		}
		var pieces []piece
		pieces, p.scratch = p.c.cache.get(p.c.model, s[start:end], p.scratch)
		for _, q := range pieces {
			p.push(q, base+start)
		}
		if n := len(pieces); n > 0 {
			p.advance(pieces[n-1].word + 1)
		}
		at = end
	}
}

// push adds one piece of a chunk that starts at byte at, which is -1 when a
// blank was put before the text.
func (p *pass) push(q piece, at int) {
	span := Span{max(at+int(q.start), 0), max(at+int(q.end), 0)}
	word := p.word
	if !p.given {
		word += q.word
	}
	p.add(q.id, span, word)
}

// add appends a token; done sees to the types.
func (p *pass) add(id int32, span Span, word int32) {
	p.out.IDs = append(p.out.IDs, id)
	p.out.Spans = append(p.out.Spans, span)
	p.out.Words = append(p.out.Words, word)
}

// done returns the encoding, all of segment 0 and nothing special.
func (p *pass) done() Encoding {
	n := len(p.out.IDs)
	p.out.Types, p.out.Special = make([]int32, n), make([]bool, n)
	return p.out
}

// advance moves on to the next word, unless words were given.
func (p *pass) advance(words int32) {
	if !p.given {
		p.word += words
	}
}
