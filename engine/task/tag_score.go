package task

import (
	"defrost/datasets"
	"defrost/engine/metric"
)

// NewScore starts a count of entities and of words.
func (t *Tag) NewScore() Score { return &tagScore{task: t, entities: metric.NewEntities()} }

type tagScore struct {
	task     *Tag
	entities *metric.Entities
	words    classScore
}

// Add counts a sentence whose words all have tags.
func (s *tagScore) Add(ex datasets.Example, p Prediction) {
	if len(ex.Tags) != len(p.Tags) {
		return
	}
	s.entities.Add(ex.Tags, p.Tags)
	for i, tag := range ex.Tags {
		if gold, known := s.task.index[tag]; known {
			s.words.gold = append(s.words.gold, int(gold))
			s.words.predicted = append(s.words.predicted, int(s.task.index[p.Tags[i]]))
		}
	}
}

// Values are precision, recall and F1 of entities, as conlleval counts them, together and by type;
// of single words, accuracy and macro F1.
func (s *tagScore) Values() map[string]float64 {
	values := map[string]float64{"accuracy": metric.Accuracy(s.words.gold, s.words.predicted)}
	if !s.task.entities() {
		values["macro_f1"] = metric.MacroF1(s.words.gold, s.words.predicted)
		return values
	}
	add := func(suffix string, t metric.Tally) {
		values["precision"+suffix], values["recall"+suffix], values["f1"+suffix] = t.Precision(), t.Recall(), t.F1()
	}
	add("", s.entities.Total())
	for _, kind := range s.entities.Types() {
		add("_"+kind, s.entities.Type(kind))
	}
	return values
}

// Confusion counts words.
func (s *tagScore) Confusion() [][]int {
	s.words.index = s.task.index
	return s.words.Confusion()
}
