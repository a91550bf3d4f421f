package learn

import (
	"defrost/engine"
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the report that compares the lab's runs, once all have finished.
func (m *Model) Export() (e shared.Exported, ok bool) {
	if !m.inside || m.course.outcome == nil {
		return e, false
	}
	over := map[string]string{"step": report.Steps, "time": report.Time, "tokens": report.Tokens}[m.course.lab.Chart.Over]
	dirs := m.course.progress.Runs
	return shared.Exported{Name: "lab-" + m.course.lab.Name, Charts: true, Make: func() (report.Document, error) {
		c, err := engine.Compare(dirs, "")
		if err != nil {
			return report.Document{}, err
		}
		return report.Compare(c, over)
	}}, true
}
