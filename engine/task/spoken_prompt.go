package task

import (
	"fmt"
	"strings"

	"defrost/datasets"
)

// A spokenPrompt classifies with the sentence of a Prompt: the label's place is a blank, and the
// answer is the label whose word comes first in what is said.
type spokenPrompt struct{ *Prompt }

// noLabel stands for an answer that names none, and for the lack of labels.
const noLabel = "(no label)"

func newSpokenPrompt(d *datasets.Dataset, o PromptOptions) (Spoken, error) {
	p, err := NewPrompt(d, o)
	if err != nil {
		return nil, err
	}
	seen := map[string]string{}
	for _, label := range p.labels {
		word := normal(p.Word(label))
		other, twice := seen[word]
		if twice || strings.TrimSpace(word) == "" {
			return nil, fmt.Errorf("task: the word for %q is %q, expected letters or digits that tell it from %q: --words gives another", label, p.Word(label), other)
		}
		seen[word] = label
	}
	return &spokenPrompt{p}, nil
}

// Question leaves the label's place blank. What continues text reads up to there, where the sentence
// ends with the label.
func (p *spokenPrompt) Question(ex datasets.Example, chat bool) string {
	front, back, _ := strings.Cut(p.o.Template, labelMark)
	in := strings.NewReplacer(textMark, strings.TrimSpace(ex.Text), pairMark, strings.TrimSpace(ex.Pair))
	if !chat && !strings.ContainsFunc(back, isLetter) && !strings.Contains(back, "{") {
		return p.before + strings.TrimRight(in.Replace(front), " ")
	}
	var words []string
	for _, label := range p.labels {
		words = append(words, p.Word(label))
	}
	asked := "Fill the last blank (" + gap + ") with one of: " + strings.Join(words, ", ") + ". Answer with that alone.\n\n" +
		p.before + in.Replace(front) + gap + in.Replace(back)
	if !chat {
		asked += "\nAnswer:"
	}
	return asked
}

// Hear finds the first label's word, however cased; where there is none, the first label's own name.
func (p *spokenPrompt) Hear(_ datasets.Example, answer string) (Prediction, bool) {
	said := normal(answer)
	for _, name := range []func(string) string{p.Word, func(label string) string { return label }} {
		if class := firstNamed(said, p.labels, name); class >= 0 {
			return Prediction{Class: class}, true
		}
	}
	return Prediction{Class: len(p.labels)}, false
}

// firstNamed is the label whose name begins first, of several there the longest; -1 without any.
func firstNamed(said string, labels []string, name func(string) string) int {
	best, at, length := -1, 0, 0
	for class, label := range labels {
		word := normal(name(label))
		i := strings.Index(said, word)
		if i < 0 || strings.TrimSpace(word) == "" {
			continue
		}
		if best < 0 || i < at || i == at && len(word) > length {
			best, at, length = class, i, len(word)
		}
	}
	return best
}

// AnswerTokens is the longest label's and a few words around it.
func (p *spokenPrompt) AnswerTokens() int {
	longest := 0
	for _, label := range p.labels {
		longest = max(longest, len(p.Word(label)))
	}
	return 16 + longest/2
}

// Show names the classes.
func (p *spokenPrompt) Show(ex datasets.Example, said Prediction) Case {
	if said.Class == len(p.labels) {
		return Case{Text: ex.Text, Gold: ex.Label, Predicted: noLabel, Detail: Detail{Pair: ex.Pair}}
	}
	return p.Prompt.Show(ex, said)
}

// NewScore counts an answer without a label as a class of its own, which is never right.
func (p *spokenPrompt) NewScore() Score {
	return &spokenScore{classScore{index: p.index}}
}

// A spokenScore is that of labels, with a class more for answers that name none.
type spokenScore struct{ classScore }

// Confusion leaves answers without a label out.
func (s *spokenScore) Confusion() [][]int {
	n := len(s.index)
	m := make([][]int, n)
	for i := range m {
		m[i] = make([]int, n)
	}
	for i, gold := range s.gold {
		if s.predicted[i] < n {
			m[gold][s.predicted[i]]++
		}
	}
	return m
}
