package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"
)

// shared is the folder with the published vocabularies and the ids and
// offsets of the Rust library; tests that need it skip without it.
var shared = filepath.Join("..", "..", "..", "shared", "tokenizers")

// A reference is the expected encoding of one text; offsets count characters.
type reference struct {
	IDs  []int32  `json:"ids"`
	Off  [][2]int `json:"off"`
	Full []int32  `json:"full"`
}

func readJSON[T any](t testing.TB, path string) (v T) {
	t.Helper()
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// ignoring says which differences of offsets a family is allowed.
type ignoring func(text string, got, want Span) bool

func never(string, Span, Span) bool { return false }

// droppedAtTheStart: when SentencePiece's rules drop the first character, the
// Rust library shifts the spans after it.
func droppedAtTheStart(text string, _, _ Span) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsControl(first)
}

// published lists the folders of vocabularies.
var published = []struct {
	name  string
	share float64 // of the random texts that must agree
	allow ignoring
}{
	{"bert-uncased", 0.998, never},
	{"bert-cased", 0.998, never},
	{"gpt2", 0.997, never},
	{"roberta", 0.997, never},
	{"gpt1", 0.997, never},
	{"xlnet", 0.997, droppedAtTheStart},
	{"xlnet-ws", 0.997, droppedAtTheStart},
}

func TestPublishedVocabulariesEncodeAsTheReference(t *testing.T) {
	texts := readJSON[map[string][]string](t, filepath.Join(shared, "texts.json"))
	for _, c := range published {
		t.Run(c.name, func(t *testing.T) {
			refs := readJSON[map[string][]reference](t, filepath.Join(shared, c.name, "reference.json"))
			tok, err := Open(os.DirFS(filepath.Join(shared, c.name)))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"hand", "en", "multi", "fuzz"} {
				good := 0
				for i, text := range texts[part] {
					if agrees(t, tok, text, refs[part][i], c.allow, part == "fuzz") {
						good++
					}
				}
				n := len(texts[part])
				t.Logf("%s: %d of %d texts agree", part, good, n)
				if share := float64(good) / float64(n); part == "fuzz" && share < c.share {
					t.Errorf("%.4f of the random texts agree, want at least %.4f", share, c.share)
				}
			}
		})
	}
}

func TestOlderLayoutsEncodeAsTokenizerJSON(t *testing.T) {
	texts := readJSON[map[string][]string](t, filepath.Join(shared, "texts.json"))
	for _, c := range []struct {
		name  string // whose tokenizer.json to compare with
		from  string
		files []string
	}{
		{"bert-uncased", "bert-uncased", []string{"vocab.txt"}},
		{"bert-cased", "bert-cased", []string{"vocab.txt"}},
		{"gpt2", "gpt2", []string{"vocab.json", "merges.txt"}},
		{"roberta", "roberta", []string{"vocab.json", "merges.txt"}},
		{"xlnet-ws", "xlnet", []string{"spiece.model"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := make(fstest.MapFS)
			for _, f := range c.files {
				b, err := os.ReadFile(filepath.Join(shared, c.from, f))
				if err != nil {
					t.Fatal(err)
				}
				fsys[f] = &fstest.MapFile{Data: b}
			}
			old, err := Open(fsys)
			if err != nil {
				t.Fatal(err)
			}
			now, err := Open(os.DirFS(filepath.Join(shared, c.name)))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range slices.Concat(texts["hand"], texts["en"], texts["fuzz"]) {
				a, b := old.Wrap(old.Encode(text), nil, 0), now.Wrap(now.Encode(text), nil, 0)
				if !reflect.DeepEqual(a, b) {
					t.Fatalf("%.60q:\n%s %v\ntokenizer.json %v", text, c.files, a, b)
				}
			}
			if old.Specials() != now.Specials() || old.Size() != now.Size() {
				t.Errorf("special tokens %v of %d, want %v of %d", old.Specials(), old.Size(), now.Specials(), now.Size())
			}
		})
	}
}

// agrees compares ids, ids with special tokens, and offsets; a difference is
// an error unless it is only to be counted.
func agrees(t *testing.T, tok Tokenizer, text string, want reference, allow ignoring, count bool) bool {
	t.Helper()
	report := t.Errorf
	if count {
		report = t.Logf
	}
	got := tok.Encode(text)
	if !slices.Equal(got.IDs, want.IDs) {
		report("%.60q: ids\n got %v %q\nwant %v %q", text, got.IDs, tokens(tok, got.IDs), want.IDs, tokens(tok, want.IDs))
		return false
	}
	if full := tok.Wrap(got, nil, 0).IDs; !slices.Equal(full, want.Full) {
		report("%.60q: with special tokens\n got %v\nwant %v", text, full, want.Full)
		return false
	}
	for i, s := range Runes(text, got.Spans) {
		if w := (Span{want.Off[i][0], want.Off[i][1]}); s != w && !allow(text, s, w) {
			report("%.60q: token %d %q has span %v, want %v", text, i, tok.Token(got.IDs[i]), s, w)
			return false
		}
	}
	return true
}

func tokens(tok Tokenizer, ids []int32) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = tok.Token(id)
	}
	return out
}
