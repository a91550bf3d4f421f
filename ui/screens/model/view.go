package model

import (
	"fmt"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/tokens"
)

// roomy is the width from which the list has room for whole names beside the card.
const roomy = 116

// View draws the panes.
func (m *Model) View() string {
	shares := []int{11, 9}
	if w, _ := m.tiles.Size(); w >= roomy {
		shares = []int{8, 5}
	}
	if m.open == "pretrain" {
		return m.tiles.View(&m.session.Styles, []shared.Tile{{Title: "pre-train " + m.cardTitle(), View: m.viewForm}})
	}
	note := fmt.Sprintf("%d of %d", len(m.cards), len(m.session.Cards)+len(m.folds))
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		listPane:  {Title: "backbones", Note: note, Least: 8, Weight: 3, View: m.viewList},
		cardPane:  {Title: m.cardTitle(), Column: 1, Least: 7, Weight: 5, View: m.viewCard},
		tokenPane: {Title: "sentence in tokens", Note: m.tokenNote(), Column: 1, Least: 6, Weight: 1, View: m.viewTokens},
	}, shares...)
}

func (m *Model) viewList(w, h int) string {
	m.list.Page = max(1, h-2)
	s := &m.session.Styles
	if m.pull != nil && m.open == "" {
		return m.pull.View(s, w) + "\n" + m.table(w).View(w, h-1)
	}
	if m.open == "filter" || m.open == "folder" || m.filter.String() != "" {
		c := canvas.New(w, 1)
		label, text, hint := "filter ", &m.filter, "name, family or task"
		if m.open == "folder" {
			label, text, hint = "folder ", &m.folder, "path of a folder with config.json and weights"
		}
		x := c.Text(0, 0, w, label, c.Ink(s.Accent))
		text.Draw(c, x, 0, w-x, hint, s.Text, s.Muted)
		return c.String() + "\n" + m.table(w).View(w, h-1)
	}
	return m.table(w).View(w, h)
}

func (m *Model) emptyNote() string {
	if m.session.Cards == nil {
		return "listing backbones..."
	}
	return "no backbone is called that; esc shows all"
}

// exact fills a card from the opened model, which knows its sizes.
func (m *Model) exact(c engine.Card) engine.Card {
	model := m.opened[c.Name].model
	if model == nil {
		return c
	}
	e := model.Card()
	c.Layers, c.Width, c.Heads, c.Vocabulary, c.Params = e.Layers, e.Width, e.Heads, e.Vocabulary, e.Params
	return c
}

func (m *Model) cardTitle() string {
	if c, ok := m.card(); ok {
		return c.Name
	}
	return "card"
}

// viewCard writes the architecture, then what was published.
func (m *Model) viewCard(w, h int) string {
	c := canvas.New(w, h)
	card, ok := m.card()
	if !ok {
		return c.String()
	}
	s := &m.session.Styles
	card = m.exact(card)
	muted, text, title := c.Ink(s.Muted), c.Ink(s.Text), c.Ink(s.Title)
	y := 0
	for _, line := range shared.Wrap(card.Title, w) {
		c.Text(0, y, w, line, title)
		y++
	}
	for _, f := range m.fields(card) {
		c.Text(0, y, 12, f[0], muted)
		for _, line := range shared.Wrap(f[1], w-12) {
			c.Text(12, y, w-12, line, text)
			y++
		}
	}
	if err := m.opened[card.Name].err; err != nil {
		for _, line := range shared.Wrap(err.Error(), w) {
			c.Text(0, y, w, line, c.Ink(s.Bad))
			y++
		}
	}
	for _, line := range shared.Wrap(card.Notes, w) {
		c.Text(0, y, w, line, muted)
		y++
	}
	m.scores(c, y+1, w, card)
	return c.String()
}

// fields are the rows of a card.
func (m *Model) fields(c engine.Card) [][2]string {
	rows := [][2]string{{"family", c.Family}}
	if c.Year > 0 {
		rows[0][1] += fmt.Sprintf(", %d", c.Year)
	}
	if c.Layers > 0 {
		rows = append(rows, [2]string{"network", fmt.Sprintf("%d layers, %d wide, %d heads", c.Layers, c.Width, c.Heads)})
	}
	if c.Context > 0 {
		rows = append(rows, [2]string{"reads", fmt.Sprintf("%d tokens", c.Context)})
	}
	if c.Params > 0 {
		size := number.Compact(float64(c.Params))
		if !c.Prompted {
			size += ", " + number.Bytes(4*int64(c.Params)) + " in memory"
		}
		rows = append(rows, [2]string{"parameters", size})
	}
	if f := m.fit(c); f.text != "" {
		rows = append(rows, [2]string{"fits", f.text})
	}
	if c.Bytes > 0 {
		rows = append(rows, [2]string{"download", number.Bytes(c.Bytes)})
	}
	if c.Licence != "" {
		rows = append(rows, [2]string{"licence", c.Licence})
	}
	if len(c.Tasks) > 0 {
		rows = append(rows, [2]string{"good for", strings.Join(c.Tasks, ", ")})
	}
	return rows
}

// sourceWidth is kept for who published a figure.
const sourceWidth = 11

// scores lists the card's own figures, then what others published.
func (m *Model) scores(c *canvas.Canvas, y, w int, card engine.Card) {
	s := &m.session.Styles
	c.Text(0, y, w, "published results", c.Ink(s.Title))
	rows := resultsFor(card)
	value, what := 0, 0
	for _, r := range rows {
		value, what = max(value, canvas.Width(r.value)), max(what, canvas.Width(r.label()))
	}
	what = min(what, w-value-sourceWidth-3)
	for i, r := range rows {
		style := s.Muted
		if r.family == "" || r.family == card.Family {
			style = s.Text
		}
		ink := c.Ink(style)
		c.Text(0, y+1+i, what, r.label(), ink)
		c.Right(what+1, y+1+i, value, r.value, ink)
		c.Text(what+value+3, y+1+i, w-what-value-3, r.source, c.Ink(s.Muted))
	}
}

// label names the family, unless the figure is the card's own.
func (r result) label() string {
	if r.family == "" {
		return r.what
	}
	return strings.ToUpper(r.family) + " " + r.what
}

func resultsFor(card engine.Card) []result {
	var own, others []result
	for _, sc := range card.Scores {
		own = append(own, result{"", sc.What, fmt.Sprintf("%.1f", sc.Value), strings.ReplaceAll(sc.Source, " et al.", "")})
	}
	for _, r := range published {
		switch {
		case r.family == card.Family && len(card.Scores) == 0:
			own = append(own, r)
		case r.family != card.Family:
			others = append(others, r)
		}
	}
	return append(own, others...)
}

func (m *Model) tokenNote() string {
	if len(m.cuts.tokens) == 0 {
		return ""
	}
	return fmt.Sprintf("%d tokens", len(m.cuts.tokens))
}

func (m *Model) viewTokens(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, 1)
	x := c.Text(0, 0, w, "> ", c.Ink(s.Accent))
	if m.open == "sentence" {
		m.text.Draw(c, x, 0, w-x, "type a sentence", s.Text, s.Muted)
	} else {
		c.Text(x, 0, w-x, m.text.String(), c.Ink(s.Text))
	}
	t := tokens.Tokens{Tokens: m.cuts.tokens, IDs: true, Cursor: -1, Styles: s.Tokens()}
	if h < 2 {
		return c.String()
	}
	return c.String() + "\n" + t.View(w, h-1)
}
