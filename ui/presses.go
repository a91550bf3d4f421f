package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
)

// presses does what a key message means. Letters that came in together, because somebody is quick
// or the line is slow, are one message; each counts for itself wherever keys are commands, and may
// open a text box that takes the rest.
func (a *App) presses(k tea.KeyMsg) tea.Cmd {
	if k.Type != tea.KeyRunes || k.Paste || len(k.Runes) < 2 {
		return a.press(k)
	}
	var cmds []tea.Cmd
	for i, r := range k.Runes {
		if shared.Typing(a.where()) {
			rest := k
			rest.Runes = k.Runes[i:]
			return tea.Batch(append(cmds, a.press(rest))...)
		}
		one := k
		one.Runes = []rune{r}
		cmds = append(cmds, a.press(one))
	}
	return tea.Batch(cmds...)
}
