package model

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// A column of the list and the width of the pane from which there is room for it.
type column struct {
	table.Column
	from  int
	value func(m *Model, c engine.Card) string
	style func(m *Model, c engine.Card, s *shared.Styles) *lipgloss.Style // nil for plain text
}

// columns are those of the list, from left to right; the card has all of it at any width.
var columns = []column{
	{Column: table.Column{Title: "name", Flex: 3, Min: 16}, value: func(_ *Model, c engine.Card) string { return c.Name }},
	{Column: table.Column{Title: "family"}, value: func(_ *Model, c engine.Card) string { return c.Family }},
	{Column: table.Column{Title: "params", Align: table.Right}, value: func(_ *Model, c engine.Card) string { return amount(c.Params) }},
	{Column: table.Column{Title: "vocab", Align: table.Right}, from: 56, value: func(_ *Model, c engine.Card) string { return amount(c.Vocabulary) }},
	{Column: table.Column{Title: "fits", Min: 4}, value: func(m *Model, c engine.Card) string { return m.fit(c).sign }, style: fitStyle},
	{Column: table.Column{Title: "licence", Flex: 1}, from: 72, value: func(_ *Model, c engine.Card) string { return c.Licence }},
	{Column: table.Column{Title: "tasks", Flex: 2}, from: 90, value: func(_ *Model, c engine.Card) string { return strings.Join(c.Tasks, ", ") }},
	{Column: table.Column{Title: "where", Min: 8}, value: func(_ *Model, c engine.Card) string { return badge(c) }, style: whereStyle},
}

// table lists the backbones that the filter lets through.
func (m *Model) table(w int) table.Table {
	s := &m.session.Styles
	t := table.Table{
		Cursor: m.list.Cursor, Empty: m.emptyNote(), Styles: s.Table(),
		Selected: func(i int) bool { return m.cards[i].Name == m.session.Recipe.Backbone },
	}
	var shown []column
	for _, c := range columns {
		if w >= c.from {
			shown = append(shown, c)
			t.Columns = append(t.Columns, c.Column)
		}
	}
	t.Paint = func(row, at int) *lipgloss.Style {
		if style := shown[at].style; style != nil {
			return style(m, m.exact(m.cards[row]), s)
		}
		return nil
	}
	for _, card := range m.cards {
		card = m.exact(card)
		var row []string
		for _, c := range shown {
			row = append(row, c.value(m, card))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func amount(n int) string {
	if n == 0 {
		return "-"
	}
	return number.Compact(float64(n))
}

// badge says where the weights are.
func badge(c engine.Card) string {
	switch {
	case c.Embedded && c.Cached:
		return "■ inside"
	case c.Cached:
		return "■ here"
	case c.Prompted:
		return "- prompt"
	case c.Embedded:
		return "- gone"
	}
	return "- pull"
}

func whereStyle(_ *Model, c engine.Card, s *shared.Styles) *lipgloss.Style {
	if c.Cached {
		return &s.Good
	}
	return nil
}

// trained is how many times the weights' room training all of a backbone takes: weights, gradients
// and AdamW's two moments.
const trained = 4

// A fit says what of a backbone this machine has memory for.
type fit struct{ sign, text string }

// fit compares what a backbone takes with what is free. The sign is "all" where all of it can be
// trained, "head" where only a head on top of it can, and "no" where not even that.
func (m *Model) fit(c engine.Card) fit {
	if c.Prompted {
		return fit{"no", "nowhere: its weights are not published, so it can only be prompted"}
	}
	weights := c.Footprint().Weights
	if weights == 0 || m.free == 0 {
		return fit{sign: "-"}
	}
	free := ", " + number.Bytes(int64(m.free)) + " are free"
	switch {
	case trained*weights <= m.free:
		return fit{"all", "training all of it takes " + number.Bytes(int64(trained*weights)) + free}
	case weights <= m.free:
		return fit{"head", fmt.Sprintf("to predict and train a head; all of it takes %s%s", number.Bytes(int64(trained*weights)), free)}
	}
	return fit{"no", "not here: it takes " + number.Bytes(int64(weights)) + free}
}

func fitStyle(m *Model, c engine.Card, s *shared.Styles) *lipgloss.Style {
	switch m.fit(c).sign {
	case "all":
		return &s.Good
	case "head":
		return &s.Warn
	case "no":
		return &s.Bad
	}
	return nil
}

// A memoryMsg is the memory that is free, 0 where the system does not tell.
type memoryMsg int

// weigh looks how much memory is free.
func (m *Model) weigh() tea.Cmd {
	if m.session.NoProbe {
		return nil
	}
	return func() tea.Msg {
		free, _ := engine.FreeMemory()
		return memoryMsg(free)
	}
}
