package play

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/table"
)

const (
	nearest  = 8   // examples that are listed
	exhibits = 400 // examples that are looked among: a second or two of reading
)

// A near is the training examples closest to the text, before and after fine-tuning. It is how the
// two states are compared: the labels of an untrained head would mean nothing.
type near struct {
	galleries [2]*engine.Gallery // before, after; nil until they were asked for
	found     [2][]engine.Near
	reading   bool // the galleries are on their way
	cancel    context.CancelFunc
	failed    error
}

func (n *near) forget() {
	if n.cancel != nil {
		n.cancel()
	}
	*n = near{}
}

// A galleriesMsg is both galleries of a run.
type galleriesMsg struct {
	key       string
	galleries [2]*engine.Gallery
	err       error
}

// compareNear reads the examples as both states of the run see them, or gives it up.
func (m *Model) compareNear() tea.Cmd {
	a := m.subjects[0]
	m.tiles.Focus = nearPane
	switch {
	case a == nil || !a.run:
		return shared.Say("before and after needs a run: r trains one")
	case m.near.reading:
		m.near.forget()
		return shared.Say("given up; n reads the examples again")
	case m.near.galleries[0] != nil:
		return nil
	}
	ctx, cancel := context.WithCancel(m.session.Context())
	m.near.reading, m.near.cancel, m.near.failed = true, cancel, nil
	key := a.key
	return func() tea.Msg {
		msg := galleriesMsg{key: key}
		if msg.galleries[0], msg.err = engine.GalleryBefore(ctx, key, exhibits); msg.err == nil {
			msg.galleries[1], msg.err = engine.GalleryAfter(ctx, key, exhibits)
		}
		return msg
	}
}

// hung takes the galleries and asks them.
func (m *Model) hung(msg galleriesMsg) tea.Cmd {
	if a := m.subjects[0]; a == nil || a.key != msg.key || !m.near.reading {
		return nil
	}
	m.near.reading, m.near.failed = false, msg.err
	if msg.err != nil {
		return nil
	}
	m.near.galleries = msg.galleries
	return m.changed()
}

// viewNear is the two lists, side by side where there is room.
func (m *Model) viewNear(w, h int) string {
	if note := m.nearNote(); note != "" {
		c := canvas.New(w, h)
		for i, l := range shared.Wrap(note, w) {
			c.Text(0, i, w, l, c.Ink(m.session.Styles.Muted))
		}
		return c.String()
	}
	if w >= sideBySide+20 {
		left := (w - 2) / 2
		gap := canvas.New(2, h).String()
		return shared.Beside(m.viewState(0, left, h), gap, m.viewState(1, w-2-left, h))
	}
	top := h / 2
	if top == 0 {
		return m.viewState(1, w, h)
	}
	return m.viewState(0, w, top) + "\n" + m.viewState(1, w, h-top)
}

// nearNote is what stands there instead of lists.
func (m *Model) nearNote() string {
	n := m.near
	switch {
	case n.failed != nil:
		return n.failed.Error()
	case n.reading:
		return "reading the training examples twice, before and after fine-tuning... n gives it up"
	case n.galleries[0] == nil:
		return "n shows the training examples nearest to the text, before fine-tuning and after it. " +
			"An untrained head knows no labels, so the space that texts lie in is what can be compared."
	case len(n.found[0]) == 0:
		return "..."
	}
	return ""
}

// viewState is the examples nearest to the text in one state of the network.
func (m *Model) viewState(state, w, h int) string {
	s := &m.session.Styles
	list := m.near.found[state]
	label, agree := "", 0
	if said := m.says[0]; said != nil {
		label = said.word()
	}
	t := table.Table{NoHeader: true, NoSign: true, Cursor: -1, Styles: s.Table(), Columns: []table.Column{{Width: 4}, {Min: 3}, {Flex: 1, Min: 8}}}
	for _, n := range list {
		if n.Label == label {
			agree++
		}
		if len(t.Rows) < h-1 {
			t.Rows = append(t.Rows, []string{fmt.Sprintf("%.2f", n.Cosine), n.Label, n.Text})
		}
	}
	c := canvas.New(w, 1)
	x := c.Text(0, 0, w, [2]string{"before", "after"}[state], c.Ink(s.Title))
	c.Text(x, 0, w-x, fmt.Sprintf(": %d of the %d nearest are %s", agree, len(list), label), c.Ink(s.Text))
	if h < 2 {
		return c.String()
	}
	return c.String() + "\n" + t.View(w, h-1)
}
