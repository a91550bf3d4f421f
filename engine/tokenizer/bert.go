package tokenizer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A bertText is the text side of BERT: BertNormalizer and BertPreTokenizer in
// one scan, after tokenization.py of google-research/bert. GPT-1's published
// tokenizer.json uses it too.
type bertText struct {
	clean bool // drop control characters, make all blanks ' '
	cjk   bool // every CJK ideograph is a word
	strip bool // decompose and drop accents (category Mn)
	lower bool
}

// A class is what a character does to the words around it.
type class byte

const (
	inWord class = iota
	blank
	alone // a word by itself
)

// asciiClass is the class of every character below U+0080. Control characters
// count as part of a word: they are dropped from it later.
var asciiClass = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			t[c] = blank
		case isASCIIPunct(rune(c)):
			t[c] = alone
		}
	}
	return t
}()

// lowers reports whether the text is lower-cased.
func (b *bertText) lowers() bool { return b.lower }

// class of a character of the raw text.
func (b *bertText) class(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass[r]
	case b.clean && r == '\u0085': // a control character before it is a blank
		return inWord
	case unicode.IsSpace(r):
		return blank
	case b.cjk && isCJK(r), unicode.IsPunct(r):
		return alone
	}
	return inWord
}

// next returns the next run of word characters or the next character that
// stands alone.
func (b *bertText) next(text string, at int) (start, end int) {
	for start = at; start < len(text); {
		r, size := rune(text[start]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[start:])
		}
		switch b.class(r) {
		case inWord:
			return start, b.wordEnd(text, start+size)
		case alone:
			return start, start + size
		}
		start += size
	}
	return start, start
}

// wordEnd returns the end of the run of word characters at byte i.
func (b *bertText) wordEnd(text string, i int) int {
	for i < len(text) {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
			if b.class(r) != inWord {
				return i
			}
		} else if asciiClass[r] != inWord {
			return i
		}
		i += size
	}
	return i
}

// A word is one normalised word of a chunk. Byte i of text came from the
// bytes from[i] up to to[i] of the chunk; both are nil when text is the chunk
// itself, perhaps lower-cased.
type word struct {
	text     []byte
	from, to []int32
}

// span returns the bytes of the chunk behind text[start:end].
func (w *word) span(start, end int) (from, to int32) {
	if w.from == nil {
		return int32(start), int32(end)
	}
	return w.from[start], w.to[end-1]
}

// words calls f with the normalised words of chunk. The word is only valid
// during the call. For most chunks plain does the same, faster.
func (b *bertText) words(chunk string, f func(word)) {
	s := &bertScan{bertText: b, found: f}
	for i, r := range chunk {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(chunk[i:])
		}
		s.raw(r, int32(i), int32(i+size))
	}
	s.flush()
}

// plain returns chunk as its only word, lower-cased as needed, when it is
// printable ASCII.
func (b *bertText) plain(dst []byte, chunk string) ([]byte, bool) {
	for i := range len(chunk) {
		c := chunk[i]
		if c <= ' ' || c >= 0x7F {
			return nil, false
		}
		if b.lower && 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst, true
}

// A bertScan normalises one chunk and finds its words.
type bertScan struct {
	*bertText
	found func(word)
	word  word
}

// raw takes one character of the chunk, at bytes from to to.
func (s *bertScan) raw(r rune, from, to int32) {
	if s.clean {
		if r == 0 || r == utf8.RuneError || isControl(r) {
			return
		}
		if unicode.IsSpace(r) {
			r = ' '
		}
	}
	if s.cjk && isCJK(r) {
		s.flush()
		defer s.flush()
	}
	if !s.strip {
		s.lowered(r, from, to)
		return
	}
	var room [16]rune
	for _, d := range decompose(room[:0], r, norm.NFD) {
		if !unicode.Is(unicode.Mn, d) {
			s.lowered(d, from, to)
		}
	}
}

// lowered takes one character that is cleaned and stripped.
func (s *bertScan) lowered(r rune, from, to int32) {
	if s.lower {
		if r == 'İ' { // the only character whose lower case is two
			s.put('i', from, to)
			r = '\u0307'
		}
		r = unicode.ToLower(r)
	}
	switch {
	case unicode.IsSpace(r):
		s.flush()
	case isPunct(r):
		s.flush()
		s.put(r, from, to)
		s.flush()
	default:
		s.put(r, from, to)
	}
}

func (s *bertScan) put(r rune, from, to int32) {
	n := len(s.word.text)
	s.word.text = utf8.AppendRune(s.word.text, r)
	for range len(s.word.text) - n {
		s.word.from = append(s.word.from, from)
		s.word.to = append(s.word.to, to)
	}
}

// flush hands the word over, if there is one, and begins the next.
func (s *bertScan) flush() {
	if len(s.word.text) > 0 {
		s.found(s.word)
		s.word = word{s.word.text[:0], s.word.from[:0], s.word.to[:0]}
	}
}
