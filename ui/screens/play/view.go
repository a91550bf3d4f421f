package play

import (
	"fmt"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// sideBySide is the width from which two answers, or two lists, stand beside each other.
const sideBySide = 56

// View draws the panes.
func (m *Model) View() string {
	tiles := []shared.Tile{
		textPane: {Title: "text", Note: m.textNote(), Least: 3, View: m.viewText},
		saysPane: {Title: m.saysTitle(), Note: m.saysNote(), Least: m.saysLeast(), Weight: 2, View: m.viewSays},
		heatPane: {Title: m.heatTitle(), Note: m.heatNote(), Column: 1, Least: 5, Weight: 5, View: m.viewHeat},
		lookPane: {Title: m.lookTitle(), Column: 1, Least: 7, Weight: 5, View: m.viewLook},
		nearPane: {Title: "before and after fine-tuning", Least: 6, Weight: 4, View: m.viewNear},
	}
	if a := m.subjects[0]; a != nil && writes(a.ex) {
		tiles[nearPane].Title, tiles[nearPane].Note, tiles[nearPane].View = "written on", m.writtenNote(), m.viewWritten
	}
	if m.byToken() {
		tiles[nearPane].Title, tiles[nearPane].Note, tiles[nearPane].View = m.aroundTitle(), m.aroundNote(), m.viewAround
	}
	if a, ok := m.says[0].(translated); ok {
		tiles[heatPane].Title, tiles[heatPane].Note, tiles[heatPane].View = "what each word was written from", "", func(w, h int) string { return a.table(&m.session.Styles, w, h) }
	}
	return m.tiles.View(&m.session.Styles, tiles, 10, 11)
}

func (m *Model) textNote() string {
	if m.typing {
		return "enter or esc ends"
	}
	return "i types"
}

// viewText is the text box.
func (m *Model) viewText(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	x := c.Text(0, 0, w, "> ", c.Ink(s.Accent))
	if m.typing {
		m.text.Draw(c, x, 0, w-x, "type a text", s.Text, s.Muted)
		return c.String()
	}
	if m.text.String() == "" {
		c.Text(x, 0, w-x, "empty; i types, d takes an example of the data", c.Ink(s.Muted))
	}
	c.Text(x, 0, w-x, m.text.String(), c.Ink(s.Text))
	return c.String()
}

func (m *Model) saysTitle() string {
	a := m.subjects[0]
	switch {
	case m.picking > 0:
		return fmt.Sprintf("who is %s?", letters[m.picking-1])
	case a == nil:
		return "what it says"
	case writes(a.ex):
		return "what comes next (· is a blank)"
	case m.subjects[1] != nil:
		return "what A and B say"
	}
	return "what it says"
}

func (m *Model) saysNote() string {
	if m.picking > 0 {
		return "enter takes it, esc does not"
	}
	return ""
}

// saysLeast has room for a name and two labels, and for the comparison of two answers.
func (m *Model) saysLeast() int {
	if m.subjects[1] != nil {
		return 6
	}
	return 5
}

// viewSays is the answers of A and, where there is one, B; or the list that chooses them.
func (m *Model) viewSays(w, h int) string {
	switch {
	case m.picking > 0:
		return m.viewChoices(w, h)
	case m.subjects[1] == nil && m.wanted[1] == "" && m.failed[1] == nil:
		return m.viewAnswer(0, w, h)
	}
	last := canvas.New(w, 1)
	last.Text(0, 0, w, m.agreement(), last.Ink(m.session.Styles.Text))
	h--
	if h < 1 {
		return last.String()
	}
	if w < sideBySide {
		top := (h + 1) / 2
		if h == top {
			return m.viewAnswer(0, w, top) + "\n" + last.String()
		}
		return m.viewAnswer(0, w, top) + "\n" + m.viewAnswer(1, w, h-top) + "\n" + last.String()
	}
	left := (w - 2) / 2
	gap := canvas.New(2, h).String()
	return shared.Beside(m.viewAnswer(0, left, h), gap, m.viewAnswer(1, w-2-left, h)) + "\n" + last.String()
}

// agreement compares the answers in words.
func (m *Model) agreement() string {
	a, b := m.says[0], m.says[1]
	switch {
	case a == nil || b == nil || a.word() == "" || b.word() == "":
		return ""
	case a.word() == b.word():
		return "both say " + a.word()
	}
	return fmt.Sprintf("they differ: A says %s, B says %s", a.word(), b.word())
}

// viewAnswer is one network's name and what it says.
func (m *Model) viewAnswer(which, w, h int) string {
	s := &m.session.Styles
	head := canvas.New(w, 1)
	x := 0
	if m.subjects[1] != nil || m.wanted[1] != "" {
		x = head.Text(0, 0, w, letters[which]+" ", head.Ink(s.Series[which].Bold(true)))
	}
	subject := m.subjects[which]
	if subject != nil {
		x += head.Text(x, 0, w-x, subject.name, head.Ink(s.Text)) + 2
		head.Text(x, 0, w-x, subject.note, head.Ink(s.Muted))
	}
	if h == 1 {
		return head.String()
	}
	if note := m.answerNote(which); note != "" {
		c := canvas.New(w, h-1)
		style := s.Muted
		if m.failed[which] != nil {
			style = s.Bad
		}
		for i, l := range shared.Wrap(note, w) {
			c.Text(0, i, w, l, c.Ink(style))
		}
		return head.String() + "\n" + c.String()
	}
	return head.String() + "\n" + m.says[which].view(s, which == 1, w, h-1)
}

// answerNote is what stands in the place of an answer.
func (m *Model) answerNote(which int) string {
	switch {
	case m.failed[which] != nil:
		return m.failed[which].Error() + "; o chooses another"
	case m.wanted[which] != "":
		return "reading the weights..."
	case m.says[which] == nil:
		return "..."
	}
	return ""
}
