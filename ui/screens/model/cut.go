package model

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/widgets/tokens"
)

// cuts is a sentence as one backbone sees it.
type cuts struct {
	backbone, text string
	tokens         []tokens.Token
}

// A cutMsg is a sentence that was cut.
type cutMsg struct{ cuts cuts }

// cut cuts the sentence with the backbone at the cursor.
func (m *Model) cut() tea.Cmd {
	card, ok := m.card()
	model := m.opened[card.Name].model
	text := m.text.String()
	if !ok || model == nil || (m.cuts.backbone == card.Name && m.cuts.text == text) {
		return nil
	}
	return func() tea.Msg { return cutMsg{cutWith(model, card.Name, text)} }
}

// take shows a sentence that was cut, unless another sentence or backbone has taken its place.
func (m *Model) take(c cuts) {
	if card, ok := m.card(); ok && c.backbone == card.Name && c.text == m.text.String() {
		m.cuts = c
	}
}

func cutWith(model *engine.Model, name, text string) cuts {
	c := cuts{backbone: name, text: text}
	for _, t := range model.Tokenize(text) {
		c.tokens = append(c.tokens, tokens.Token{Text: t.Text, ID: t.ID, Special: t.Special})
	}
	return c
}
