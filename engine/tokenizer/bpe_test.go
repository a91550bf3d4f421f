package tokenizer

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTextIsCutAsGPT2sPatternDoes(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // pre-tokens with | between
	}{
		{"Hello, world!", "Hello|,| world|!"},
		{"can't we'll THEY'LL", "can|'t| we|'ll| THEY|'|LL"},
		{"''s", "''|s"},
		{"a   b", "a|  | b"},
		{"a \n\n b ", "a| \n\n| b| "},
		{"a\tb", "a|\t|b"},
		{"x\u00a0 y", "x|\u00a0| y"},
		{" 12abc\u0664\u00e9t\u00e9!?", " 12|abc|\u0664|\u00e9t\u00e9|!?"},
		{"'", "'"},
		{"\xff\xfe ok", "\xff\xfe| ok"},
	} {
		var got []string
		for s := c.text; s != ""; {
			n := preToken(s)
			got = append(got, s[:n])
			s = s[n:]
		}
		if got := strings.Join(got, "|"); got != c.want {
			t.Errorf("%q is cut %q, want %q", c.text, got, c.want)
		}
	}
}

// pocketBPE is a byte-level vocabulary with a few merges and the special
// tokens given.
func pocketBPE(specials ...string) (vocab, merges string) {
	tokens := specials
	for _, r := range byteRunes {
		tokens = append(tokens, string(r))
	}
	merges = "#version: 0.2\n"
	for _, m := range []string{"\u0120 t", "h e", "\u0120t he", "i n", "a b", "ab c", "b c"} {
		merges += m + "\n"
		tokens = append(tokens, strings.ReplaceAll(m, " ", ""))
	}
	b, _ := marshal(newVocabulary(tokens))
	return string(b), merges
}

func openBPE(t testing.TB, config string, specials ...string) Tokenizer {
	t.Helper()
	vocab, merges := pocketBPE(specials...)
	tok, err := Open(fstest.MapFS{"vocab.json": {Data: []byte(vocab)}, "merges.txt": {Data: []byte(merges)}, "config.json": {Data: []byte(config)}})
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

var robertaTokens = []string{"<s>", "<pad>", "</s>", "<unk>", "<mask>"}

func TestMergesAreAppliedInTheOrderLearnt(t *testing.T) {
	tok := openBPE(t, "{}", endOfText)
	if got, want := strings.Join(tokens(tok, tok.Encode("the the in abcabc").IDs), "|"), "t|he|\u0120the|\u0120|in|\u0120|abc|abc"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestRobertaAndGPT2DifferInWhatStandsAroundAText(t *testing.T) {
	both := append(slices.Clone(robertaTokens), endOfText)
	for _, c := range []struct {
		config   string
		specials []string
		want     string
	}{
		{`{"model_type": "gpt2"}`, both, "t|he|\u0120the"},
		{`{"model_type": "roberta"}`, both, "<s>|t|he|</s>|</s>|\u0120the|</s>"},
		{`{}`, robertaTokens, "<s>|t|he|</s>|</s>|\u0120the|</s>"},
		{`{}`, []string{endOfText}, "t|he|\u0120the"},
	} {
		tok := openBPE(t, c.config, c.specials...)
		pair := tok.Encode(" the")
		got := strings.Join(tokens(tok, tok.Wrap(tok.Encode("the"), &pair, 0).IDs), "|")
		if got != c.want {
			t.Errorf("config %s: %q, want %q", c.config, got, c.want)
		}
	}
}

func TestWordsOfByteLevelModelsHaveABlankBefore(t *testing.T) {
	tok := openBPE(t, `{}`, robertaTokens...)
	e := tok.EncodeWords([]string{"the", "<mask>", "\u00e9in"})
	if got, want := strings.Join(tokens(tok, e.IDs), "|"), "\u0120the|<mask>|\u0120|\u00c3|\u00a9|in"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if want := []Span{{0, 3}, {0, 6}, {0, 0}, {0, 2}, {0, 2}, {2, 4}}; !slices.Equal(e.Spans, want) {
		t.Errorf("spans %v, want %v", e.Spans, want)
	}
	if want := []int32{0, 1, 2, 2, 2, 2}; !slices.Equal(e.Words, want) {
		t.Errorf("words %v, want %v", e.Words, want)
	}
}

func TestTheMaskSwallowsTheBlankBeforeIt(t *testing.T) {
	tok := openBPE(t, `{}`, robertaTokens...)
	e := tok.Encode("the  <mask> in")
	if got, want := strings.Join(tokens(tok, e.IDs), "|"), "t|he|<mask>|\u0120|in"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if got, want := e.Spans[2], (Span{5, 11}); got != want {
		t.Errorf("the mask has span %v, want %v", got, want)
	}
}

func TestByteLevelTextSurvivesARoundTrip(t *testing.T) {
	tok := openBPE(t, `{}`, endOfText)
	for _, text := range []string{"the  abc\n\t\u00a0\u4f60\U0001f600 'll", "\xff\x00\x80 bytes"} {
		if got := tok.Decode(tok.Encode(text).IDs); got != text {
			t.Errorf("decoded %q, want %q", got, text)
		}
	}
}

func TestShortAndLongWordsAreJoinedAlike(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	tokens := []string{"a", "b", "c"}
	var list mergeList
	for len(list) < 40 {
		p := [2]string{tokens[rnd.IntN(len(tokens))], tokens[rnd.IntN(len(tokens))]}
		if ab := p[0] + p[1]; len(ab) < 9 && !slices.Contains(tokens, ab) {
			tokens, list = append(tokens, ab), append(list, p)
		}
	}
	m, err := newMerges(list, newVocabulary(tokens))
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		word := make([]symbol, rnd.IntN(80))
		for i := range word {
			word[i] = symbol{int32(rnd.IntN(3)), int32(i), int32(i + 1)}
		}
		short, long := m.joinShort(slices.Clone(word)), m.joinLong(slices.Clone(word))
		if !reflect.DeepEqual(short, long) {
			t.Fatalf("%v: short %v, long %v", word, short, long)
		}
	}
}

func TestMergesAreReadInBothSpellings(t *testing.T) {
	for _, text := range []string{`["a b", "ab c"]`, `[["a","b"],["ab","c"]]`} {
		var l mergeList
		if err := l.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if want := (mergeList{{"a", "b"}, {"ab", "c"}}); !slices.Equal(l, want) {
			t.Errorf("%s reads as %v, want %v", text, l, want)
		}
	}
}

func TestAWrongMergeIsNamed(t *testing.T) {
	vocab, merges := pocketBPE(endOfText)
	for _, c := range []struct{ line, want string }{
		{"onlyone", `merges.txt: merge 8 is "onlyone"`},
		{"q zz", `vocab.json: merge 8 joins "q" and "zz"`},
	} {
		_, err := Open(fstest.MapFS{"vocab.json": {Data: []byte(vocab)}, "merges.txt": {Data: []byte(merges + c.line + "\n")}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q in it", err, c.want)
		}
	}
}

func TestSavedBPEOpensTheSameFromEitherLayout(t *testing.T) {
	first := openBPE(t, `{}`, robertaTokens...)
	dir := t.TempDir()
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	text := "the <mask> ab\u00e9c  in"
	want := fmt.Sprint(first.Wrap(first.Encode(text), nil, 0))
	for range 2 { // the second time without tokenizer.json
		tok, err := Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(tok.Wrap(tok.Encode(text), nil, 0)); got != want {
			t.Errorf("after saving %s, want %s", got, want)
		}
		os.Remove(dir + "/tokenizer.json")
	}
}
