package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
)

// point does what the mouse means: the wheel moves, a click chooses a tab or a pane.
func (a *App) point(m tea.MouseMsg) tea.Cmd {
	if a.over != nil || shared.Question(a.where()) || shared.Typing(a.where()) {
		return nil
	}
	switch {
	case m.Button == tea.MouseButtonWheelUp:
		return a.screen().Update(shared.Up)
	case m.Button == tea.MouseButtonWheelDown:
		return a.screen().Update(shared.Down)
	case m.Button != tea.MouseButtonLeft || m.Action != tea.MouseActionPress:
		return nil
	case m.Y == 0:
		for i, t := range a.tabs() {
			if m.X >= t.x && m.X < t.x+len(t.text) {
				return a.show(registry[i].name)
			}
		}
		return nil
	}
	return a.screen().Update(shared.ClickMsg{X: m.X, Y: m.Y - 1})
}
