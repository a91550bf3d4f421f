package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// oddText has something for every rule.
const oddText = " The caf\u00e9's  \u4f60\u597d <mask>[MASK]\n\u00a0``x'' 1991, \u200d\U0001f600\xff\u0130 "

// FuzzTokenizerJSON reads hostile files: any answer will do, except a panic,
// and what opens must encode within bounds.
func FuzzTokenizerJSON(f *testing.F) {
	for _, c := range published {
		s := readSample(f, filepath.Join("testdata", c.name+".json.gz"))
		s.Document.Model = smallModel(f, s.Document)
		b, err := marshal(s.Document)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) { openAndEncode(t, fstest.MapFS{"tokenizer.json": {Data: data}}) })
}

// smallModel leaves few pieces in a model, so that mutations hit the rest.
func smallModel(f *testing.F, d document) json.RawMessage {
	fields, err := d.fields()
	if err != nil {
		f.Fatal(err)
	}
	switch m := fields.(type) {
	case *wordPieceFields:
		m.Vocab = newVocabulary(m.Vocab.tokens[:min(len(m.Vocab.tokens), 40)])
	case *bpeFields:
		m.Merges = nil
		m.Vocab = newVocabulary(m.Vocab.tokens[:min(len(m.Vocab.tokens), 40)])
	case *unigramFields:
		m.Vocab = scoredPieces{m.Vocab.tokens[:40], m.Vocab.scores[:40]}
	}
	b, err := marshal(fields)
	if err != nil {
		f.Fatal(err)
	}
	return b
}

func FuzzVocabText(f *testing.F) {
	f.Add([]byte(pocketVocab))
	f.Add([]byte("[PAD]\r\n[UNK]\r\n[CLS]\n[SEP]\n[MASK]\n##\n\n#\n##\xff\na\na\n"))
	f.Fuzz(func(t *testing.T, data []byte) { openAndEncode(t, fstest.MapFS{"vocab.txt": {Data: data}}) })
}

func FuzzSpiece(f *testing.F) {
	whole := spieceFile(append(append([]string(nil), xlnetSpecials...), "▁", "a", "▁The", "1,")...)
	f.Add(whole)
	f.Add(append(whole, field(3, field(2, charsmapFile(map[byte]string{'q': "kw"})[:100]))...))
	f.Fuzz(func(t *testing.T, data []byte) { openAndEncode(t, fstest.MapFS{"spiece.model": {Data: data}}) })
}

func FuzzMerges(f *testing.F) {
	vocab, merges := pocketBPE(robertaTokens...)
	f.Add([]byte(vocab), []byte(merges))
	f.Add([]byte(`{"<|endoftext|>":0,"a":1,"b":2,"ab":3}`), []byte("a b\na b\n"))
	f.Fuzz(func(t *testing.T, vocab, merges []byte) {
		openAndEncode(t, fstest.MapFS{"vocab.json": {Data: vocab}, "merges.txt": {Data: merges}})
	})
}

func openAndEncode(t *testing.T, fsys fstest.MapFS) {
	tok, err := Open(fsys)
	if err != nil {
		return
	}
	checkEncoding(t, tok, oddText)
}

// FuzzEncode encodes any text with every family.
func FuzzEncode(f *testing.F) {
	toks := []Tokenizer{NewCharacters(), NewWords([]string{"the", "."})}
	for _, c := range published {
		s := readSample(f, filepath.Join("testdata", c.name+".json.gz"))
		b, err := marshal(s.Document)
		if err != nil {
			f.Fatal(err)
		}
		tok, err := Open(fstest.MapFS{"tokenizer.json": {Data: b}})
		if err != nil {
			f.Fatal(err)
		}
		toks = append(toks, tok)
		if c.name == "gpt1" {
			original, err := newOpenAI(&openaiFields{tok.(*coder).fields.(*bpeFields)})
			if err != nil {
				f.Fatal(err)
			}
			toks = append(toks, original)
		}
		for _, text := range s.Texts[:min(40, len(s.Texts))] {
			f.Add(text)
		}
	}
	f.Add(oddText)
	f.Fuzz(func(t *testing.T, text string) {
		for _, tok := range toks {
			checkEncoding(t, tok, text)
		}
	})
}

// checkEncoding checks what holds for every encoding of every text.
func checkEncoding(t *testing.T, tok Tokenizer, text string) {
	t.Helper()
	e := tok.Encode(text)
	checkOrder(t, e, len(text))
	for i, s := range Runes(text, e.Spans) {
		if s.Start > s.End || s.End > utf8.RuneCountInString(text) {
			t.Fatalf("%q: token %d has characters %v", text, i, s)
		}
	}
	for i, id := range e.IDs {
		if id < 0 || int(id) >= tok.Size() {
			t.Fatalf("%q: token %d has id %d of %d", text, i, id, tok.Size())
		}
	}
	tok.Decode(e.IDs)
	words := []string{text, "", "a"}
	given := tok.EncodeWords(words)
	for i, s := range given.Spans {
		if s.Start < 0 || s.Start > s.End || s.End > len(words[given.Words[i]]) {
			t.Fatalf("%q: token %d of the words given has span %v of word %d", text, i, s, given.Words[i])
		}
	}
	for _, max := range []int{0, 1, 5} {
		if w := tok.Wrap(e, &given, max); max > 4 && len(w.IDs) > max || len(w.IDs) != len(w.Types) || len(w.IDs) != len(w.Special) {
			t.Fatalf("%q: at most %d tokens give %d", text, max, len(w.IDs))
		}
	}
}

// checkOrder checks that spans are in order and within the text, and that
// words follow each other.
func checkOrder(t *testing.T, e Encoding, size int) {
	t.Helper()
	n := len(e.IDs)
	if len(e.Spans) != n || len(e.Words) != n || len(e.Types) != n || len(e.Special) != n {
		t.Fatalf("%d ids, %d spans, %d words, %d types, %d special", n, len(e.Spans), len(e.Words), len(e.Types), len(e.Special))
	}
	last, word := 0, int32(0)
	for i, s := range e.Spans {
		if s.Start < 0 || s.Start > s.End || s.End > size || s.End < last {
			t.Fatalf("token %d of a text of %d bytes has span %v after %d", i, size, s, last)
		}
		if w := e.Words[i]; w != word && w != word+1 {
			t.Fatalf("token %d is of word %d, after %d", i, w, word)
		}
		last, word = s.End, e.Words[i]
	}
}

func TestOddTextIsEncodedByEveryFamily(t *testing.T) {
	for _, c := range published {
		dir := filepath.Join(shared, c.name)
		if _, err := os.Stat(dir); err != nil {
			t.Skipf("%s is not here", dir)
		}
		tok, err := Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		checkEncoding(t, tok, oddText)
	}
}
