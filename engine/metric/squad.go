package metric

import (
	"regexp"
	"slices"
	"strings"
)

// A Squad scores answers to questions as the evaluation script of SQuAD 2.0
// does. A question without gold answers is one that cannot be answered: only
// the empty prediction is right.
type Squad struct {
	answered, unanswered squadSum
}

// squadSum adds up scores over questions.
type squadSum struct{ exact, f1, n float64 }

// NewSquad returns an empty measure whose Value is the F1.
func NewSquad() *Squad { return &Squad{} }

// Name is answer F1.
func (s *Squad) Name() string { return "answer F1" }

// Add scores one prediction against the accepted answers; "" predicts that
// there is no answer.
func (s *Squad) Add(gold []string, predicted string) {
	sum := &s.answered
	if len(gold) == 0 {
		sum = &s.unanswered
	}
	sum.exact += SquadExact(gold, predicted)
	sum.f1 += SquadF1(gold, predicted)
	sum.n++
}

// Value is the mean F1 of all questions.
func (s *Squad) Value() float64 {
	return ratio(s.answered.f1+s.unanswered.f1, s.answered.n+s.unanswered.n)
}

// Exact is the share of exact matches over all questions.
func (s *Squad) Exact() float64 {
	return ratio(s.answered.exact+s.unanswered.exact, s.answered.n+s.unanswered.n)
}

// Answered is the exact match and F1 over the questions that have answers.
func (s *Squad) Answered() (exact, f1 float64) { return s.answered.means() }

// Unanswered is the exact match and F1 over the questions that have none.
func (s *Squad) Unanswered() (exact, f1 float64) { return s.unanswered.means() }

func (s squadSum) means() (exact, f1 float64) { return ratio(s.exact, s.n), ratio(s.f1, s.n) }

// Reset forgets all questions.
func (s *Squad) Reset() { *s = Squad{} }

// SquadExact is 1 when the prediction equals one of the gold answers after
// normalisation, else 0.
func SquadExact(gold []string, predicted string) float64 {
	p := normalize(predicted)
	if slices.ContainsFunc(accepted(gold), func(g string) bool { return normalize(g) == p }) {
		return 1
	}
	return 0
}

// SquadF1 is the best F1 of the prediction's words against a gold answer's.
func SquadF1(gold []string, predicted string) float64 {
	p := strings.Fields(normalize(predicted))
	best := 0.0
	for _, g := range accepted(gold) {
		best = max(best, wordF1(strings.Fields(normalize(g)), p))
	}
	return best
}

// accepted leaves out gold answers that are empty after normalisation. When
// none is left the empty answer is the accepted one.
func accepted(gold []string) []string {
	var keep []string
	for _, g := range gold {
		if normalize(g) != "" {
			keep = append(keep, g)
		}
	}
	if len(keep) == 0 {
		return []string{""}
	}
	return keep
}

// wordF1 is the F1 of two bags of words; an empty bag only matches another.
func wordF1(gold, predicted []string) float64 {
	if len(gold) == 0 || len(predicted) == 0 {
		if len(gold) == len(predicted) {
			return 1
		}
		return 0
	}
	same := float64(overlap(grams(gold, 1), grams(predicted, 1)))
	return harmonic(same/float64(len(predicted)), same/float64(len(gold)))
}

// articles finds a, an and the as whole words. Letters and digits of any
// script belong to words, as they do for Python's \b.
var articles = regexp.MustCompile(`[\pL\pN\pM_]+`)

// normalize lowers case, drops ASCII punctuation and English articles, and
// leaves one space between words.
func normalize(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
	s = articles.ReplaceAllStringFunc(s, func(w string) string {
		if w == "a" || w == "an" || w == "the" {
			return " "
		}
		return w
	})
	return strings.Join(strings.Fields(s), " ")
}

// NullThreshold finds the no-answer score above which "" should replace the
// prediction so that the mean of scores is highest (find_best_thresh of the
// SQuAD 2.0 script). nulls[i] is how sure the model is that question i has no
// answer, scores[i] what its prediction earns when given, answerable[i]
// whether the question has an answer; empty[i] says that the prediction is "".
func NullThreshold(nulls, scores []float64, answerable, empty []bool) (best, threshold float64) {
	order := make([]int, len(nulls))
	sum := 0.0
	for i := range order {
		order[i] = i
		if !answerable[i] {
			sum++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case nulls[a] < nulls[b]:
			return -1
		case nulls[a] > nulls[b]:
			return 1
		}
		return 0
	})
	top := sum
	for _, i := range order {
		switch {
		case answerable[i]:
			sum += scores[i]
		case !empty[i]:
			sum--
		}
		if sum > top {
			top, threshold = sum, nulls[i]
		}
	}
	return ratio(top, float64(len(nulls))), threshold
}
