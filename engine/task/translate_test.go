package task

import (
	"math"
	"slices"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/tokenizer"
)

func somePairs() *datasets.Dataset {
	d := &datasets.Dataset{Name: "pairs", Kind: datasets.Translate}
	for _, s := range []string{"the cat\tle chat", "the dog\tle chien", "a cat\tun chat, l'été", "a dog\tun chien"} {
		text, target, _ := strings.Cut(s, "\t")
		d.Train = append(d.Train, datasets.Example{Text: text, Target: target})
	}
	return d
}

func newTranslation(t *testing.T) *Translate {
	t.Helper()
	tk, err := New("", somePairs(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tk.(*Translate)
}

func TestEveryPieceIsLabelledWithTheNextOne(t *testing.T) {
	tk, words := newTranslation(t), tokenizer.NewWords([]string{"the", "cat"})
	items := append(tk.Encode(words, somePairs().Train[2], 8), tk.Encode(words, datasets.Example{Text: "the cat"}, 8)...)
	b := tk.Collate(items)
	if got, want := b.Target.Len(), b.Len(); got != want {
		t.Fatalf("got %d targets, want %d", got, want)
	}
	from, to := b.Target.Bounds(0)
	if got := tk.pieces.Decode(b.Target.Tags[from : to-1]); got != "un chat, l'été" || b.Target.Tags[to-1] != tk.end() {
		t.Errorf("got labels that say %q, want the translation and its end", got)
	}
	if got := b.Target.IDs[from:to]; got[0] != tk.end() || !slices.Equal(got[1:], b.Target.Tags[from:to-1]) {
		t.Errorf("got %v before %v, want the same one later", got, b.Target.Tags[from:to])
	}
	if got := b.Target.Tags[to:]; !slices.Equal(got, []int32{-100}) {
		t.Errorf("got labels %v without a translation, want none", got)
	}
}

func TestVocabularyOfTranslationsOpensFromItsFolder(t *testing.T) {
	tk, dir := newTranslation(t), t.TempDir()
	if _, err := tk.Keep(dir); err != nil {
		t.Fatal(err)
	}
	again, err := Open(Saved{Task: "translate", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := tk.pieces.Encode("le chat d'été 雪").IDs
	if got := again.(*Translate).pieces.Encode("le chat d'été 雪").IDs; !slices.Equal(got, want) {
		t.Errorf("got pieces %v, want %v", got, want)
	}
	if _, err := Open(Saved{Task: "translate", Dir: t.TempDir()}); err == nil {
		t.Error("opened without a vocabulary")
	}
}

func TestAlignmentSumsTokensOfAWordAndAveragesPieces(t *testing.T) {
	tk := newTranslation(t)
	read := []word{{"cats", []int{1, 2}}, {"run", []int{3}}}
	ids := append(tk.pieces.Encode("le").IDs, tk.pieces.Encode(" zzzz").IDs...)
	looks := make([][]float32, len(ids))
	for i := range looks {
		looks[i] = []float32{.1, .2, .3, .4}
	}
	looks[len(ids)-1] = []float32{0, 0, 0, 1}
	a := tk.align(read, ids, looks)
	if !slices.Equal(a.Read, []string{"cats", "run"}) || !slices.Equal(a.Written, []string{"le", "zzzz"}) {
		t.Fatalf("got %v over %v, want le zzzz over cats run", a.Written, a.Read)
	}
	n := float64(len(tk.pieces.Encode(" zzzz").IDs))
	for i, want := range [][]float64{{.5, .4}, {.5 * (n - 1) / n, (.4*(n-1) + 1) / n}} {
		for j := range want {
			if math.Abs(a.Weights[i][j]-want[j]) > 1e-6 {
				t.Errorf("got %v for %s, want %v", a.Weights[i], a.Written[i], want)
			}
		}
	}
}

func TestWordsOfATextHoldTheirTokens(t *testing.T) {
	enc := tokenizer.Encoding{
		Spans: []tokenizer.Span{{}, {Start: 0, End: 2}, {Start: 2, End: 4}, {Start: 4, End: 8}, {}}, Words: []int32{-1, 0, 0, 1, -1},
	}
	got := wordsOf("cats run", enc)
	if len(got) != 2 || got[0].text != "cats" || got[1].text != "run" || !slices.Equal(got[0].tokens, []int{1, 2}) {
		t.Errorf("got %v, want cats of tokens 1 and 2, and run", got)
	}
}

// TestDraftThatTheOthersAgreeWithIsTaken: three ways to say nearly the same outweigh a likelier one
// that stands alone.
func TestDraftThatTheOthersAgreeWithIsTaken(t *testing.T) {
	alone := draft{text: "arrêtez", score: math.Log(0.4)}
	drafts := []draft{alone, {text: "tu dois venir", score: math.Log(0.2)}, {text: "tu dois y venir", score: math.Log(0.2)}, {text: "dois-tu venir", score: math.Log(0.2)}}
	if got := consensus(drafts); got != 1 && got != 2 {
		t.Errorf("got %q, want one of those that agree", drafts[got].text)
	}
	drafts[0].score = 0
	if got := consensus(drafts); got != 0 {
		t.Errorf("got %q, want the one that is almost certain", drafts[got].text)
	}
}

func TestScoreOfTheSameTextsIsAHundred(t *testing.T) {
	s := newTranslation(t).NewScore()
	long := datasets.Example{Target: "le chat et le chien dorment"}
	s.Add(long, Prediction{Text: long.Target})
	s.Add(datasets.Example{Text: "asked only"}, Prediction{Text: "rien"})
	if v := s.Values(); math.Abs(v["chrf"]-100) > 1e-9 || math.Abs(v["bleu"]-100) > 1e-9 {
		t.Errorf("got %v, want 100 each", v)
	}
}

func TestTranslationsRefuseWhatTheyHaveNoUseFor(t *testing.T) {
	for _, o := range []Options{{Loss: "focal"}, {Loss: "mse"}, {ClassWeights: "balanced"}} {
		if _, err := New("", somePairs(), o); err == nil || !strings.Contains(err.Error(), "expected cross-entropy") {
			t.Errorf("%+v: got error %v, want one that names what is expected", o, err)
		}
	}
	if _, err := newTranslation(t).NewHead(HeadOptions{Kind: "crf", Width: 4}); err == nil || !strings.Contains(err.Error(), "linear") {
		t.Errorf("got error %v for a crf, want one that says linear", err)
	}
}
