package shared

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/number"
)

// glance is how often a download is looked at: a byte count that changes faster cannot be read.
const glance = 200 * time.Millisecond

// A Pull is a download in progress. The command writes where it is, a screen draws it.
type Pull struct {
	Name   string
	cancel context.CancelFunc

	mu  sync.Mutex
	now engine.PullProgress
}

// A PulledMsg says that a download is over, a GlanceMsg that one may be drawn anew.
type (
	PulledMsg struct {
		Pull *Pull
		Err  error
	}
	GlanceMsg struct{ Pull *Pull }
)

// Fetch begins a download: engine.Pull of a backbone, engine.PullData of a data set.
func (s *Session) Fetch(name string, fetch func(context.Context, string, func(engine.PullProgress)) (string, error)) (*Pull, tea.Cmd) {
	ctx, cancel := context.WithCancel(s.ctx)
	p := &Pull{Name: name, cancel: cancel}
	return p, tea.Batch(p.Look(), func() tea.Msg {
		defer cancel()
		_, err := fetch(ctx, name, p.note)
		return PulledMsg{p, err}
	})
}

// Stop gives the download up; begun again it goes on where it stopped.
func (p *Pull) Stop() tea.Cmd {
	p.cancel()
	return Say("download of " + p.Name + " given up; d goes on with it")
}

func (p *Pull) note(now engine.PullProgress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
}

// Look comes back in a moment to draw how far the download is.
func (p *Pull) Look() tea.Cmd {
	return tea.Tick(glance, func(time.Time) tea.Msg { return GlanceMsg{p} })
}

// Over ends a download and lists the catalogue again.
func (m PulledMsg) Over() tea.Cmd {
	switch {
	case errors.Is(m.Err, context.Canceled):
		return nil
	case m.Err != nil:
		return Complain(m.Err)
	}
	return tea.Batch(ListCards, Say(m.Pull.Name+" is here; enter chooses it"))
}

// View is the download as a bar of one line.
func (p *Pull) View(s *Styles, w int) string {
	p.mu.Lock()
	now := p.now
	p.mu.Unlock()
	g := gauge.Gauge{Label: p.Name + " ", Text: number.Bytes(now.Done), Styles: s.Gauge(s.Trains)}
	if now.Total > 0 {
		g.Share = float64(now.Done) / float64(now.Total)
		g.Text = fmt.Sprintf("%s of %s, d stops", number.Bytes(now.Done), number.Bytes(now.Total))
	}
	return g.View(w, 1)
}
