package task

import (
	"slices"

	"defrost/datasets"
	"defrost/engine/metric"
)

// NewScore starts a count as the scripts of SQuAD 1.1 and 2.0 make it.
func (q *QA) NewScore() Score { return &answerScore{task: q, squad: metric.NewSquad()} }

type answerScore struct {
	task  *QA
	squad *metric.Squad
	known [2]int // questions that the text answers, and that it does not
}

// Add counts an answer to a question whose right answer is known.
func (s *answerScore) Add(ex datasets.Example, p Prediction) {
	if len(ex.Answers) == 0 && !ex.Impossible {
		return
	}
	if ex.Impossible {
		s.known[1]++
	} else {
		s.known[0]++
	}
	s.squad.Add(textsOf(ex.Answers), s.task.answer(p))
}

// Values are exact match and F1, and both by whether the text answers the question.
func (s *answerScore) Values() map[string]float64 {
	values := map[string]float64{"f1": s.squad.Value(), "exact": s.squad.Exact()}
	if s.known[0] > 0 && s.known[1] > 0 {
		values["exact_answerable"], values["f1_answerable"] = s.squad.Answered()
		values["exact_unanswerable"], _ = s.squad.Unanswered()
	}
	return values
}

// Confusion is none.
func (s *answerScore) Confusion() [][]int { return nil }

// textsOf are the texts of answers.
func textsOf(answers []datasets.Answer) []string {
	var list []string
	for _, a := range answers {
		list = append(list, a.Text)
	}
	return list
}

// Tune sets the threshold at which the F1 over these questions is highest.
func (q *QA) Tune(examples []datasets.Example, said []Prediction) {
	if !q.settings.Impossible || len(said) == 0 {
		return
	}
	n := len(said)
	nulls, scores := make([]float64, n), make([]float64, n)
	answerable, empty := make([]bool, n), make([]bool, n)
	unanswered := 0
	for i, p := range said {
		nulls[i], answerable[i], empty[i] = p.Null, !examples[i].Impossible, len(p.Spans) == 0
		scores[i] = metric.SquadF1(textsOf(examples[i].Answers), p.Text)
		if !answerable[i] {
			unanswered++
		}
	}
	best, threshold := metric.NullThreshold(nulls, scores, answerable, empty)
	if best <= float64(unanswered)/float64(n) {
		threshold = slices.Min(nulls) - 1 // nothing gains on never answering
	}
	q.settings.Threshold = threshold
}
