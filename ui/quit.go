package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/pane"
)

// quit leaves, or asks first while runs train.
func (a *App) quit() tea.Cmd {
	if a.training() == 0 {
		return tea.Quit
	}
	a.over = question{}
	return nil
}

// training is how many runs train, those of a screen's own included.
func (a *App) training() int {
	n := len(a.session.Live())
	if n == 0 && a.session.Busy() {
		n = 1 // the first of a comparison is about to
	}
	for _, s := range a.screens {
		if w, ok := s.(settler); ok && w.Busy() {
			n++
		}
	}
	return n
}

// stop ends all runs: those of the session after their step, those of a screen with a checkpoint.
func (a *App) stop() tea.Cmd {
	a.session.StopAll()
	cmds := []tea.Cmd{shared.Say("stopping after this step, then leaving...")}
	for _, s := range a.screens {
		if w, ok := s.(settler); ok && w.Busy() {
			cmds = append(cmds, w.Stop())
		}
	}
	return tea.Batch(cmds...)
}

// A question asks what becomes of the runs when the person leaves. Staying is the default.
type question struct{}

func (question) where() string    { return "ask.quit" }
func (question) typed(tea.KeyMsg) {}

func (question) act(a *App, action shared.Action) tea.Cmd {
	switch action {
	case "quit.stay", shared.Back:
		a.over = nil
	case "quit.after":
		a.over, a.leaving = nil, true
		return a.stop()
	case "quit.stop", "quit.now":
		return tea.Quit
	}
	return nil
}

func (question) view(a *App, w, h int) string {
	s := &a.session.Styles
	p := pane.Pane{Title: running(a.training()), Focused: true, Pad: 1, Styles: s.Pane()}
	w = min(w, 58)
	iw, ih := p.Inner(w, 7)
	c := canvas.New(iw, ih)
	for i, line := range [][2]string{
		{"enter", "stay and keep training"},
		{"a", "stop after this step, evaluate and save, then leave"},
		{"n", "stop now: a checkpoint is saved, resume goes on"},
	} {
		c.Text(0, i+1, 7, line[0], c.Ink(s.Accent))
		c.Text(7, i+1, iw-7, line[1], c.Ink(s.Text))
	}
	p.Body = c.String()
	return p.View(w, min(h, 7))
}

// running says how many runs train.
func running(runs int) string {
	if runs > 1 {
		return fmt.Sprintf("%d runs are training", runs)
	}
	return "a run is training"
}
