package tokenizer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestErrorsOfOpenNameTheFileAndWhatWasExpected(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		want             []string
	}{
		{"no json", "tokenizer.json", "{", []string{"tokenizer.json", "unexpected end"}},
		{"no model", "tokenizer.json", "{}", []string{`no field "model"`}},
		{"odd model", "tokenizer.json", `{"model":{"type":"WordLevel"}}`, []string{`"WordLevel"`, "expected WordPiece, BPE or Unigram"}},
		{"no unknown token", "tokenizer.json", `{"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","vocab":{"a":0}}}`, []string{`no unknown token "[UNK]"`}},
		{"odd pre-tokenizer", "tokenizer.json", `{"pre_tokenizer":{"type":"Split"},"model":{"type":"WordPiece","vocab":{"[UNK]":0}}}`, []string{`"Split"`, "expected BertPreTokenizer"}},
		{"huge id", "tokenizer.json", `{"model":{"type":"WordPiece","vocab":{"[UNK]":2000000000}}}`, []string{"id 2000000000", "[UNK]"}},
		{"one id twice", "tokenizer.json", `{"model":{"type":"WordPiece","vocab":{"a":0,"b":0}}}`, []string{`"a" and "b"`, "id 0"}},
		{"special token of no vocabulary", "tokenizer.json", `{"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"BertProcessing","sep":["a",9],"cls":["b",1]},"model":{"type":"WordPiece","vocab":{"[UNK]":0}}}`, []string{"post-processor", "special token id"}},
		{"no vocabulary", "tokenizer.json", `{"model":{"type":"BPE","vocab":null}}`, []string{"found null, expected an object"}},
		{"half an id", "tokenizer.json", `{"model":{"type":"BPE","vocab":{"a":0.5}}}`, []string{"id 0.5"}},
		{"odd score", "tokenizer.json", `{"model":{"type":"Unigram","vocab":[["a","b"]]}}`, []string{"piece 0", `found "b", expected a number`}},
		{"empty vocabulary", "vocab.txt", "", []string{"vocab.txt", "one token a line"}},
		{"other vocabulary", "vocab.txt", "a\nb\n", []string{"vocab.txt", `"[PAD]"`, "2 lines"}},
		{"bad configuration", "config.json", "[", []string{"config.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(fstest.MapFS{c.file: {Data: []byte(c.data)}})
			if err == nil {
				t.Fatal("opened, want an error")
			}
			for _, w := range append(c.want, "tokenizer: ") {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q, want %q in it", err, w)
				}
			}
		})
	}
}

func TestAFolderWithoutAVocabularyListsWhatWasLookedFor(t *testing.T) {
	_, err := Open(fstest.MapFS{"model.safetensors": {}})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "vocab.json with merges.txt") {
		t.Errorf("error %v, want one that lists the layouts", err)
	}
}

func TestEscapedTokensAreReadAsTheyAreMeant(t *testing.T) {
	const data = `{ "pre_tokenizer": {"type": "BertPreTokenizer"}, "model": {"type": "WordPiece", "vocab":
		{"[UNK]": 0, "\u0061\ud83d\ude00" : 1,"q\"\\": 2 , "{[": 3} , "max_input_chars_per_word": 100 } }`
	tok, err := Open(fstest.MapFS{"tokenizer.json": {Data: []byte(data)}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tokens(tok, []int32{0, 1, 2, 3}), []string{"[UNK]", "a\U0001f600", `q"\`, "{["}; !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestOneFileOpensUnderAnyName(t *testing.T) {
	first := pocket(t, "")
	dir := t.TempDir()
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"tokenizer.json": "bert.json", "vocab.txt": "bert.vocab"} {
		path := filepath.Join(dir, to)
		if err := os.Rename(filepath.Join(dir, from), path); err != nil {
			t.Fatal(err)
		}
		tok, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tok.Encode("the film").IDs, first.Encode("the film").IDs; !slices.Equal(got, want) {
			t.Errorf("%s: ids %v, want %v", to, got, want)
		}
	}
	if _, err := OpenFile(filepath.Join(dir, "absent.json")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "absent.json") {
		t.Errorf("error %v, want one that names absent.json", err)
	}
}

func TestAddedTokensFollowTheirOptions(t *testing.T) {
	list := []addedToken{
		{ID: 1, Content: "<a>"}, {ID: 2, Content: "<a>b"}, {ID: 3, Content: "whole", SingleWord: true},
		{ID: 4, Content: "Case", Normalized: true}, {ID: 5, Content: "[r]", RStrip: true}, {ID: 6, Content: "[l]", LStrip: true},
	}
	for _, c := range []struct {
		text       string
		id         int32
		start, end int
	}{
		{"x<a>c", 1, 1, 4},
		{"x<a>bc", 2, 1, 5}, // the longest wins
		{"wholes whole", 3, 7, 12},
		{"a wholesome_whole", 0, 17, 17},
		{"in cASE", 4, 3, 7},
		{"a[r] \t b", 5, 1, 7},
		{"a \u00a0[l] b", 6, 1, 7},
	} {
		got := newAddedTokens(list, true, false).find(c.text, 0)
		if got.id != c.id || got.start != c.start || got.end != c.end {
			t.Errorf("%q: token %d from %d to %d, want %d from %d to %d", c.text, got.id, got.start, got.end, c.id, c.start, c.end)
		}
	}
}

func TestRunesCountsCharacters(t *testing.T) {
	text := "a\u00e9\U0001f600\xff!"
	got := Runes(text, []Span{{0, 1}, {1, 3}, {3, 7}, {7, 8}, {8, 9}, {9, 9}})
	if want := []Span{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 5}}; !slices.Equal(got, want) {
		t.Errorf("characters %v, want %v", got, want)
	}
}

func TestTheSameChunkFromManyGoroutines(t *testing.T) {
	tok := pocket(t, "")
	want := tok.Encode("the unaffable film").IDs
	done := make(chan []int32)
	for range 8 {
		go func() {
			var got []int32
			for range 200 {
				got = tok.Encode("the unaffable film").IDs
			}
			done <- got
		}()
	}
	for range 8 {
		if got := <-done; !slices.Equal(got, want) {
			t.Errorf("ids %v, want %v", got, want)
		}
	}
}
