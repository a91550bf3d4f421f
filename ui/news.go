package ui

import (
	"fmt"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/shared"
)

// news is what the header says about the run, or about what would run.
func (a *App) news() (string, lipgloss.Style) {
	s := &a.session.Styles
	st := a.session.Status
	if a.session.Run == nil {
		return a.session.Recipe.Backbone + " on " + a.session.Recipe.Data, s.Muted
	}
	switch st.Phase {
	case shared.Training:
		return fmt.Sprintf("► training %.0f%%, %s left", 100*st.Share(), seconds(st.Left())), s.Trains
	case shared.Paused:
		return fmt.Sprintf("paused at step %d of %d", st.Last.Step, st.Started.Steps), s.Warn
	case shared.Finished:
		if acc, ok := st.Result.Metrics["dev_accuracy"]; ok {
			return fmt.Sprintf("dev accuracy %.2f", float64(acc)), s.Good
		}
		return "finished", s.Good
	case shared.Failed, shared.Broken:
		return "run " + st.Phase.String(), s.Bad
	}
	return st.Phase.String() + "...", s.Trains
}
