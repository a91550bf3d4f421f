package task

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

func TestLabelsAreCutAtTheirSeparator(t *testing.T) {
	d := &datasets.Dataset{Name: "posts", Kind: datasets.Classify, Labels: []string{"b; a", "c", "a;c"}}
	d.Train = []datasets.Example{{Label: "b; a"}, {Label: "c"}, {Label: "a;c"}, {Label: "c"}}
	made, err := New("multilabel", d, Options{ClassWeights: "balanced"})
	if err != nil {
		t.Fatal(err)
	}
	m := made.(*MultiLabel)
	if want := []string{"a", "b", "c"}; !slices.Equal(m.Labels(), want) {
		t.Errorf("got labels %v, want %v", m.Labels(), want)
	}
	if want := []float32{1, 3, 1. / 3}; !slices.Equal(m.positive, want) {
		t.Errorf("got weights %v, want %v", m.positive, want)
	}
	item := m.Encode(tokenizer.NewWords([]string{"x"}), datasets.Example{Text: "x", Label: "a;b"}, 8)[0]
	if b := m.Collate([]Item{item, item}); !slices.Equal(b.Targets, []float32{1, 1, 0, 1, 1, 0}) {
		t.Errorf("got targets %v, want a and b of both", b.Targets)
	}
}

func TestManyLabelsAreScoredByDecision(t *testing.T) {
	made, err := Open(Saved{Task: "multilabel", Labels: []string{"a", "b", "c"}, Settings: []byte(`{"separator": "|"}`)})
	if err != nil {
		t.Fatal(err)
	}
	m := made.(*MultiLabel)
	said := m.Read(Said{Batch: batch.Pack([]batch.Sequence{{IDs: []int32{1}}, {IDs: []int32{1}}}), Out: [][]float32{{3, -3, 3, -1, 2, -1}}})
	s := m.NewScore()
	s.Add(datasets.Example{Label: "a"}, said[0])     // a and c said
	s.Add(datasets.Example{Label: "b"}, said[1])     // b said
	s.Add(datasets.Example{Label: ""}, Prediction{}) // no gold
	got := s.Values()
	for name, want := range map[string]float64{"micro_f1": 0.8, "macro_f1": 2. / 3, "accuracy": 0.5} {
		if math.Abs(got[name]-want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	c := m.Show(datasets.Example{Label: "c | a"}, said[0])
	if !c.Right || c.Predicted != "a|c" || !reflect.DeepEqual(c.Labels, []string{"a", "c"}) {
		t.Errorf("got %+v, want a and c, which is right in any order", c)
	}
}

func TestListsOfLabelsAreTakenAsTheyAre(t *testing.T) {
	d := &datasets.Dataset{Name: "posts", Kind: datasets.MultiLabel, Labels: []string{"art, film", "b|c", "d"}}
	d.Train = []datasets.Example{{Pair: "p", Labels: []string{"d", "art, film"}}, {Pair: "p", Labels: []string{}}, {Pair: "p", Labels: []string{"b|c"}}, {Pair: "p", Labels: []string{"d"}}}
	made, err := New("", d, Options{ClassWeights: "balanced"})
	if err != nil {
		t.Fatal(err)
	}
	m := made.(*MultiLabel)
	if !slices.Equal(m.Labels(), d.Labels) || !slices.Equal(m.positive, []float32{3, 3, 1}) || !m.settings.Pairs {
		t.Errorf("got labels %v, weights %v and settings %+v", m.Labels(), m.positive, m.settings)
	}
	item := m.Encode(tokenizer.NewWords([]string{"x"}), d.Train[0], 8)[0]
	if b := m.Collate([]Item{item}); !slices.Equal(b.Targets, []float32{1, 0, 1}) {
		t.Errorf("got targets %v, want the first and the last label", b.Targets)
	}
	s, one, none := m.NewScore(), Prediction{Probabilities: []float64{0.9, 0, 0.8}}, Prediction{Probabilities: []float64{0.1, 0.2, 0.3}}
	s.Add(d.Train[0], one)
	s.Add(d.Train[1], one) // none is right: two decisions are wrong
	s.Add(d.Train[1], none)
	s.Add(datasets.Example{Text: "typed"}, one) // without an answer
	got := s.Values()
	for name, want := range map[string]float64{"micro_f1": 2. / 3, "accuracy": 2. / 3} {
		if math.Abs(got[name]-want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	for _, c := range []struct {
		ex   datasets.Example
		p    Prediction
		want Case
	}{
		{d.Train[0], one, Case{Gold: "art, film, d", Predicted: "art, film, d", Right: true}},
		{d.Train[1], none, Case{Gold: "(no label)", Predicted: "(no label)", Right: true}},
		{d.Train[1], one, Case{Gold: "(no label)", Predicted: "art, film, d"}},
		{datasets.Example{}, none, Case{Gold: "", Predicted: "(no label)"}},
	} {
		if got := m.Show(c.ex, c.p); got.Gold != c.want.Gold || got.Predicted != c.want.Predicted || got.Right != c.want.Right {
			t.Errorf("got %+v, want %+v", got, c.want)
		}
	}
	if _, err := New("multilabel", d, Options{Separator: ","}); err == nil || err.Error() != `task: separator is ",", expected none: the labels of posts are apart already, and one has it in its name` {
		t.Errorf("got error %v, want the separator refused", err)
	}
	if made, err = New("multilabel", d, Options{Separator: ";"}); err != nil || made.(*MultiLabel).settings.Separator != "" {
		t.Errorf("got error %v, want a separator that no label has to change nothing", err)
	}
}

func TestScoresAreLearntOnAScaleAndReadInTheirOwn(t *testing.T) {
	d := &datasets.Dataset{Kind: datasets.Regress, Train: []datasets.Example{{Score: 10, Pair: "x"}, {Score: 30, Pair: "x"}}}
	made, err := New("", d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := made.(*Regress)
	item := r.Encode(tokenizer.NewWords([]string{"x"}), datasets.Example{Text: "x", Pair: "x", Score: 30}, 8)[0]
	if item.Score != 1 || !slices.Equal(item.Sequence.Types, []int32{0, 1}) {
		t.Errorf("got score %v and types %v, want 1 of a pair", item.Score, item.Sequence.Types)
	}
	b := r.Collate([]Item{item})
	if got := r.Read(Said{Batch: b, Out: [][]float32{b.Targets}})[0].Score; got != 30 {
		t.Errorf("got score %v, want 30", got)
	}
	s := r.NewScore()
	for gold, said := range map[float64]float64{10: 11, 20: 12, 30: 13} {
		s.Add(datasets.Example{Score: gold}, Prediction{Score: said})
	}
	if got := s.Values(); math.Abs(got["pearson"]-1) > 1e-12 || math.Abs(got["spearman"]-1) > 1e-12 || math.Abs(got["mse"]-354./3) > 1e-9 {
		t.Errorf("got %v, want scores in the right order but too close", got)
	}
}

func TestPairsNeedTwoTexts(t *testing.T) {
	pairs, err := Open(Saved{Task: "classify", Labels: []string{"no", "yes"}, Settings: []byte(`{"pairs": true}`)})
	if err != nil {
		t.Fatal(err)
	}
	if ex, err := pairs.Ask("one\ttwo"); err != nil || ex.Text != "one" || ex.Pair != "two" {
		t.Errorf("got %+v and error %v, want one and two", ex, err)
	}
	if _, err := pairs.Ask("one"); err == nil {
		t.Error("got no error for one text, want one")
	}
	single, err := Open(Saved{Task: "classify", Labels: []string{"no", "yes"}})
	if err != nil {
		t.Fatal(err)
	}
	if ex, err := single.Ask("one\ttwo"); err != nil || ex.Text != "one\ttwo" {
		t.Errorf("got %+v and error %v, want the text whole", ex, err)
	}
}

func TestBalancedWeightsMakeClassesCountAlike(t *testing.T) {
	if got, want := balanced([]int{1, 3, 0}), []float32{4. / 3, 4. / 9, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
