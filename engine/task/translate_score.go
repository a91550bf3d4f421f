package task

import (
	"defrost/datasets"
	"defrost/engine/metric"
)

// NewScore starts BLEU and chrF of a split.
func (t *Translate) NewScore() Score {
	return &translateScore{bleu: metric.NewBLEU(), chrf: metric.NewChrF()}
}

type translateScore struct {
	bleu *metric.BLEU
	chrf *metric.ChrF
}

// Add counts a text that has a translation.
func (s *translateScore) Add(ex datasets.Example, p Prediction) {
	if ex.Target == "" {
		return
	}
	s.bleu.Add([]string{ex.Target}, p.Text)
	s.chrf.Add([]string{ex.Target}, p.Text)
}

// Values are BLEU and chrF, from 0 to 100.
func (s *translateScore) Values() map[string]float64 {
	return map[string]float64{"chrf": s.chrf.Value(), "bleu": s.bleu.Value()}
}

// Confusion makes no sense.
func (s *translateScore) Confusion() [][]int { return nil }
