package model

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/number"
)

// glance is how often a download is looked at: a byte count that changes faster cannot be read.
const glance = 200 * time.Millisecond

// A pull is a download in progress. The command writes where it is, Update reads it.
type pull struct {
	name   string
	cancel context.CancelFunc

	mu  sync.Mutex
	now engine.PullProgress
}

type (
	pulledMsg struct {
		name string
		err  error
	}
	glanceMsg struct{ pull *pull }
)

// download begins to fetch the backbone at the cursor, or gives up the download that is on; one
// that was given up goes on where it stopped.
func (m *Model) download() tea.Cmd {
	card, ok := m.card()
	switch {
	case m.pull != nil:
		m.pull.cancel()
		return shared.Say("download of " + m.pull.name + " given up; d goes on with it")
	case !ok:
		return nil
	case card.Cached || card.Embedded:
		return shared.Say(card.Name + " needs no download")
	}
	ctx, cancel := context.WithCancel(m.session.Context())
	p := &pull{name: card.Name, cancel: cancel}
	m.pull = p
	return tea.Batch(p.look(), func() tea.Msg {
		_, err := engine.Pull(ctx, card.Name, p.note)
		return pulledMsg{card.Name, err}
	})
}

func (p *pull) note(now engine.PullProgress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
}

// look comes back in a moment to draw how far the download is.
func (p *pull) look() tea.Cmd {
	return tea.Tick(glance, func(time.Time) tea.Msg { return glanceMsg{p} })
}

// pulled ends a download and lists the catalogue again.
func (m *Model) pulled(msg pulledMsg) tea.Cmd {
	m.pull = nil
	switch {
	case errors.Is(msg.err, context.Canceled):
		return nil
	case msg.err != nil:
		return shared.Complain(msg.err)
	}
	return tea.Batch(shared.ListCards, shared.Say(msg.name+" is here; enter chooses it"))
}

// view is the download as a bar of one line.
func (p *pull) view(s *shared.Styles, w int) string {
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	g := gauge.Gauge{Label: p.name + " ", Text: number.Bytes(now.Done), Styles: s.Gauge(s.Trains)}
	if now.Total > 0 {
		g.Share = float64(now.Done) / float64(now.Total)
		g.Text = fmt.Sprintf("%s of %s, d stops", number.Bytes(now.Done), number.Bytes(now.Total))
	}
	return g.View(w, 1)
}
