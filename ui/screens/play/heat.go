package play

import (
	"context"
	"fmt"
	"math"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/tokens"
)

// A heat is what the answer of run A rests on, token by token.
type heat struct {
	gradient bool // gradient x input instead of occlusion
	found    engine.Heat
	text     string // that was asked about
}

func (h *heat) forget() { h.found = engine.Heat{} }

func (h heat) name() string {
	if h.gradient {
		return "gradient x input"
	}
	return "occlusion"
}

// heatOf asks in one of the two ways.
func heatOf(ctx context.Context, ex *engine.Explainer, text string, gradient bool) (engine.Heat, error) {
	if gradient {
		return ex.Gradient(text)
	}
	return ex.Occlusion(ctx, text)
}

func (m *Model) otherHeat() tea.Cmd {
	m.heat.gradient = !m.heat.gradient
	m.tiles.Focus = heatPane
	return m.changed()
}

// heatTitle says what the tokens' numbers mean.
func (m *Model) heatTitle() string {
	if m.heat.found.Label == "" {
		return "tokens"
	}
	return "what " + m.heat.found.Label + " rests on: " + m.heat.name()
}

func (m *Model) heatNote() string {
	if len(m.tokens) == 0 {
		return ""
	}
	return fmt.Sprintf("%d tokens", len(m.tokens))
}

// viewHeat is the text with a bar under each token, and in words what it means.
func (m *Model) viewHeat(w, h int) string {
	s := &m.session.Styles
	found := m.heat.found
	if found.Label == "" {
		t := tokens.Tokens{Tokens: plainTokens(m.tokens, m.about), IDs: h > 4, Cursor: m.token, Styles: s.Tokens()}
		return t.View(w, h)
	}
	note := m.heatMeaning()
	lines := shared.Wrap(note, w)
	if h-len(lines) < leastTokens {
		lines = nil
	}
	t := tokens.Tokens{Tokens: hotTokens(found, m.heat.text, m.heat.gradient), Notes: true, Heat: true, Cursor: m.token, Styles: s.Tokens()}
	t.Styles.Heat = ramp(s)
	body := t.View(w, h-len(lines))
	if len(lines) == 0 {
		return body
	}
	c := canvas.New(w, len(lines))
	for i, l := range lines {
		c.Text(0, i, w, l, c.Ink(s.Muted))
	}
	return body + "\n" + c.String()
}

// leastTokens is the lines of one group of tokens with what stands under them.
const leastTokens = 4

// heatMeaning puts the numbers into words, for the token at the cursor.
func (m *Model) heatMeaning() string {
	found := m.heat.found
	if m.token >= len(found.Tokens) || len(found.Tokens) != len(found.Scores) {
		return ""
	}
	t, score := found.Tokens[m.token], found.Scores[m.token]
	piece := pieceOf(t, m.heat.text)
	switch {
	case t.Special && !m.heat.gradient:
		return "arrows move among the tokens; + speaks for " + found.Label + ", - against it"
	case m.heat.gradient:
		return fmt.Sprintf("%q pulls the score of %s by %+.2f: a slope, so it can differ from occlusion; the numbers are shares of all pulls", piece, found.Label, score)
	}
	return fmt.Sprintf("without %q %s has %.1f%% instead of %.1f%%", piece, found.Label, 100*(found.P-score), 100*found.P)
}

// hotTokens gives tokens their score as a note and its size as heat. Gradients have no unit: their
// notes are shares of all.
func hotTokens(found engine.Heat, text string, gradient bool) []tokens.Token {
	list := plainTokens(found.Tokens, text)
	top, sum := 0.0, 0.0
	for i, score := range found.Scores {
		if a := math.Abs(score); !found.Tokens[i].Special || gradient {
			top, sum = math.Max(top, a), sum+a
		}
	}
	for i, score := range found.Scores[:min(len(list), len(found.Scores))] {
		list[i].Heat = math.Abs(score) / math.Max(top, leastHeat)
		if gradient {
			score /= math.Max(sum, leastHeat)
		}
		list[i].Note = signed(score)
		if found.Tokens[i].Special && !gradient {
			list[i].Note = ""
		}
	}
	return list
}

// leastHeat is a change of a probability that nobody can see: below it all tokens are cold.
const leastHeat = 1e-4

// signed writes a share with its sign in four cells: +.31, -.05, +1.0; 0 below half a hundredth.
func signed(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.Abs(v) < 0.005:
		return "0"
	case math.Abs(v) >= 0.995:
		return fmt.Sprintf("%+.1f", v)
	}
	text := fmt.Sprintf("%+.2f", v)
	return text[:1] + text[2:]
}

// ramp is the styles of heat, from cold to hot.
func ramp(s *shared.Styles) []lipgloss.Style {
	return []lipgloss.Style{s.Muted, s.Text, s.Warn, s.Warn.Bold(true), s.Warn.Bold(true).Underline(true)}
}

// plainTokens are the tokens as pieces of the text.
func plainTokens(list []engine.Token, text string) []tokens.Token {
	out := make([]tokens.Token, len(list))
	for i, t := range list {
		out[i] = tokens.Token{Text: pieceOf(t, text), ID: t.ID, Special: t.Special}
	}
	return out
}

// pieceOf is the part of the text that a token stands for, or its own name where that is nothing one
// can read.
func pieceOf(t engine.Token, text string) string {
	if t.Special || t.Start < 0 || t.End > len(text) || t.Start >= t.End {
		return t.Text
	}
	if piece := strings.TrimSpace(text[t.Start:t.End]); piece != "" {
		return piece
	}
	return t.Text
}
