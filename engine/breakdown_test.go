package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// line is a prediction with the probability of what was said; there are two labels.
func line(id int, text, gold, said string, p Number) PredictionLine {
	other := map[string]string{"yes": "no", "no": "yes"}[said]
	return PredictionLine{ID: fmt.Sprint(id), Text: text, Gold: gold, Predicted: said, Probabilities: map[string]Number{said: p, other: 1 - p}}
}

// TestBreakdownCountsByHand has six examples that were counted by hand.
func TestBreakdownCountsByHand(t *testing.T) {
	texts := []string{"one", "one two", "one two", "one two three", "one two three four", "one two three four"}
	gold := []string{"yes", "no", "yes", "no", "yes", "no"}
	said := [2][]string{{"yes", "no", "no", "no", "yes", "yes"}, {"yes", "yes", "no", "no", "no", "yes"}}
	sure := [2][]Number{{0.9, 0.8, 0.7, 0.6, 0.9, 0.6}, {0.9, 0.6, 0.7, 0.9, 0.8, 0.6}}
	var lists [2][]PredictionLine
	for run := range lists {
		for i := range texts {
			lists[run] = append(lists[run], line(i, texts[i], gold[i], said[run][i], sure[run][i]))
		}
	}
	var p Pair
	p.study(lists[0], lists[1], statistics("accuracy", lists[0])[0], statistics("accuracy", lists[1])[0])
	if len(p.WrongBoth) != 2 || p.WrongBoth[0].ID != "2" || p.WrongBoth[1].ID != "5" {
		t.Errorf("got %+v wrong in both, want 2 and 5", p.WrongBoth)
	}
	var apart []string
	for _, j := range p.Apart {
		apart = append(apart, j.ID)
	}
	if !slices.Equal(apart, []string{"4", "1", "3"}) || !near(p.Apart[0].Gap, 0.7, 1e-9) || !near(p.Apart[2].Gap, -0.3, 1e-9) {
		t.Errorf("got %+v apart, want 4 by 0.7, 1 by 0.4 and 3 by -0.3", p.Apart)
	}
	if c := p.Classes; len(c) != 2 || c[0].Name != "no" || c[0].Examples != 3 || !near(c[0].A.Value, 2.0/3, 1e-9) || !near(c[1].B.Value, 1.0/3, 1e-9) {
		t.Errorf("got %+v by class", c)
	}
	var lengths []string
	for _, part := range p.Lengths {
		lengths = append(lengths, fmt.Sprint(part.Name, ": ", part.Examples))
	}
	if want := []string{"1 word: 1", "2 words: 2", "3 words: 1", "4 words: 2"}; !slices.Equal(lengths, want) {
		t.Errorf("got %q, want %q", lengths, want)
	}
}

// TestOnlyTheExamplesFurthestApartAreListed has runs that are further apart from example to example.
func TestOnlyTheExamplesFurthestApartAreListed(t *testing.T) {
	const n = 70
	var lists [2][]PredictionLine
	for i := range n {
		lists[0] = append(lists[0], line(i, "text", "yes", "yes", 0.5))
		lists[1] = append(lists[1], line(i, "text", "yes", "yes", 0.5+Number(i+1)/1000))
	}
	var p Pair
	p.study(lists[0], lists[1], statistics("accuracy", lists[0])[0], statistics("accuracy", lists[1])[0])
	if len(p.Apart) != 50 || p.Apart[0].ID != "69" || p.Apart[49].ID != "20" {
		t.Errorf("got %d examples from %+v to %+v, want the 50 from 69 down to 20", len(p.Apart), p.Apart[0], p.Apart[len(p.Apart)-1])
	}
}

func TestSeveralLabelsAreBrokenDownOneByOne(t *testing.T) {
	given := func(gold []string, said ...string) PredictionLine {
		p := PredictionLine{Text: "text", Gold: strings.Join(gold, ", "), Predicted: strings.Join(said, ", ")}
		p.GoldLabels, p.Labels = gold, said
		return p
	}
	first := []PredictionLine{given([]string{"a", "b"}, "a"), given(nil, "a"), given([]string{"b"}, "b"), given(nil)}
	second := []PredictionLine{given([]string{"a", "b"}, "a", "b"), given(nil), given([]string{"b"}), given(nil, "c")}
	var p Pair
	p.study(first, second, statistics("micro_f1", first)[0], statistics("micro_f1", second)[0])
	var got []string
	for _, part := range p.Classes {
		got = append(got, fmt.Sprintf("%s of %d: %.2f %.2f", part.Name, part.Examples, float64(part.A.Value), float64(part.B.Value)))
	}
	if want := []string{"a of 2: 0.67 1.00", "b of 2: 0.67 0.67", "c of 1: 0.00 0.00"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnAnswerOfSeveralLabelsIsAsSureAsAllItsDecisions(t *testing.T) {
	p := PredictionLine{Text: "text", Gold: "a", Predicted: "a, b", Probabilities: map[string]Number{"a": 0.9, "b": 0.8, "c": 0.5}}
	p.GoldLabels, p.Labels = []string{"a"}, []string{"a", "b"}
	none := PredictionLine{Text: "text", Gold: "(no label)", Predicted: "(no label)", Probabilities: map[string]Number{"a": 0.1, "b": 0.2, "c": 0.5}}
	if got := judgedBy(p, none); !near(got.A.Confidence, 0.36, 1e-9) || !near(got.B.Confidence, 0.36, 1e-9) || !near(got.Gap, 0.9*0.2*0.5-0.1*0.8*0.5, 1e-9) {
		t.Errorf("got %+v, want 0.36 of both and a gap of 0.05", got)
	}
	if got := line(0, "text", "yes", "no", 0.7); !near(got.said().Confidence, 0.7, 1e-9) || !near(got.sure("yes", nil), 0.3, 1e-9) {
		t.Errorf("got %+v, want the probability of one label as it is", got.said())
	}
}

func TestTextsOfOneLengthStayTogether(t *testing.T) {
	var list []PredictionLine
	for i := range 40 {
		list = append(list, line(i, strings.Repeat("word ", 1+i/15), "yes", "yes", 1))
	}
	n := 0
	seen := map[string]bool{}
	for _, s := range byLength(list) {
		if seen[s.name] {
			t.Errorf("two parts are called %s", s.name)
		}
		seen[s.name] = true
		n += len(s.at)
	}
	if n != 40 || len(seen) > lengthParts {
		t.Errorf("got %d examples in %v, want 40 in at most %d parts", n, seen, lengthParts)
	}
	if got := byLength(nil); len(got) != 0 {
		t.Errorf("got %v of no examples", got)
	}
}
