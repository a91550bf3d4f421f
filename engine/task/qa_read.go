package task

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"defrost/datasets"
)

// How answers are looked for, as in the published results on SQuAD.
const (
	candidates    = 20 // that are kept
	longestAnswer = 30 // tokens
)

// blank says that nothing of s can be read.
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// Read is the best spans of each window, by the sum of the scores of begin and end, and that sum of
// the null row.
func (q *QA) Read(s Said) []Prediction {
	list := make([]Prediction, len(s.Items))
	for i, it := range s.Items {
		from, to := s.Batch.Bounds(i)
		list[i] = it.Own.(window).read(s.Out[0][2*from : 2*to])
	}
	return list
}

// A guess is a candidate: tokens of a window, from the first to the last.
type guess struct {
	first, last int
	score       float64
}

// read reads a window's scores (T, 2).
func (w window) read(z []float32) Prediction {
	p := Prediction{Null: float64(z[2*w.null]) + float64(z[2*w.null+1])}
	for _, s := range bestGuesses(z[2*w.first:2*(w.first+len(w.spans))], candidates) {
		if a := w.answer(s); a.Text != "" {
			p.Spans = append(p.Spans, a)
		}
	}
	return p
}

// answer is a guess as text, without blanks around it.
func (w window) answer(s guess) Answer {
	from, to := w.spans[s.first].Start, max(w.spans[s.last].End, w.spans[s.first].Start)
	text := strings.TrimLeft(w.context[from:to], " \t\r\n")
	return Answer{Text: strings.TrimRight(text, " \t\r\n"), Start: to - len(text), Score: s.score}
}

// bestGuesses are the n best of all stretches of at most longestAnswer tokens, the best first and
// of equals the one that begins first; z is (T, 2).
func bestGuesses(z []float32, n int) []guess {
	var best []guess
	for first := 0; first < len(z)/2; first++ {
		for last := first; last < min(first+longestAnswer, len(z)/2); last++ {
			s := guess{first, last, float64(z[2*first]) + float64(z[2*last+1])}
			if len(best) == n && s.score <= best[n-1].score {
				continue
			}
			at, _ := slices.BinarySearchFunc(best, s.score, func(b guess, score float64) int {
				if b.score >= score {
					return -1
				}
				return 1
			})
			best = slices.Insert(best[:min(len(best), n-1)], at, s)
		}
	}
	return best
}

// Join makes candidates of all windows probabilities, beside that of no answer: a softmax over their
// scores. What two windows find counts once. Null becomes how far no answer is above the best of
// them, where the window that believes in it least decides.
func (q *QA) Join(_ datasets.Example, windows []Prediction) Prediction {
	null := math.Inf(1)
	var all []Answer
	for _, w := range windows {
		null = min(null, w.Null)
		all = append(all, w.Spans...)
	}
	slices.SortStableFunc(all, func(a, b Answer) int { return cmp.Compare(b.Score, a.Score) })
	var joined Prediction
	for _, a := range all {
		known := slices.ContainsFunc(joined.Spans, func(b Answer) bool { return b.Start == a.Start && b.Text == a.Text })
		if !known && len(joined.Spans) < candidates {
			joined.Spans = append(joined.Spans, a)
		}
	}
	if len(joined.Spans) == 0 {
		return joined
	}
	joined.Null = null - joined.Spans[0].Score
	joined.Text = joined.Spans[0].Text
	likelihoods(joined.Spans, null)
	return joined
}

// likelihoods turns scores into probabilities.
func likelihoods(spans []Answer, null float64) {
	top := max(null, spans[0].Score)
	sum := math.Exp(null - top)
	for _, s := range spans {
		sum += math.Exp(s.Score - top)
	}
	for i := range spans {
		spans[i].Score = math.Exp(spans[i].Score-top) / sum
	}
}
