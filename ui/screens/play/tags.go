package play

import (
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/tokens"
)

// A tagged is words with a tag under each.
type tagged struct{ engine.Prediction }

func (a tagged) word() string { return strings.Join(a.Tags, " ") }

func (a tagged) view(s *shared.Styles, second bool, w, h int) string {
	t := tokens.Tokens{Notes: true, Heat: true, Cursor: -1, Styles: s.Tokens()}
	for i, word := range a.Prediction.Tokens {
		tok := tokens.Token{Text: word}
		if i < len(a.Tags) && a.Tags[i] != "O" {
			tok.Note, tok.Heat = a.Tags[i], 1
		}
		t.Tokens = append(t.Tokens, tok)
	}
	t.Styles.Heat = append(t.Styles.Heat, s.Text, s.Series[0].Bold(true))
	if second {
		t.Styles.Heat[1] = s.Series[1].Bold(true)
	}
	t.Styles.ID = s.Text
	return t.View(w, h)
}
