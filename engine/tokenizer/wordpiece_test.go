package tokenizer

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// pocketVocab is a vocabulary of BERT's layout.
const pocketVocab = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\nun\n##aff\n##able\n.\n'\nt\ndon\n##s\na\n\u4f60\n"

// pocket opens pocketVocab, with a tokenizer_config.json if one is given.
func pocket(t testing.TB, config string) Tokenizer {
	t.Helper()
	fsys := fstest.MapFS{"vocab.txt": {Data: []byte(pocketVocab)}}
	if config != "" {
		fsys["tokenizer_config.json"] = &fstest.MapFile{Data: []byte(config)}
	}
	tok, err := Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestTheLongestPieceIsTakenFirst(t *testing.T) {
	tok := pocket(t, "")
	got := strings.Join(tokens(tok, tok.Encode("The FILM\twas Unaffable. [MASK] filmx \u4f60\u4f60").IDs), " ")
	if want := "the film was un ##aff ##able . [MASK] [UNK] \u4f60 \u4f60"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestSpansCoverTheTextAsItWasGiven(t *testing.T) {
	text := "The f\u00edlms\x00  was\u3000una\u0301ffable"
	var got []string
	for _, s := range pocket(t, "").Encode(text).Spans {
		got = append(got, text[s.Start:s.End])
	}
	if want := []string{"The", "f\u00edlm", "s", "was", "un", "a\u0301ff", "able"}; !slices.Equal(got, want) {
		t.Errorf("spans cover %q, want %q", got, want)
	}
}

func TestWordsPointAtTheWordsGiven(t *testing.T) {
	e := pocket(t, "").EncodeWords([]string{"Films", "don't", "", "unaffable"})
	if want := []int32{0, 0, 1, 1, 1, 3, 3, 3}; !slices.Equal(e.Words, want) {
		t.Errorf("words %v, want %v", e.Words, want)
	}
	if want := []Span{{0, 4}, {4, 5}, {0, 3}, {3, 4}, {4, 5}, {0, 2}, {2, 5}, {5, 9}}; !slices.Equal(e.Spans, want) {
		t.Errorf("spans %v, want %v", e.Spans, want)
	}
}

func TestWordsOfATextAreCounted(t *testing.T) {
	if got, want := pocket(t, "").Encode("the films [MASK] was.").Words, []int32{0, 1, 1, 2, 3, 4}; !slices.Equal(got, want) {
		t.Errorf("words %v, want %v", got, want)
	}
}

func TestPairsAreWrappedAndTheLongerSideIsCut(t *testing.T) {
	tok := pocket(t, "")
	a, b := tok.Encode("the film was unaffable ."), tok.Encode("the film .")
	for _, c := range []struct {
		max  int
		want string
	}{
		{0, "[CLS] the film was un ##aff ##able . [SEP] the film . [SEP]"},
		{10, "[CLS] the film was un [SEP] the film . [SEP]"},
		{8, "[CLS] the film was [SEP] the film [SEP]"},
		{3, "[CLS] [SEP] [SEP]"},
		{1, "[CLS] [SEP] [SEP]"},
	} {
		e := tok.Wrap(a, &b, c.max)
		if got := strings.Join(tokens(tok, e.IDs), " "); got != c.want {
			t.Errorf("at most %d tokens: %q, want %q", c.max, got, c.want)
		}
		for i, id := range e.IDs {
			special := id == tok.Specials().CLS || id == tok.Specials().SEP
			second := i > slices.Index(e.IDs, tok.Specials().SEP)
			if e.Special[i] != special || (e.Words[i] == -1) != special || (e.Types[i] == 1) != second {
				t.Errorf("token %d of %q: special %t, word %d, type %d", i, c.want, e.Special[i], e.Words[i], e.Types[i])
			}
		}
	}
}

func TestDecodedTextReadsAsPeopleWrite(t *testing.T) {
	tok := pocket(t, "")
	e := tok.Wrap(tok.Encode("The film don't was unaffable."), nil, 0)
	if got, want := tok.Decode(e.IDs), "the film don't was unaffable."; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
}

func TestCaseFollowsTheConfiguration(t *testing.T) {
	tok := pocket(t, `{"do_lower_case": false}`)
	if got, want := tokens(tok, tok.Encode("The the").IDs), []string{"[UNK]", "the"}; !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestSavedTokenizersOpenTheSame(t *testing.T) {
	for _, config := range []string{"", `{"do_lower_case": false, "strip_accents": true}`} {
		first := pocket(t, config)
		dir := t.TempDir()
		if err := first.Save(dir); err != nil {
			t.Fatal(err)
		}
		second, err := Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		text := "The the film\u0301 [MASK] don't"
		a, b := first.Wrap(first.Encode(text), nil, 0), second.Wrap(second.Encode(text), nil, 0)
		if !reflect.DeepEqual(a, b) || first.Specials() != second.Specials() || first.Size() != second.Size() {
			t.Errorf("config %q: before saving %v, after %v", config, a, b)
		}
		if vocab, _ := os.ReadFile(dir + "/vocab.txt"); string(vocab) != pocketVocab {
			t.Errorf("vocab.txt is %q, want %q", vocab, pocketVocab)
		}
	}
}
