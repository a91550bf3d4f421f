package engine

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"defrost/engine/metric"
	"defrost/engine/task"
)

// sentences are tagged words: PER and LOC in each, of which the second is missed in every third.
func sentences(n int, missed func(i int) bool) []PredictionLine {
	var list []PredictionLine
	for i := range n {
		tags := []string{"B-PER", "O", "B-LOC"}
		if missed(i) {
			tags = []string{"B-PER", "O", "O"}
		}
		p := PredictionLine{ID: fmt.Sprint(i), Text: "Ann saw Rome", Gold: "B-PER O B-LOC", Predicted: strings.Join(tags, " ")}
		p.Tokens, p.GoldTags, p.Tags = strings.Fields(p.Text), strings.Fields(p.Gold), tags
		list = append(list, p)
	}
	return list
}

// answers are questions whose every third answer is too long by one word of two.
func answers(n int) []PredictionLine {
	var list []PredictionLine
	for i := range n {
		p := PredictionLine{ID: fmt.Sprint(i), Text: "Who?", Gold: "Ann", Predicted: "Ann"}
		if i%3 == 0 {
			p.Predicted = "Ann Lee"
		}
		p.Context, p.Accepted = "Ann Lee came.", []string{"Ann", "the Ann"}
		list = append(list, p)
	}
	return list
}

func scored(n int) []PredictionLine {
	var list []PredictionLine
	for i := range n {
		said := float64(i * i)
		list = append(list, PredictionLine{ID: fmt.Sprint(i), Text: "text", Gold: fmt.Sprint(i), Predicted: fmt.Sprint(said), Detail: task.Detail{Score: &said}})
	}
	return list
}

// costly are texts of which every second costs 4 nats over 2 tokens, the others 2 over 2.
func costly(n int) []PredictionLine {
	var list []PredictionLine
	for i := range n {
		nats, said := float64(2+i%2*2), 2
		list = append(list, PredictionLine{ID: fmt.Sprint(i), Text: "text", Detail: task.Detail{Nats: &nats, Said: &said}})
	}
	return list
}

func manyLabels(n int) []PredictionLine {
	var list []PredictionLine
	for i := range n {
		p := PredictionLine{ID: fmt.Sprint(i), Text: "text", Gold: "a|b", Predicted: "a|c"}
		p.GoldLabels, p.Labels = []string{"a", "b"}, []string{"a", "c"}
		list = append(list, p)
	}
	return list
}

// unlabelledFirst are texts of which every second has no label, and is given one.
func unlabelledFirst(n int) []PredictionLine {
	list := manyLabels(n)
	for i := range list {
		list[i].Labels, list[i].Predicted = []string{"a", "b"}, "a, b"
		if list[i].Gold = "a, b"; i%2 == 0 {
			list[i].Gold, list[i].GoldLabels = "(no label)", nil
		}
	}
	return list
}

// TestFiguresOfEveryTaskAreThoseWorkedOutByHand: of 30 sentences every third misses one of two
// entities, so 50 of 60 are found; of 30 answers 10 have an F1 of 2/3.
func TestFiguresOfEveryTaskAreThoseWorkedOutByHand(t *testing.T) {
	third := func(i int) bool { return i%3 == 0 }
	for _, c := range []struct {
		primary string
		list    []PredictionLine
		want    map[string]Number
	}{
		{"f1", sentences(30, third), map[string]Number{"f1": 10.0 / 11, "precision": 1, "recall": 5.0 / 6}},
		{"accuracy", sentences(30, third), map[string]Number{"accuracy": 80.0 / 90}},
		{"f1", answers(30), map[string]Number{"f1": (20 + 10*2.0/3) / 30, "exact": 2.0 / 3}},
		{"micro_f1", manyLabels(30), map[string]Number{"micro_f1": 0.5, "accuracy": 0}},
		{"micro_f1", unlabelledFirst(30), map[string]Number{"micro_f1": 1 / 1.5, "accuracy": 0.5}},
		{"perplexity", costly(30), map[string]Number{"perplexity": Number(math.Exp(1.5))}},
		{"spearman", scored(30), map[string]Number{"spearman": 1}},
	} {
		got := Compared{Primary: c.primary, predictions: c.list}
		got.measure()
		if first, ok := got.Figure(); !ok || got.Metrics[0] != first {
			t.Errorf("%s comes as %+v, want it first", c.primary, got.Metrics)
		}
		for name, want := range c.want {
			m, ok := got.Measure(name)
			if !ok || !near(m.Value, want, 1e-9) || m.Low > m.Value || m.High < m.Value {
				t.Errorf("%s: got %s %+v, want %v inside its interval", c.primary, name, m, want)
			}
		}
	}
}

// TestWrittenTextsScoreAsAWhole: the sum of what single texts counted is the corpus score.
func TestWrittenTextsScoreAsAWhole(t *testing.T) {
	chrf, bleu := metric.NewChrF(), metric.NewBLEU()
	var list []PredictionLine
	for i, pair := range [][2]string{{"le chat dort sur le lit", "le chat dort dans le lit"}, {"il fait beau", "il fait"}, {"oui", "oui bien"}} {
		list = append(list, PredictionLine{ID: fmt.Sprint(i), Text: "text", Gold: pair[0], Predicted: pair[1]})
		chrf.Add([]string{pair[0]}, pair[1])
		bleu.Add([]string{pair[0]}, pair[1])
	}
	got := Compared{Primary: "chrf", predictions: list}
	got.measure()
	a, _ := got.Figure()
	b, _ := got.Measure("bleu")
	if !near(a.Value, Number(chrf.Value()), 1e-9) || !near(b.Value, Number(bleu.Value()), 1e-9) || a.Low >= a.High {
		t.Errorf("got chrF %+v, BLEU %+v, want %v and %v", a, b, chrf.Value(), bleu.Value())
	}
}

func TestTaggersAreToldApartByTheirEntities(t *testing.T) {
	a := saved(t, asIs, "f1", sentences(60, func(i int) bool { return i%10 == 0 }))
	b := saved(t, scratch, "f1", sentences(60, func(i int) bool { return i%2 == 0 }))
	c := compared(t, a, b)
	p := c.Pairs[0]
	if p.Test != PairedBootstrap || !p.Reliable() || p.OnlyA != 24 || len(p.Classes) != 0 || p.Lengths[0].A.Name != "f1" {
		t.Errorf("got %+v, want a reliable paired bootstrap, 24 right in the first alone, no classes, lengths by F1", p)
	}
	if want := "pocket-bert 0.97 [0.95, 0.99] vs scratch 0.86"; !strings.HasPrefix(c.Verdict, want) || !strings.HasSuffix(c.Verdict, "pocket-bert is better on 60 examples") {
		t.Errorf("got %q, want %q and pocket-bert better", c.Verdict, want)
	}
}

func TestRunsJudgedByDifferentFiguresAreNotTested(t *testing.T) {
	c := compared(t, saved(t, asIs, "f1", sentences(9, below(3))), judged(t, scratch, 9, below(3)))
	if want := "not comparable: pocket-bert is judged by f1, scratch by accuracy"; c.Verdict != want {
		t.Errorf("got %q, want %q", c.Verdict, want)
	}
}
