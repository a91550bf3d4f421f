package tokenizer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// openUnigram opens XLNet's document over pieces with these scores.
func openUnigram(t testing.TB, scores map[string]float64, split bool) Tokenizer {
	t.Helper()
	p := scoredPieces{slices.Clone(xlnetSpecials), make([]float64, len(xlnetSpecials))}
	for _, s := range slices.Sorted(func(yield func(string) bool) {
		for k := range scores {
			if !yield(k) {
				return
			}
		}
	}) {
		p.tokens, p.scores = append(p.tokens, s), append(p.scores, scores[s])
	}
	d := xlnetDocument(newVocabulary(p.tokens), nil)
	if !split {
		d.PreTokenizer = d.Decoder
	}
	c, err := build(d, &unigramFields{Type: "Unigram", Unknown: new(int32(0)), Vocab: p})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var pocketScores = map[string]float64{"▁": -3, "a": -4, "b": -4, "c": -5, "ab": -5, "bc": -5, "▁ab": -6, "▁a": -5, "\"": -4}

func TestTheMostLikelyPiecesWin(t *testing.T) {
	tok := openUnigram(t, pocketScores, true)
	for _, c := range []struct{ text, want string }{
		{"abc", "▁a|bc"}, // -10; ▁ab c is -11
		{"ab  ab", "▁ab|▁ab"},
		{"a\u00e7\u00e4", "▁a|c|a"},     // accents are dropped
		{"``ab''", "▁|\"|ab|\""},        // quotes as LaTeX has them
		{"aqrz a", "▁a|<unk>|▁a"},       // unknown characters are one piece
		{"a <mask> b", "▁a|<mask>|▁|b"}, // an added token is no part of a word
	} {
		if got := strings.Join(tokens(tok, tok.Encode(c.text).IDs), "|"); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}

func TestXLNetPutsItsSpecialTokensLast(t *testing.T) {
	tok := openUnigram(t, pocketScores, true)
	b := tok.Encode("a")
	e := tok.Wrap(tok.Encode("ab"), &b, 0)
	if got, want := strings.Join(tokens(tok, e.IDs), "|"), "▁ab|<sep>|▁a|<sep>|<cls>"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if want := []int32{0, 0, 1, 1, 2}; !slices.Equal(e.Types, want) {
		t.Errorf("types %v, want %v", e.Types, want)
	}
}

func TestBlanksAloneAreWordsUnlessTextIsSplitAtThem(t *testing.T) {
	for _, c := range []struct {
		split bool
		want  string
	}{{true, "▁a|▁|b"}, {false, "▁a|▁|▁|b|▁"}} {
		tok := openUnigram(t, pocketScores, c.split)
		if got := strings.Join(tokens(tok, tok.Encode("a  \u00a0b  ").IDs), "|"); got != c.want {
			t.Errorf("split %t: %q, want %q", c.split, got, c.want)
		}
	}
}

func TestDecodedPiecesAreTheText(t *testing.T) {
	tok := openUnigram(t, pocketScores, true)
	if got, want := tok.Decode(tok.Wrap(tok.Encode("ab bc a"), nil, 0).IDs), "ab bc a"; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
}

// bestScore is the score of the best way to cut s, by trying all.
func bestScore(s string, scores map[string]float64, unknown float64) float64 {
	if s == "" {
		return 0
	}
	best := math.Inf(-1)
	if _, ok := scores[s[:1]]; !ok {
		best = unknown + bestScore(s[1:], scores, unknown)
	}
	for n := 1; n <= len(s); n++ {
		if score, ok := scores[s[:n]]; ok {
			best = max(best, score+bestScore(s[n:], scores, unknown))
		}
	}
	return best
}

func TestNoOtherWayToCutAWordIsMoreLikely(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	scores := make(map[string]float64)
	for range 30 {
		w := make([]byte, 1+rnd.IntN(4))
		for i := range w {
			w[i] = "abc"[rnd.IntN(3)]
		}
		scores[string(w)] = -10 * rnd.Float64()
	}
	scores["a"] = -9 // b or c may be unknown
	tok := openUnigram(t, scores, true)
	worst := 0.0
	for _, s := range scores {
		worst = min(worst, s)
	}
	u := tok.(*coder).model.(*unigram)
	u.meta.prefix = false
	for range 300 {
		w := make([]byte, 1+rnd.IntN(10))
		for i := range w {
			w[i] = "abc"[rnd.IntN(3)]
		}
		got := 0.0
		for _, p := range u.pieces(nil, string(w)) {
			if p.id == u.unk {
				got += float64(p.end-p.start) * (worst - unknownPenalty)
			} else {
				got += u.scores[p.id]
			}
		}
		if want := bestScore(string(w), scores, worst-unknownPenalty); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q has score %v, the best is %v", w, got, want)
		}
	}
}

// field encodes one length-delimited field of a protocol buffer.
func field(number byte, value []byte) []byte {
	return append([]byte{number<<3 | bytesWire, byte(len(value))}, value...)
}

// spieceFile encodes pieces, all of score -1, as spiece.model.
func spieceFile(pieces ...string) (b []byte) {
	for _, p := range pieces {
		b = append(b, field(1, append(field(1, []byte(p)), 2<<3|fixed32, 0, 0, 0x80, 0xBF, 3<<3, 1))...)
	}
	return b
}

func TestPiecesThatEndInANumberAndACommaAreAvoided(t *testing.T) {
	pieces := append(slices.Clone(xlnetSpecials), "▁1991", "▁1991,", ",", "▁a", "▁a,")
	tok, err := Open(fstest.MapFS{"spiece.model": {Data: spieceFile(pieces...)}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(tokens(tok, tok.Encode("1991, a,").IDs), "|"), "▁1991|,|▁a,"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestDamagedSpieceModelsAreRefused(t *testing.T) {
	whole := spieceFile(xlnetSpecials...)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "found no pieces"},
		{"cut", whole[:len(whole)-3], "does not fit"},
		{"other", spieceFile("<unk>", "a"), `found no piece "<s>" among 2`},
		{"score", field(1, []byte{2<<3 | fixed32, 0, 0, 0xC0, 0x7F}), "with score NaN"},
	} {
		_, err := Open(fstest.MapFS{"spiece.model": {Data: c.data}})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "spiece.model") {
			t.Errorf("%s: error %v, want spiece.model and %q in it", c.name, err, c.want)
		}
	}
}

func TestSavedUnigramOpensTheSame(t *testing.T) {
	first := openUnigram(t, pocketScores, true)
	dir := t.TempDir()
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	second, err := Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	text := "abc ``a'' <mask> q"
	if a, b := fmt.Sprint(first.Encode(text)), fmt.Sprint(second.Encode(text)); a != b {
		t.Errorf("after saving %s, want %s", b, a)
	}
}
