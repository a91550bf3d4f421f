package tokenizer

import (
	"fmt"
	"strings"
	"unicode"
)

// wordsFile is where Words are saved: one word a line.
const wordsFile = "words.txt"

// Words is the Tokenizer of static vectors such as GloVe: a token is a whole
// word, its id the row of its vector. Text is cut as the Penn Treebank is ("do
// n't", "Smith 's"). A word is looked up as it stands, then lower-cased, so
// that cased and uncased vectors both work; what is in neither form is <unk>.
type Words struct {
	list     *vocabulary
	unk, pad int32
}

// NewWords returns a tokenizer over words in the order of their vectors. The
// ids of <unk> and <pad> follow behind them unless they are words already:
// Size may be up to two larger than the number of words.
func NewWords(words []string) *Words {
	w := &Words{list: newVocabulary(append([]string(nil), words...))}
	w.unk, w.pad = w.orNew("<unk>"), w.orNew("<pad>")
	return w
}

// orNew returns the id of a word, a new one if need be.
func (w *Words) orNew(word string) int32 {
	if id, ok := w.ID(word); ok {
		return id
	}
	id := int32(len(w.list.tokens))
	w.list.tokens = append(w.list.tokens, word)
	w.list.ids[word] = id
	return id
}

// lookup returns the id of a word of a text.
func (w *Words) lookup(word string) int32 {
	if id, ok := w.list.ids[word]; ok {
		return id
	}
	if id, ok := w.list.ids[strings.ToLower(word)]; ok {
		return id
	}
	return w.unk
}

// Encode cuts text into words.
func (w *Words) Encode(text string) Encoding { return encodeWhole(text, w.lookup) }

// EncodeWords takes every word as a token.
func (w *Words) EncodeWords(words []string) Encoding { return encodeGiven(words, w.lookup) }

// Wrap adds nothing; a pair is of types 0 and 1.
func (w *Words) Wrap(a Encoding, pair *Encoding, max int) Encoding {
	return plainTemplate().wrap(a, pair, max)
}

// Decode returns the words with blanks where people put them.
func (w *Words) Decode(ids []int32) string {
	return decodeWhole(ids, w.Token, w.pad)
}

// Token returns the word with this id.
func (w *Words) Token(id int32) string { return w.list.Token(id) }

// ID returns the id of a word exactly as it is written.
func (w *Words) ID(word string) (int32, bool) { return w.list.ID(word) }

// Size is the number of words, <unk> and <pad> included.
func (w *Words) Size() int { return w.list.Size() }

// Specials has UNK and PAD.
func (w *Words) Specials() Specials {
	return Specials{CLS: -1, SEP: -1, PAD: w.pad, MASK: -1, UNK: w.unk, BOS: -1, EOS: -1}
}

// Save writes words.txt.
func (w *Words) Save(dir string) error { return saveFile(dir, wordsFile, w.list.writeVocabText) }

// openWords reads words.txt.
func openWords(f folder) (Tokenizer, error) {
	name, b, err := f.file(wordsFile)
	if err != nil {
		return nil, err
	}
	v, err := readVocabText(b)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	return NewWords(v.tokens), nil
}

// treebankMarks are the marks that stand alone wherever they are.
const treebankMarks = `-!";?,)([]}{`

// encodeWhole cuts text into words, one token each.
func encodeWhole(text string, id func(string) int32) Encoding {
	e := newEncoding(len(text)/5 + 1)
	for at := 0; at < len(text); {
		rest := text[at:]
		size := strings.IndexFunc(rest, unicode.IsSpace)
		switch {
		case size == 0:
			at += len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
			continue
		case size < 0:
			size = len(rest)
		}
		t, first := track(rest[:size]), 0
		for _, n := range englishWords(t.runes, treebankMarks, true) {
			from, to := at+int(t.from[first]), at+int(t.to[first+n-1])
			e.add(id(text[from:to]), Span{from, to}, int32(len(e.IDs)))
			first += n
		}
		at += size
	}
	return e
}

// encodeGiven makes each word a token.
func encodeGiven(words []string, id func(string) int32) Encoding {
	e := newEncoding(len(words))
	for i, w := range words {
		e.add(id(w), Span{0, len(w)}, int32(i))
	}
	return e
}

// decodeWhole joins the words of ids, without those in drop.
func decodeWhole(ids []int32, token func(int32) string, drop ...int32) string {
	var words []string
next:
	for _, id := range ids {
		for _, d := range drop {
			if id == d {
				continue next
			}
		}
		if t := token(id); t != "" {
			words = append(words, t)
		}
	}
	return tidy(strings.Join(words, " "))
}
