// Package shared is what the workbench's screens have in common: the key table, styles by role, the
// arithmetic of panes, the session (recipe, model, data, run) and the bridge that carries a run's
// events to the screens.
//
// A screen never reads the keyboard: the root model looks a key up in the table and hands over an
// Action. Only a text box hears keys themselves.
package shared

import tea "github.com/charmbracelet/bubbletea"

// A Screen is one of the workbench's numbered screens.
type Screen interface {
	// SetSize tells the screen how many cells View fills.
	SetSize(w, h int)
	// Update hears an Action, a tea.KeyMsg while typing, or a message with news.
	Update(tea.Msg) tea.Cmd
	// View is exactly h lines of w cells.
	View() string
	// Close closes the innermost thing that is open (a question, a text box, a zoomed pane) and
	// says whether there was one.
	Close() bool
	// Where is the place of the key table that is current: the screen's name, or that of a
	// question or text box it shows.
	Where() string
}

// A GoMsg asks for another screen by name.
type GoMsg struct{ Screen string }

// A SayMsg is a line for the person, shown until the next key.
type SayMsg struct {
	Text string
	Bad  bool
}

// A ClickMsg is the mouse pressed on a cell of the screen.
type ClickMsg struct{ X, Y int }

// A ShownMsg tells a screen that it is now the one being looked at.
type ShownMsg struct{}

// Go asks for another screen.
func Go(screen string) tea.Cmd { return func() tea.Msg { return GoMsg{screen} } }

// Say shows a line of good or neutral news.
func Say(text string) tea.Cmd { return func() tea.Msg { return SayMsg{Text: text} } }

// Complain shows an error.
func Complain(err error) tea.Cmd {
	return func() tea.Msg { return SayMsg{Text: err.Error(), Bad: true} }
}
