package task

import (
	"strings"

	"defrost/datasets"
)

// A spokenWord asks for the last word of a passage. It is right when the first word of the answer is
// that word, however cased and without the marks around it.
type spokenWord struct {
	LastWord
	shots []datasets.Example
}

// Question leaves the last word blank (Brown et al. 2020: fill-in-the-blank); what continues text
// and has no examples to go by reads up to it.
func (l *spokenWord) Question(ex datasets.Example, chat bool) string {
	before, _ := split(ex.Text)
	if !chat && len(l.shots) == 0 {
		return strings.TrimSpace(before)
	}
	var b strings.Builder
	if chat {
		b.WriteString("Say the one word that fills the last blank (" + gap + "), the last word of its passage, and nothing else.\n\n")
	}
	for _, shot := range l.shots {
		before, word := split(shot.Text)
		b.WriteString(before + gap + "\nWord: " + bare(word) + "\n\n")
	}
	return b.String() + before + gap + "\nWord:"
}

// Hear takes the first word.
func (l *spokenWord) Hear(ex datasets.Example, answer string) (Prediction, bool) {
	_, word := split(ex.Text)
	for _, said := range strings.Fields(firstSaid(answer, "word:")) {
		if said = bare(said); said == "" {
			continue
		}
		p := Prediction{Text: said}
		if strings.EqualFold(said, bare(word)) {
			p.Class = 1
		}
		return p, true
	}
	return Prediction{Text: silence}, false
}

// bare is a word without the marks around it.
func bare(word string) string {
	return strings.TrimFunc(word, func(r rune) bool { return !isLetter(r) })
}

// AnswerTokens is a long word's.
func (l *spokenWord) AnswerTokens() int { return 12 }

// NewScore counts words; how likely they were was not said, so there is no perplexity.
func (l *spokenWord) NewScore() Score { return &spokenWords{} }

type spokenWords struct{ right, all int }

func (s *spokenWords) Add(_ datasets.Example, p Prediction) {
	s.all++
	s.right += p.Class
}

func (s *spokenWords) Values() map[string]float64 {
	return map[string]float64{"accuracy": float64(s.right) / float64(max(s.all, 1))}
}

func (s *spokenWords) Confusion() [][]int { return nil }
