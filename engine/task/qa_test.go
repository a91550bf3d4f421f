package task

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/metric"
	"defrost/engine/tokenizer"
)

// readers are tokenizers of every manner: those inside, and the published ones where they are.
func readers(t *testing.T) map[string]tokenizer.Tokenizer {
	t.Helper()
	list := map[string]tokenizer.Tokenizer{
		"words": tokenizer.NewWords([]string{"the", "was", "in"}), "characters": tokenizer.NewCharacters(),
	}
	files, ok := backbone.Embedded("pocket-bert")
	if !ok {
		t.Fatal("got no pocket-bert, want it inside")
	}
	var err error
	if list["pocket-bert"], err = tokenizer.Open(files); err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join("..", "..", "..", "shared", "tokenizers")
	for _, name := range []string{"bert-cased", "gpt1", "gpt2", "roberta", "xlnet"} {
		if _, err := os.Stat(filepath.Join(shared, name)); err != nil {
			continue
		}
		if list[name], err = tokenizer.Open(os.DirFS(filepath.Join(shared, name))); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func opened(t *testing.T, settings string) *QA {
	t.Helper()
	made, err := Open(Saved{Task: "qa", Settings: []byte(settings)})
	if err != nil {
		t.Fatal(err)
	}
	return made.(*QA)
}

// TestEveryAnswerIsFoundAgainInAWindow reads the answers of all questions that ship from the rows
// that training aims at.
func TestEveryAnswerIsFoundAgainInAWindow(t *testing.T) {
	d, err := datasets.Open("qa", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	examples := slices.Concat(d.Dev, d.Test)
	for name, tok := range readers(t) {
		for _, c := range []struct{ max, stride int }{{256, 128}, {96, 40}, {64, 128}} {
			q := opened(t, "{}")
			q.settings.Stride = c.stride
			exact, answerable := 0, 0
			for _, ex := range examples {
				items := q.Encode(tok, ex, c.max)
				for _, it := range items {
					if n := len(it.Sequence.IDs); n > c.max {
						t.Fatalf("%s: got a window of %d tokens, want at most %d", name, n, c.max)
					}
				}
				if ex.Impossible {
					aimsAtNothing(t, items)
					continue
				}
				answerable++
				if found := read(items); slices.ContainsFunc(ex.Answers, func(a datasets.Answer) bool { return a.Text == found.Text && a.Start == found.Start }) {
					exact++
				} else if !slices.ContainsFunc(ex.Answers, func(a datasets.Answer) bool { return strings.Contains(found.Text, a.Text) }) {
					t.Errorf("%s, %d tokens: got %+v in the windows of %q, want one of %v", name, c.max, found, ex.Question, ex.Answers)
				}
			}
			if exact*100 < answerable*97 {
				t.Errorf("%s, %d tokens: got %d of %d answers exactly, want nearly all", name, c.max, exact, answerable)
			}
		}
	}
}

// read is the answer that the first window with one aims at.
func read(items []Item) Answer {
	for _, it := range items {
		if w := it.Own.(window); int(w.begin) != w.null {
			return w.answer(guess{first: int(w.begin) - w.first, last: int(w.end) - w.first})
		}
	}
	return Answer{}
}

func aimsAtNothing(t *testing.T, items []Item) {
	t.Helper()
	for _, it := range items {
		if w := it.Own.(window); int(w.begin) != w.null || int(w.end) != w.null {
			t.Errorf("got rows %d to %d as the answer of a question without one, want %d", w.begin, w.end, w.null)
		}
	}
}

// TestWindowsLeaveNothingOut holds that the tokens of all windows cover the context, in texts of
// letters of one to four bytes.
func TestWindowsLeaveNothingOut(t *testing.T) {
	context := strings.Repeat("Der Löwe von Köln 狮子在河边 — naïve café 🦁 brüllt, 1871. ", 9)
	ex := datasets.Example{Question: "Wer brüllt 🦁?", Context: context}
	for name, tok := range readers(t) {
		for _, max := range []int{24, 40, 128} {
			covered := make([]bool, len(context))
			for _, it := range opened(t, "{}").Encode(tok, ex, max) {
				w := it.Own.(window)
				if w.begin != batch.Ignore {
					t.Fatalf("%s: got row %d for an answer that nobody knows, want none", name, w.begin)
				}
				for i, s := range w.spans {
					for at := s.Start; at < s.End; at++ {
						covered[at] = true
					}
					if a := w.answer(guess{first: i, last: i}); context[a.Start:a.Start+len(a.Text)] != a.Text {
						t.Fatalf("%s: got %q at byte %d, want it to stand there", name, a.Text, a.Start)
					}
				}
			}
			for at, c := range covered {
				if !c && context[at] > ' ' {
					t.Fatalf("%s, %d tokens: got byte %d (%q) in no window, want all", name, max, at, context[at:min(at+8, len(context))])
				}
			}
		}
	}
}

func TestAnswersAcrossABorderAreWholeInTheNextWindow(t *testing.T) {
	tok := tokenizer.NewWords([]string{"w"})
	context := strings.TrimSpace(strings.Repeat("w ", 40))
	for at := 0; at < 38; at++ {
		ex := datasets.Example{Question: "w w", Context: context, Answers: []datasets.Answer{{Text: context[2*at : 2*at+5], Start: 2 * at}}}
		found := read(opened(t, `{"stride": 128}`).Encode(tok, ex, 13))
		if found.Start != 2*at || found.Text != ex.Answers[0].Text {
			t.Errorf("got %+v, want the three words from byte %d", found, 2*at)
		}
	}
}

func TestLongQuestionsLeaveRoomForTheirContext(t *testing.T) {
	ex := datasets.Example{Question: strings.Repeat("why ", 100), Context: "because of that"}
	items := opened(t, "{}").Encode(tokenizer.NewWords([]string{"why"}), ex, 30)
	if n := len(items[0].Sequence.IDs); len(items) != 1 || n > 30 || !items[0].Cut {
		t.Errorf("got %d windows, the first of %d tokens, cut %v; want one of at most 30 that is cut", len(items), n, items[0].Cut)
	}
	why := items[0].Sequence.IDs[1]
	items = opened(t, "{}").Encode(tokenizer.NewWords([]string{"why"}), ex, 384)
	asked := 0
	for _, id := range items[0].Sequence.IDs {
		if id == why {
			asked++
		}
	}
	if asked != 64 {
		t.Errorf("got %d tokens of a question of 100 where there is room, want 64", asked)
	}
	for _, ex := range []datasets.Example{{}, {Question: "why"}, {Context: "that"}} {
		for _, max := range []int{3, 5} {
			if items := opened(t, "{}").Encode(tokenizer.NewWords(nil), ex, max); len(items) == 0 || len(items[0].Sequence.IDs) == 0 {
				t.Errorf("%+v: got %d windows, want one that can be computed", ex, len(items))
			}
		}
	}
}

func TestBestGuessesAreThoseOfAllStretches(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 5, 33, 90} {
		z := make([]float32, 2*n)
		for i := range z {
			z[i] = float32(rng.IntN(9)) // equal scores are to be met too
		}
		var all []guess
		for first := range n {
			for last := first; last < n && last-first < 30; last++ {
				all = append(all, guess{first, last, float64(z[2*first] + z[2*last+1])})
			}
		}
		sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
		if got, want := bestGuesses(z, 20), all[:min(20, len(all))]; !slices.Equal(got, want) {
			t.Errorf("%d tokens: got %v, want %v", n, got, want)
		}
	}
}

func TestCandidatesOfAllWindowsShareOneProbability(t *testing.T) {
	q := opened(t, `{"impossible": true, "threshold": 0.5}`)
	p := q.Join(datasets.Example{}, []Prediction{
		{Null: 3, Spans: []Answer{{"a", 0, 2}, {"b", 5, 1}}},
		{Null: 1, Spans: []Answer{{"b", 5, 4}, {"b", 9, 0}}},
		{Null: 2},
	})
	sum := math.Exp(4) + math.Exp(2) + 1 + math.Exp(1)
	want := []Answer{{"b", 5, math.Exp(4) / sum}, {"a", 0, math.Exp(2) / sum}, {"b", 9, 1 / sum}}
	if len(p.Spans) != len(want) {
		t.Fatalf("got candidates %v, want %v", p.Spans, want)
	}
	for i, s := range p.Spans {
		if s.Text != want[i].Text || s.Start != want[i].Start || math.Abs(s.Score-want[i].Score) > 1e-12 {
			t.Errorf("got candidate %+v, want %+v", s, want[i])
		}
	}
	if p.Null != -3 {
		t.Errorf("got null %v, want 3 below the best answer", p.Null)
	}
	c := q.Show(datasets.Example{Question: "q", Context: "a    b   b", Answers: []datasets.Answer{{Text: "The B.", Start: 5}, {Text: "b", Start: 5}, {Text: "b", Start: 9}}}, p)
	if c.Predicted != "b" || c.Gold != "The B." || !c.Right || len(c.Accepted) != 2 || math.Abs(*c.NoAnswer-math.Exp(1)/sum) > 1e-12 {
		t.Errorf("got %+v with %v for no answer, want b, right, of two accepted, and %v", c, *c.NoAnswer, math.Exp(1)/sum)
	}
}

func TestThresholdIsWhereTheDevPartIsAnsweredBest(t *testing.T) {
	yes := datasets.Example{Answers: []datasets.Answer{{Text: "x"}}}
	no := datasets.Example{Impossible: true}
	right := func(null float64) Prediction { return Prediction{Null: null, Text: "x", Spans: []Answer{{Text: "x"}}} }
	wrong := func(null float64) Prediction { return Prediction{Null: null, Text: "y", Spans: []Answer{{Text: "y"}}} }
	for _, c := range []struct {
		name     string
		examples []datasets.Example
		said     []Prediction
		want     float64 // F1
	}{
		{"apart", []datasets.Example{yes, yes, no, no}, []Prediction{right(-7), right(-2), wrong(-1), wrong(4)}, 1},
		{"mixed", []datasets.Example{yes, no, yes, no}, []Prediction{right(-7), wrong(-5), right(-4), wrong(4)}, 0.75},
		{"never right", []datasets.Example{yes, no, no}, []Prediction{wrong(-9), wrong(-8), wrong(-7)}, 2. / 3},
		{"all answerable", []datasets.Example{yes, yes}, []Prediction{right(6), right(9)}, 1},
	} {
		q := opened(t, `{"impossible": true}`)
		q.Tune(c.examples, c.said)
		s := q.NewScore()
		for i, ex := range c.examples {
			s.Add(ex, c.said[i])
		}
		if got := s.Values()["f1"]; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: got F1 %v at threshold %v, want %v", c.name, got, q.settings.Threshold, c.want)
		}
		kept, err := q.Keep("")
		if err != nil || kept.(asking).Threshold != q.settings.Threshold {
			t.Errorf("%s: got %+v kept (%v), want the threshold %v", c.name, kept, err, q.settings.Threshold)
		}
	}
}

func TestScoresOfAnswersAreThoseOfSquad(t *testing.T) {
	q := opened(t, `{"impossible": true}`)
	s, plain := q.NewScore(), metric.NewSquad()
	for i, c := range []struct{ gold, said string }{{"the red lion", "red lion"}, {"red lion", "a lion"}, {"", ""}, {"", "lion"}, {"lion", ""}} {
		ex, p := datasets.Example{Impossible: c.gold == ""}, Prediction{Null: 1}
		var gold []string
		if c.gold != "" {
			gold = []string{c.gold}
			ex.Answers = []datasets.Answer{{Text: c.gold}}
		}
		if c.said != "" {
			p = Prediction{Null: -1, Spans: []Answer{{Text: c.said}}}
		}
		s.Add(ex, p)
		plain.Add(gold, c.said)
		if c := q.Show(ex, p); c.Right != (i == 0 || i == 2) {
			t.Errorf("%q for %q: got right %v", c.Predicted, c.Gold, c.Right)
		}
	}
	s.Add(datasets.Example{Question: "of unknown answer"}, Prediction{})
	got := s.Values()
	exact, f1 := plain.Answered()
	for name, want := range map[string]float64{"f1": plain.Value(), "exact": plain.Exact(), "exact_answerable": exact, "f1_answerable": f1, "exact_unanswerable": 0.5} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
}

func TestQuestionsAreAskedWithATab(t *testing.T) {
	q := opened(t, "{}")
	ex, err := q.Ask("Who roars? \tThe lion roars.")
	if err != nil || ex.Question != "Who roars?" || ex.Context != "The lion roars." {
		t.Errorf("got %+v and error %v, want a question and its context", ex, err)
	}
	if _, err := q.Ask("Who roars?"); err == nil || !strings.Contains(err.Error(), "tab") {
		t.Errorf("got error %v, want one that tells of the tab", err)
	}
}

func TestHeadsThatCannotFindAnAnswerAreRefused(t *testing.T) {
	q := opened(t, "{}")
	for _, c := range []struct {
		layers     int
		kind, want string
	}{{2, "crf", "not tags"}, {0, "linear", "expected bilstm"}, {0, "mlp", "expected bilstm"}} {
		if _, err := q.NewHead(HeadOptions{Kind: c.kind, Layers: c.layers, Width: 8}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s on %d layers: got error %v, want one that says %q", c.kind, c.layers, err, c.want)
		}
	}
	d := &datasets.Dataset{Name: "qa", Kind: datasets.QA}
	if _, err := New("", d, Options{Loss: "focal"}); err == nil {
		t.Error("got no error with a focal loss, want one")
	}
}
