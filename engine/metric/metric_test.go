package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every measure is a Metric.
var (
	_ Metric[int, int]           = (*Confusion)(nil)
	_ Metric[float64, float64]   = (*Correlation)(nil)
	_ Metric[[]string, []string] = (*Entities)(nil)
	_ Metric[[]string, string]   = (*Squad)(nil)
	_ Metric[[]string, string]   = (*BLEU)(nil)
	_ Metric[[]string, string]   = (*ChrF)(nil)
	_ Metric[int, float64]       = (*Perplexity)(nil)
)

// checkReset says that a measure forgets: what it says after Reset is what it
// said when it was new, and adding the same again gives the same.
func checkReset[G, P any](t *testing.T, m Metric[G, P], gold G, predicted P) {
	t.Helper()
	empty := m.Value()
	m.Add(gold, predicted)
	once := m.Value()
	m.Reset()
	if got := m.Value(); got != empty {
		t.Errorf("%s: got %v after Reset, want %v", m.Name(), got, empty)
	}
	m.Add(gold, predicted)
	if got := m.Value(); got != once || math.IsNaN(once) || math.IsNaN(empty) {
		t.Errorf("%s: got %v the second time, want %v and no NaN", m.Name(), got, once)
	}
}

func TestMeasuresForget(t *testing.T) {
	checkReset(t, NewAccuracy(2), 1, 1)
	checkReset(t, NewMacroF1(2), 1, 1)
	checkReset(t, NewMCC(2), 1, 0)
	checkReset(t, NewPearson(), 1.0, 2.0)
	checkReset(t, NewSpearman(), 1.0, 2.0)
	checkReset(t, NewEntities(), []string{"B-PER", "O"}, []string{"B-PER", "O"})
	checkReset(t, NewSquad(), []string{"a cat"}, "cat")
	checkReset(t, NewPerplexity(), 3, 4.5)
	checkReset(t, NewBLEU(), []string{"a b c d e"}, "a b c d f")
	checkReset(t, NewChrF(), []string{"a b c d e"}, "a b c d f")
}

func TestConfusionCountsRowsByGold(t *testing.T) {
	c := NewConfusion(3)
	for _, e := range [][2]int{{0, 0}, {0, 1}, {0, 1}, {2, 0}} {
		c.Add(e[0], e[1])
	}
	got := []int{c.At(0, 1), c.At(1, 0), c.Support(0), c.Predicted(1), c.Correct(), c.Total(), c.Classes()}
	if want := []int{2, 0, 3, 2, 1, 4, 3}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("a class beyond the table was counted")
		}
	}()
	c.Add(3, 0)
}

func TestPerplexityOfAUniformGuessIsTheVocabulary(t *testing.T) {
	p := NewPerplexity()
	p.Add(10, 10*math.Log(50))
	p.Add(5, 5*math.Log(50))
	near(t, "perplexity", 0, p.Value(), 50)
	near(t, "bits per byte", 0, p.BitsPerByte(30), math.Log2(50)/2)
}

func TestSquadKeepsUnanswerableQuestionsApart(t *testing.T) {
	s := NewSquad()
	s.Add([]string{"Twice a day"}, "twice a day.")
	s.Add([]string{"the sea", "sea water"}, "sea water level")
	s.Add(nil, "")
	s.Add(nil, "anything")
	exact, f1 := s.Answered()
	near(t, "answered exact", 0, exact, 0.5)
	near(t, "answered F1", 0, f1, 0.9)
	exact, _ = s.Unanswered()
	near(t, "unanswered exact", 0, exact, 0.5)
	near(t, "exact", 0, s.Exact(), 0.5)
	near(t, "F1", 0, s.Value(), 0.7)
}

func TestSpansFollowTheTags(t *testing.T) {
	got := Spans([]string{"I-PER", "I-PER", "B-PER", "O", "I-LOC", "I-ORG", "B-ORG"})
	want := []Span{{"PER", 0, 2}, {"PER", 2, 3}, {"LOC", 4, 5}, {"ORG", 5, 6}, {"ORG", 6, 7}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDisagreeCountsEveryExampleOnce(t *testing.T) {
	got := Disagree([]bool{true, true, false, false, true}, []bool{true, false, true, false, false})
	if want := (Disagreement{OnlyFirst: 2, OnlySecond: 1, Both: 1, Neither: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if p := McNemar([]bool{true, true}, []bool{true, true}); p != 1 {
		t.Errorf("got p %v for equal judgements, want 1", p)
	}
}

func TestPairedBootstrapIsRepeatableAndSigned(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	worse, better := accuracyOver(outcomes(rng, 300, 0.6)), accuracyOver(outcomes(rng, 300, 0.9))
	first := PairedBootstrap(300, 500, 0.95, 4, worse, better)
	if again := PairedBootstrap(300, 500, 0.95, 4, worse, better); again != first {
		t.Errorf("got %+v and %+v with one seed", first, again)
	}
	if first.Difference <= 0 || first.Interval.Low <= 0 || first.PValue != 1.0/501 {
		t.Errorf("got %+v, want a clear gain", first)
	}
	if !first.Interval.Contains(first.Difference) {
		t.Errorf("got %+v, want the difference inside its interval", first)
	}
	if same := PairedBootstrap(300, 200, 0.95, 4, worse, worse); same.Difference != 0 || same.PValue != 1 {
		t.Errorf("got %+v for one model twice, want no difference and p 1", same)
	}
}

func TestDegenerateInputsHaveDefinedAnswers(t *testing.T) {
	if got := Wilson(0, 0, 0.95); got != (Interval{0, 1}) {
		t.Errorf("got %v, want the whole range", got)
	}
	if got := TInterval([]float64{1}, 0.95); !math.IsInf(got.Width(), 1) {
		t.Errorf("got %v, want an unbounded interval", got)
	}
	if got := Pearson([]float64{1, 1}, []float64{1, 2}); got != 0 {
		t.Errorf("got %v for a constant, want 0", got)
	}
	if got := Accuracy(nil, nil); got != 0 {
		t.Errorf("got %v for nothing, want 0", got)
	}
	if got := DetectableDifference(20, 0.05, 0.05, 0.8); !math.IsNaN(got) {
		t.Errorf("got %v, want NaN: 1 example of 20 can prove nothing", got)
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
}
