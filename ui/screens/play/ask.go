package play

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// rest is how long a text has to stay as it is before it is asked about: a fast typist's keys are
// closer together, and whoever stops to look does not notice.
const rest = 80 * time.Millisecond

// An asked is where the questions stand. One command asks at a time, since a network's programs
// answer one question at a time. A text that changes while it is asked about makes the answer stale:
// it is dropped, and the new text is asked about as soon as the command is back.
type asked struct {
	version int // of the text and of what is asked about it
	busy    bool
	due     bool // the newest version waits for the command that is on its way
	cancel  context.CancelFunc
}

type (
	// A restedMsg says that a text was not changed for a moment.
	restedMsg struct{ version int }
	// A saidMsg is what the networks say, the part that has to be quick.
	saidMsg struct {
		version int
		text    string
		tokens  []engine.Token
		says    [2]reading
		failed  [2]error
	}
	// A foundMsg is what the answer rests on.
	foundMsg struct {
		version int
		text    string
		heat    engine.Heat
		look    *engine.AttentionMap
		near    [2][]engine.Near
		err     error
	}
)

// changed asks again once the text rests.
func (m *Model) changed() tea.Cmd {
	m.asked.version++
	if m.asked.cancel != nil {
		m.asked.cancel()
	}
	m.write.stop()
	v := m.asked.version
	return tea.Tick(rest, func(time.Time) tea.Msg { return restedMsg{v} })
}

// heard takes the answers.
func (m *Model) heard(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case restedMsg:
		if msg.version == m.asked.version {
			m.asked.due = true
			return m.ask()
		}
	case saidMsg:
		m.asked.busy = false
		if msg.version != m.asked.version {
			return m.ask()
		}
		m.tokens, m.about, m.says = msg.tokens, msg.text, msg.says
		for i, err := range msg.failed {
			if m.subjects[i] != nil {
				m.failed[i] = err
			}
		}
		m.token = max(0, min(m.token, len(m.tokens)-1))
		return m.find(msg.text)
	case foundMsg:
		m.asked.busy = false
		if msg.version == m.asked.version && msg.err != nil {
			return tea.Batch(m.ask(), shared.Complain(msg.err))
		}
		if msg.version == m.asked.version {
			m.heat.found, m.look.found, m.near.found = msg.heat, msg.look, msg.near
			m.heat.text, m.look.text = msg.text, msg.text
		}
		return m.ask()
	case galleriesMsg:
		return m.hung(msg)
	case writtenMsg:
		return m.written(msg)
	case glanceMsg:
		return m.write.glance(msg)
	}
	return nil
}

// ask asks what the networks say, when that is due and no command is on its way.
func (m *Model) ask() tea.Cmd {
	if m.asked.busy || !m.asked.due || m.subjects[0] == nil {
		return nil
	}
	m.asked.busy, m.asked.due = true, false
	v, q, subjects := m.asked.version, question{m.text.String(), m.token, m.sentences}, m.subjects
	return func() tea.Msg {
		msg := saidMsg{version: v, text: q.text, tokens: subjects[0].ex.Tokens(q.text)}
		for i, s := range subjects {
			if s != nil {
				msg.says[i], msg.failed[i] = s.read(q)
			}
		}
		return msg
	}
}

// find asks what the answer rests on; it can take longer and is given up when the text changes.
func (m *Model) find(text string) tea.Cmd {
	ctx, cancel := context.WithCancel(m.session.Context())
	m.asked.busy, m.asked.cancel = true, cancel
	v, a, gradient, galleries := m.asked.version, m.subjects[0], m.heat.gradient, m.near.galleries
	return func() tea.Msg {
		defer cancel()
		msg := foundMsg{version: v, text: text}
		if len(a.ex.Labels()) > 0 {
			msg.heat, msg.err = heatOf(ctx, a.ex, text, gradient)
		}
		if msg.err == nil {
			msg.look, msg.err = a.ex.Attention(text)
		}
		for i, g := range galleries {
			if g != nil && msg.err == nil {
				msg.near[i], msg.err = g.Nearest(text, nearest)
			}
		}
		return msg
	}
}
