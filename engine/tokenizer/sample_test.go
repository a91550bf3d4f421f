package tokenizer

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

var update = flag.Bool("update", false, "write testdata/NAME.json.gz anew from the published vocabularies")

// A sample is a part of a published vocabulary that encodes some texts as the
// whole does: it holds every piece and merge those texts need, and no piece
// that was not there to win before. Ids are numbered anew.
type sample struct {
	Document document    `json:"document"`
	Texts    []string    `json:"texts"`
	Want     []reference `json:"want"`
}

func TestSamplesOfPublishedVocabulariesEncodeAsTheReference(t *testing.T) {
	for _, c := range published {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join("testdata", c.name+".json.gz")
			if *update {
				writeSample(t, c.name, path)
			}
			s := readSample(t, path)
			b, err := marshal(s.Document)
			if err != nil {
				t.Fatal(err)
			}
			tok, err := Open(fstest.MapFS{"tokenizer.json": {Data: b}})
			if err != nil {
				t.Fatal(err)
			}
			for i, text := range s.Texts {
				agrees(t, tok, text, s.Want[i], c.allow, false)
			}
		})
	}
}

func readSample(t testing.TB, path string) (s sample) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// writeSample keeps the pieces that some of the texts need.
func writeSample(t *testing.T, name, path string) {
	t.Helper()
	texts := readJSON[map[string][]string](t, filepath.Join(shared, "texts.json"))
	refs := readJSON[map[string][]reference](t, filepath.Join(shared, name, "reference.json"))
	s := sample{Document: readJSON[document](t, filepath.Join(shared, name, "tokenizer.json"))}
	for _, part := range []string{"hand", "fuzz"} {
		n := min(len(texts[part]), 100)
		s.Texts = append(s.Texts, texts[part][:n]...)
		s.Want = append(s.Want, refs[part][:n]...)
	}
	fields, err := s.Document.fields()
	if err != nil {
		t.Fatal(err)
	}
	c, err := build(s.Document, fields)
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	for _, t := range s.Document.AddedTokens {
		used[t.Content] = true
	}
	for _, w := range s.Want {
		for _, id := range w.IDs {
			used[c.Token(id)] = true
		}
	}
	var ids map[int32]int32
	switch f := fields.(type) {
	case *wordPieceFields:
		f.Vocab, ids = onlyUsed(f.Vocab, used)
	case *bpeFields:
		f.keepMerges(used)
		f.Vocab, ids = onlyUsed(f.Vocab, used)
	case *unigramFields:
		ids = f.keep(used)
		s.dropCharsmap(t, c)
	}
	s.renumber(ids)
	if s.Document.Model, err = marshal(fields); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	out, err := marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(z, bytes.NewReader(out)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// onlyUsed returns the used tokens of v, and what became of their ids.
func onlyUsed(v *vocabulary, used map[string]bool) (*vocabulary, map[int32]int32) {
	ids := make(map[int32]int32)
	var kept []string
	for id, t := range v.tokens {
		if used[t] {
			ids[int32(id)] = int32(len(kept))
			kept = append(kept, t)
		}
	}
	return newVocabulary(kept), ids
}

// keepMerges keeps the merges that make used tokens, and adds their parts and
// the single characters to used.
func (f *bpeFields) keepMerges(used map[string]bool) {
	var kept mergeList
	for _, m := range slices.Backward(f.Merges) {
		if used[m[0]+m[1]] {
			used[m[0]], used[m[1]] = true, true
			kept = append(kept, m)
		}
	}
	slices.Reverse(kept)
	f.Merges = kept
	for _, r := range byteRunes {
		used[string(r)] = true
	}
}

// keep keeps the used pieces and the worst one, which sets the score of
// unknown characters.
func (f *unigramFields) keep(used map[string]bool) map[int32]int32 {
	worst := slices.Index(f.Vocab.scores, slices.Min(f.Vocab.scores))
	ids := make(map[int32]int32)
	var kept scoredPieces
	for id, t := range f.Vocab.tokens {
		if used[t] || id == worst {
			ids[int32(id)] = int32(len(kept.tokens))
			kept.tokens, kept.scores = append(kept.tokens, t), append(kept.scores, f.Vocab.scores[id])
		}
	}
	f.Vocab, f.Unknown = kept, new(ids[*f.Unknown])
	return ids
}

// dropCharsmap leaves out SentencePiece's rules, which are too large to keep,
// and the texts that change with them.
func (s *sample) dropCharsmap(t *testing.T, c *coder) {
	t.Helper()
	u := c.model.(*unigram)
	u.steps = slices.DeleteFunc(u.steps, func(s step) bool { _, ok := s.(*charsmap); return ok })
	stages, err := flatten(s.Document.Normalizer, "normalizers")
	if err != nil {
		t.Fatal(err)
	}
	stages = slices.DeleteFunc(stages, func(s *stage) bool { return s.Type == "Precompiled" })
	s.Document.Normalizer = stageOf(map[string]any{"type": "Sequence", "normalizers": stages})
	c.cache = newCache()
	var texts []string
	var want []reference
	for i, text := range s.Texts {
		if slices.Equal(c.Encode(text).IDs, s.Want[i].IDs) && !strings.ContainsFunc(text, unicode.IsControl) {
			texts, want = append(texts, text), append(want, s.Want[i])
		}
	}
	s.Texts, s.Want = texts, want
}

// renumber gives the sample's references and special tokens their new ids.
func (s *sample) renumber(ids map[int32]int32) {
	for i := range s.Document.AddedTokens {
		s.Document.AddedTokens[i].ID = ids[s.Document.AddedTokens[i].ID]
	}
	for _, w := range s.Want {
		for i, id := range w.IDs {
			w.IDs[i] = ids[id]
		}
		for i, id := range w.Full {
			w.Full[i] = ids[id]
		}
	}
	s.Document.PostProcessor = renumbered(s.Document.PostProcessor, ids)
}

// renumbered changes the ids in a post-processor.
func renumbered(s *stage, ids map[int32]int32) *stage {
	if s == nil {
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal(s.raw, &fields); err != nil {
		panic(err)
	}
	for _, name := range []string{"sep", "cls"} {
		if pair, ok := fields[name].([]any); ok {
			pair[1] = ids[int32(pair[1].(float64))]
		}
	}
	special, _ := fields["special_tokens"].(map[string]any)
	for _, t := range special {
		list := t.(map[string]any)["ids"].([]any)
		for i := range list {
			list[i] = ids[int32(list[i].(float64))]
		}
	}
	return stageOf(fields)
}

// charsmapFile makes SentencePiece's precompiled rules for single bytes: the
// double array has the root at 0, the children of the root around offset, and
// each child's value at an offset of its own.
func charsmapFile(rules map[byte]string) []byte {
	const offset = 0x100
	units := make([]uint32, 0x400)
	units[0] = offset << 10
	var pool []byte
	leaf := uint32(0x200)
	for c, to := range rules {
		at := offset ^ uint32(c)
		units[at] = (at^leaf)<<10 | 1<<8 | uint32(c)
		units[leaf] = 1<<31 | uint32(len(pool))
		pool = append(append(pool, to...), 0)
		leaf++
	}
	b := []byte{0, 0x10, 0, 0}
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
	}
	return append(b, pool...)
}

func TestPrecompiledRulesReplaceAndDropCharacters(t *testing.T) {
	raw := charsmapFile(map[byte]string{'\t': " ", 'q': "kw", 1: ""})
	s := stageOf(map[string]any{"type": "Precompiled", "precompiled_charsmap": base64.StdEncoding.EncodeToString(raw)})
	steps, err := readSteps(s)
	if err != nil {
		t.Fatal(err)
	}
	out := steps[0].apply(track("a\tq\x01\u00e9"))
	if got, want := string(out.runes), "a kw\u00e9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []int32{0, 1, 2, 2, 4}; !slices.Equal(out.from, want) {
		t.Errorf("characters come from bytes %v, want %v", out.from, want)
	}
	if steps[0].plain() {
		t.Error("rules for q leave plain ASCII alone")
	}
}

func TestDamagedPrecompiledRulesAreRefusedOrFindNothing(t *testing.T) {
	for _, b := range [][]byte{nil, {1, 2}, {3, 0, 0, 0, 1, 1, 1}, {8, 0, 0, 0, 1}, {255, 255, 255, 255}} {
		if _, err := newCharsmap(b); err == nil {
			t.Errorf("%v is read, want an error", b)
		}
	}
	raw := charsmapFile(map[byte]string{'q': "kw"})
	for i := range raw {
		raw[i] ^= 0x55
		if m, err := newCharsmap(raw); err == nil {
			m.find([]byte("q"))
		}
		raw[i] ^= 0x55
	}
}
