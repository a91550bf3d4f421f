package learn

import (
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/labs"
	"defrost/ui/shared"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// An entry is a lab of the list and how far the person is.
type entry struct {
	lab     labs.Lab
	state   labs.State
	err     error // why it is no lab
	missing error // what its runs need that is not here
}

type entriesMsg struct {
	entries []entry
	err     error
}

// A missingMsg says what the labs lack, by their place in the list.
type missingMsg []error

// list reads the labs and how far each is.
func (m *Model) list() tea.Cmd {
	return func() tea.Msg {
		list, err := labs.List()
		msg := entriesMsg{err: err}
		for _, l := range list {
			msg.entries = append(msg.entries, entryOf(l))
		}
		return msg
	}
}

func entryOf(l labs.Listed) entry {
	e := entry{lab: l.Lab, err: l.Err}
	if e.err != nil {
		return e
	}
	p, err := l.Lab.Progress()
	e.state, e.err = l.Lab.State(p), err
	return e
}

// took shows the list, and then looks for what the labs lack, which takes longer.
func (m *Model) took(msg entriesMsg) tea.Cmd {
	m.entries, m.listed = msg.entries, true
	m.labs.Clamp(len(m.entries))
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	ctx, entries := m.session.Context(), msg.entries
	return func() tea.Msg {
		missing := make(missingMsg, len(entries))
		for i, e := range entries {
			if e.err == nil && e.state < labs.Ran {
				missing[i] = e.lab.Missing(ctx)
			}
		}
		return missing
	}
}

// lack notes what the labs of the list lack.
func (m *Model) lack(msg missingMsg) {
	for i := range m.entries {
		if i < len(msg) {
			m.entries[i].missing = msg[i]
		}
	}
}

// viewList is the labs beside what the one at the cursor is about.
func (m *Model) viewList() string {
	s := &m.session.Styles
	return m.tiles.View(s, []shared.Tile{
		{Title: "labs", Note: "predict, run, check", Least: 8, Weight: 2, View: m.viewLabs},
		{Title: "about", Column: 1, Least: 5, Weight: 1, View: m.viewAbout},
	}, 8, 5)
}

// viewLabs is the table of the labs.
func (m *Model) viewLabs(w, h int) string {
	m.labs.Page = max(1, h-1)
	t := table.Table{
		Columns: []table.Column{{Title: "lab", Min: 11}, {Title: "question", Flex: 1}, {Title: "time", Align: table.Right}, {Title: "state", Min: 9}},
		Cursor:  m.labs.Cursor, Empty: "listing labs...", Styles: m.session.Styles.Table(),
	}
	if m.listed {
		t.Empty = "none"
	}
	for _, e := range m.entries {
		t.Rows = append(t.Rows, []string{e.name(), e.title(), e.time(), m.stateOf(e)})
	}
	return t.View(w, h)
}

func (e entry) name() string {
	if e.lab.Name == "" {
		return "?"
	}
	return e.lab.Name
}

func (e entry) title() string {
	if e.err != nil {
		return e.err.Error()
	}
	return e.lab.Title
}

func (e entry) time() string {
	if e.lab.Seconds == 0 {
		return "-"
	}
	return span(e.lab.Seconds)
}

// stateOf is how far a lab is, in words.
func (m *Model) stateOf(e entry) string {
	switch {
	case e.err != nil:
		return "broken"
	case m.course != nil && m.course.live() && m.course.lab.Name == e.lab.Name:
		return "running"
	case e.missing != nil:
		return "not ready"
	}
	return e.state.String()
}

// viewAbout says what the lab at the cursor is about, what it runs and what is missing for that.
func (m *Model) viewAbout(w, h int) string {
	s := &m.session.Styles
	p := page{w: w}
	if m.labs.Cursor >= len(m.entries) {
		return p.view(s, h, nil)
	}
	e := m.entries[m.labs.Cursor]
	if e.err != nil {
		p.add(s.Bad, e.err.Error())
		return p.view(s, h, nil)
	}
	p.add(s.Title, e.lab.Title)
	p.add(s.Text, e.lab.About)
	if e.missing != nil {
		p.gap()
		p.add(s.Warn, missingText(e.missing))
	}
	p.gap()
	p.entries(s.Accent, names(e.lab), s.Text, abouts(e.lab))
	p.gap()
	p.add(s.Muted, timeText(e.lab))
	return p.view(s, h, nil)
}

// names and abouts are what the runs of a lab are called, and what is particular about them.
func names(l labs.Lab) []string {
	var list []string
	for _, run := range l.Runs {
		list = append(list, run.Name)
	}
	return list
}

func abouts(l labs.Lab) []string {
	var list []string
	for _, run := range l.Runs {
		list = append(list, run.About)
	}
	return list
}

// missingText is an error about a backbone or data, for people who are to read on.
func missingText(err error) string {
	return "Not ready on this machine: " + rootOf(err) + ". You can read it, but its runs cannot start."
}

// rootOf is the innermost error.
func rootOf(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// timeText is how long the runs take.
func timeText(l labs.Lab) string {
	if l.Seconds == 0 {
		return fmt.Sprintf("%d runs; how long they take was not measured.", len(l.Runs))
	}
	return fmt.Sprintf("%d runs, together about %s on two processor cores.", len(l.Runs), span(l.Seconds))
}

// span writes seconds.
func span(seconds float64) string {
	return number.Duration(time.Duration(seconds * float64(time.Second)))
}
