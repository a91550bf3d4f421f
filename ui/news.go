package ui

import (
	"fmt"
	"path/filepath"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/shared"
)

// news is what the header says about the run, or about what would run; short is for narrow headers.
func (a *App) news() (long, short string, style lipgloss.Style) {
	s := &a.session.Styles
	st := a.session.Status
	if a.session.Run == nil {
		backbone, data := a.session.Recipe.Backbone, a.session.Recipe.Data
		return backbone + " on " + data, filepath.Base(data), s.Muted
	}
	if st.Phase.Live() && st.Stage.Stage != "" {
		return "► " + st.Doing(), "► " + st.Stage.Percent(), s.Trains
	}
	switch st.Phase {
	case shared.Training:
		share, left := 100*st.Share(), seconds(st.Left())
		return fmt.Sprintf("► training %.0f%%, %s left", share, left), fmt.Sprintf("► %.0f%% %s", share, left), s.Trains
	case shared.Paused:
		return "paused at " + st.Place(), fmt.Sprintf("paused %d", st.Last.Step), s.Warn
	case shared.Finished:
		if name := st.Started.JudgedBy(); st.Result.Metrics != nil {
			v := shared.Score(st.Result.Metrics["dev_"+name])
			return "dev " + shared.MetricName(name) + " " + v, "dev " + v, s.Good
		}
		return "finished", "finished", s.Good
	case shared.Failed, shared.Broken:
		return "run " + st.Phase.String(), st.Phase.String(), s.Bad
	}
	return st.Phase.String() + "...", st.Phase.String() + "...", s.Trains
}
