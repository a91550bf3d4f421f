package task

import (
	"strings"

	"defrost/datasets"
)

// A spokenQA asks a question about a text and takes the first line of what is said.
type spokenQA struct {
	*QA
	shots []datasets.Example
}

// What is said of a question that a text does not answer, and what stands for no answer at all: words,
// as an empty one would be right where there is none.
const (
	unanswerable = "unanswerable"
	silence      = "(nothing said)"
)

func newSpokenQA(d *datasets.Dataset, shots []datasets.Example) (Spoken, error) {
	t, err := newQA(d, Options{})
	if err != nil {
		return nil, err
	}
	q := t.(*QA)
	for _, part := range [][]datasets.Example{d.Dev, d.Test, d.Hard} {
		for _, ex := range part {
			q.settings.Impossible = q.settings.Impossible || ex.Impossible
		}
	}
	return &spokenQA{q, shots}, nil
}

// Question is the text, the question and room for the answer; before it stand the examples.
func (q *spokenQA) Question(ex datasets.Example, chat bool) string {
	var b strings.Builder
	if chat {
		b.WriteString("Answer the last question with the shortest words of its text that answer it, and nothing else.")
		if q.settings.Impossible {
			b.WriteString(" Where the text does not answer it, say " + unanswerable + ".")
		}
		b.WriteString("\n\n")
	}
	for _, shot := range q.shots {
		answer := unanswerable
		if !shot.Impossible && len(shot.Answers) > 0 {
			answer = shot.Answers[0].Text
		}
		b.WriteString(posed(shot) + " " + answer + "\n\n")
	}
	return b.String() + posed(ex)
}

func posed(ex datasets.Example) string {
	return "Text: " + strings.TrimSpace(ex.Context) + "\nQuestion: " + strings.TrimSpace(ex.Question) + "\nAnswer:"
}

// Hear takes the first line that holds anything, without a heading or quotation marks.
func (q *spokenQA) Hear(_ datasets.Example, answer string) (Prediction, bool) {
	line := firstSaid(answer, "answer:")
	switch strings.TrimSpace(normal(line)) {
	case "":
		return Prediction{Spans: []Answer{{Text: silence, Score: 1}}, Text: silence}, false
	case unanswerable:
		return Prediction{}, true
	}
	return Prediction{Spans: []Answer{{Text: line, Score: 1}}, Text: line}, true
}

// firstSaid is the first line with anything on it, without a heading and quotation marks around it.
func firstSaid(answer, heading string) string {
	for line := range strings.Lines(answer) {
		line = strings.TrimSpace(line)
		if len(line) >= len(heading) && strings.EqualFold(line[:len(heading)], heading) {
			line = line[len(heading):]
		}
		if line = strings.Trim(strings.TrimSpace(line), "\"“”`"); line != "" {
			return line
		}
	}
	return ""
}

// AnswerTokens is a long span.
func (q *spokenQA) AnswerTokens() int { return 64 }

// Show says nothing of how likely it is that there is no answer: that was not said.
func (q *spokenQA) Show(ex datasets.Example, p Prediction) Case {
	c := q.QA.Show(ex, p)
	c.NoAnswer, c.Spans = nil, nil
	return c
}
