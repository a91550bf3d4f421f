package tokenizer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// openaiWords lists the words of text with | between.
func openaiWords(text string) string {
	var got []string
	var o openaiText
	for at := 0; at < len(text); {
		start, end := o.next(text, at)
		if start == len(text) {
			break
		}
		o.words(text[start:end], func(w word) { got = append(got, string(w.text)) })
		at = end
	}
	return strings.Join(got, "|")
}

func TestTextIsCutAsTheOriginalGPT1CodeDoes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"The Film.", "the|film|."},
		{"I can't, they'll say: \u201cDon't!\u201d", "i|ca|n't|,|they|'ll|say|:|\"|do|n't|!|\""},
		{"one\u2014two\u2026 three--four", "one|-|two|...|three|--|four"},
		{" \n first \n\n second \n", "first|\n|second"},
		{"Mr. Smith's U.S. $5", "mr.|smith|'s|u.s.|$|5"},
		{"'quoted' (really)??", "'|quoted|'|(|really|)|??"},
		{"end.Next wait...what", "end|.|next|wait|...|what"},
		{"I cannot, let's go 3.14", "i|can|not|,|let|'s|go|3.14"},
		{"\ufb01nal \uff2f\uff2b", "final|ok"},
		{"...", "..."},
	} {
		if got := openaiWords(c.text); got != c.want {
			t.Errorf("%q is cut %q, want %q", c.text, got, c.want)
		}
	}
}

func TestOpenAIsFilesOpenAndSave(t *testing.T) {
	fsys := fstest.MapFS{
		"encoder_bpe_40000.json": {Data: []byte(`{"<unk>":0,"d":1,"o":2,"n":3,"o</w>":4,"do</w>":5,"'":6,"t</w>":7,"n't</w>":8,"'t</w>":9,"\n</w>":10}`)},
		"vocab_40000.bpe":        {Data: []byte("#version: 0.2\nd o</w>\n' t</w>\nn 't</w>\n")},
	}
	first, err := Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	second, err := Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, tok := range []Tokenizer{first, second} {
		text := "Don\u2019t \n do q"
		e := tok.Encode(text)
		if got, want := tokens(tok, e.IDs), []string{"do</w>", "n't</w>", "\n</w>", "do</w>", "<unk>"}; !slices.Equal(got, want) {
			t.Errorf("tokens %q, want %q", got, want)
		}
		if want := []Span{{0, 2}, {2, 7}, {7, 10}, {10, 12}, {13, 14}}; !slices.Equal(e.Spans, want) {
			t.Errorf("spans %v, want %v", e.Spans, want)
		}
		if got, want := tok.Decode(e.IDs[:2]), "don't"; got != want {
			t.Errorf("decoded %q, want %q", got, want)
		}
	}
}

func TestEnglishProseHasNoUnknownWordsForGPT1(t *testing.T) {
	texts := readJSON[map[string][]string](t, filepath.Join(shared, "texts.json"))
	fsys := make(fstest.MapFS)
	for _, f := range []string{openaiVocab, openaiMerges} {
		b, err := os.ReadFile(filepath.Join(shared, "gpt1", f))
		if err != nil {
			t.Fatal(err)
		}
		fsys[f] = &fstest.MapFile{Data: b}
	}
	tok, err := Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	all, unknown := 0, 0
	for _, text := range texts["en"] {
		for _, id := range tok.Encode(text).IDs {
			all++
			if id == 0 {
				unknown++
			}
		}
	}
	t.Logf("%d of %d tokens are unknown", unknown, all)
	if unknown*500 > all {
		t.Errorf("%d of %d tokens are unknown, want at most one in 500", unknown, all)
	}
}
