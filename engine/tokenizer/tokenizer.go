// Package tokenizer turns text into the token ids that a backbone was
// trained on, and back.
//
// Text walks through four steps. Added tokens ("[MASK]", "<|endoftext|>") are
// cut from the raw text first. What lies between them is cut into chunks,
// stretches that can be encoded without looking at their neighbours. A model
// (WordPiece, BPE or Unigram) turns a chunk into pieces, and a cache remembers
// the pieces of the chunks seen last. Wrap then adds the special tokens that
// the backbone expects around one sentence or a pair.
//
//	tok, err := tokenizer.Open(os.DirFS("bert-base-uncased"))
//	one := tok.Encode("The film was unaffable.")
//	in := tok.Wrap(one, nil, 128) // [CLS] the film was una ##ffa ##ble . [SEP]
//
// Ids and offsets agree with the Rust library "tokenizers" for the published
// BERT, RoBERTa, GPT-1, GPT-2 and XLNet files. ELMo reads characters (see
// Characters) and static vectors read words (see Words); both are Tokenizers
// too.
package tokenizer

import "unicode/utf8"

// A Span is a stretch of text, Start up to but not including End, counted in
// bytes of the text as it was given to Encode.
type Span struct{ Start, End int }

// An Encoding is a sequence of tokens; its slices all have one entry per token.
type Encoding struct {
	IDs     []int32
	Spans   []Span  // where the token stands in the text; {0, 0} for tokens that Wrap added
	Words   []int32 // the word the token belongs to, counted from 0; -1 for tokens that Wrap added
	Types   []int32 // segment: 0 first text, 1 second text, 2 XLNet's <cls>
	Special []bool  // true for tokens that Wrap added
}

// Specials are the ids of the tokens with a meaning of their own; -1 when the
// vocabulary has no such token.
type Specials struct{ CLS, SEP, PAD, MASK, UNK, BOS, EOS int32 }

// A Tokenizer is safe for use by several goroutines.
type Tokenizer interface {
	// Encode returns the tokens of text without the model's special tokens.
	Encode(text string) Encoding
	// EncodeWords encodes text that was split into words before, as in named
	// entity data. Words index the words given and Spans count from the start
	// of the token's own word. Byte-level models see each word with a blank
	// before it.
	EncodeWords(words []string) Encoding
	// Wrap adds the special tokens and segment types the model expects around
	// a, or around a and pair. With max > 0 the longer side loses tokens from
	// its end until the whole has at most max; max never removes the special
	// tokens themselves.
	Wrap(a Encoding, pair *Encoding, max int) Encoding
	// Decode returns the text of ids with the special tokens dropped and
	// blanks put where people write them.
	Decode(ids []int32) string
	// Token returns the token with this id, "" when there is none.
	Token(id int32) string
	// ID returns the id of token.
	ID(token string) (int32, bool)
	// Size is the number of ids: the largest one plus 1.
	Size() int
	// Specials returns the ids of the special tokens.
	Specials() Specials
	// Save writes the files from which Open reads the same tokenizer.
	Save(dir string) error
}

// Runes converts spans over text from bytes to characters (code points; a byte
// that is not valid UTF-8 counts as one).
func Runes(text string, spans []Span) []Span {
	index := make([]int, len(text)+1) // index[i] is the character that byte i belongs to
	n := 0
	for i := 0; i < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[i:])
		for range size {
			index[i] = n
			i++
		}
	}
	index[len(text)] = n
	out := make([]Span, len(spans))
	for i, s := range spans {
		out[i] = Span{index[s.Start], index[s.End]}
	}
	return out
}

// newEncoding returns an Encoding with room for n tokens.
func newEncoding(n int) Encoding {
	return Encoding{
		IDs: make([]int32, 0, n), Spans: make([]Span, 0, n), Words: make([]int32, 0, n),
		Types: make([]int32, 0, n), Special: make([]bool, 0, n),
	}
}

// add appends one token of segment 0.
func (e *Encoding) add(id int32, span Span, word int32) {
	e.IDs = append(e.IDs, id)
	e.Spans = append(e.Spans, span)
	e.Words = append(e.Words, word)
	e.Types = append(e.Types, 0)
	e.Special = append(e.Special, false)
}
