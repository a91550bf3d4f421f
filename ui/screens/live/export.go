package live

import (
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the report of the run that is shown: every step, not only what the charts have room for.
func (m *Model) Export() (e shared.Exported, ok bool) {
	if m.choosing() {
		return e, false
	}
	run := m.run
	return shared.Exported{Name: run.ID, Charts: true, Make: func() (report.Document, error) { return report.Run(run), nil }}, true
}
