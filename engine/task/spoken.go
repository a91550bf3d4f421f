package task

import (
	"fmt"
	"strings"
	"unicode"

	"defrost/datasets"
)

// A Spoken task is asked in words and answered in words, by a model of which nothing else is known:
// no tokens, no probabilities, no weights.
type Spoken interface {
	Task
	// Question is the text to send; a chat is told what to do, what continues text is not.
	Question(ex datasets.Example, chat bool) string
	// Hear reads the answer; heard is false where it is none, and then the prediction is wrong.
	Hear(ex datasets.Example, answer string) (p Prediction, heard bool)
	// AnswerTokens is room enough for an answer.
	AnswerTokens() int
}

// SpokenTasks are the tasks that can be asked in words.
func SpokenTasks() []string { return []string{"prompt", "qa", "lastword"} }

// NewSpoken makes a task of SpokenTasks for d; "" takes the data's own. A prompt and words for labels
// are for labelled texts only.
func NewSpoken(name string, d *datasets.Dataset, o PromptOptions) (Spoken, error) {
	own := map[datasets.Kind]string{datasets.Classify: "prompt", datasets.Pair: "prompt", datasets.QA: "qa", datasets.Text: "lastword"}[d.Kind]
	switch {
	case own == "":
		return nil, fmt.Errorf("task: %s holds %s data, expected texts with one label each, questions or plain text to ask about", d.Name, d.Kind)
	case name != "" && name != own:
		return nil, fmt.Errorf("task: task is %s, expected %s, what can be asked about %s data without weights", name, own, d.Kind)
	case own == "prompt":
		return newSpokenPrompt(d, o)
	case o.Template != "" || len(o.Words) > 0:
		return nil, fmt.Errorf("task: found a prompt or words, expected none of them for %s, which has no labels to ask for", own)
	case o.Shots > len(d.Train):
		return nil, fmt.Errorf("task: shots is %d, expected at most the %d training examples of %s", o.Shots, len(d.Train), d.Name)
	}
	var shots []datasets.Example
	if o.Shots > 0 {
		shots = d.Subset(o.Shots, o.Seed).Train
	}
	if own == "qa" {
		return newSpokenQA(d, shots)
	}
	return &spokenWord{shots: shots}, nil
}

// gap stands for what is asked for.
const gap = "____"

// normal is text in lower case with single blanks for all that is no letter or digit, and a blank at
// both ends, so that " word " is found where it is a whole word.
func normal(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !isLetter(r) })
	return " " + strings.Join(words, " ") + " "
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
