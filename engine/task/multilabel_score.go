package task

import (
	"slices"

	"defrost/datasets"
	"defrost/engine/metric"
)

// NewScore starts a table of decisions for every label.
func (m *MultiLabel) NewScore() Score {
	s := &manyScore{task: m}
	for range m.labels {
		s.byLabel = append(s.byLabel, metric.NewConfusion(2))
	}
	return s
}

type manyScore struct {
	task            *MultiLabel
	byLabel         []*metric.Confusion // no, yes
	examples, whole int                 // all, and those with exactly the right labels
}

// Add counts an example that has an answer.
func (s *manyScore) Add(ex datasets.Example, p Prediction) {
	gold, known := s.task.of(ex)
	if !known {
		return
	}
	said := s.task.chosen(p)
	s.examples++
	if slices.Equal(gold, said) {
		s.whole++
	}
	for i, label := range s.task.labels {
		s.byLabel[i].Add(yes(gold, label), yes(said, label))
	}
}

// yes is 1 for a label that is in the list, else 0.
func yes(list []string, label string) int {
	if slices.Contains(list, label) {
		return 1
	}
	return 0
}

// Values are the F1 over all decisions, the mean F1 of the labels, and how often all labels of an
// example are right.
func (s *manyScore) Values() map[string]float64 {
	var macro float64
	var all metric.Tally
	for _, c := range s.byLabel {
		macro += c.F1(1) / float64(len(s.byLabel))
		all.Right += c.At(1, 1)
		all.Gold += c.Support(1)
		all.Predicted += c.Predicted(1)
	}
	return map[string]float64{
		"micro_f1": all.F1(), "macro_f1": macro, "accuracy": float64(s.whole) / float64(max(s.examples, 1)),
	}
}

// Confusion makes no sense where labels do not exclude each other.
func (s *manyScore) Confusion() [][]int { return nil }
