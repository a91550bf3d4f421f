package compare

import (
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the report of the comparison that is shown, its curves over the axis that is chosen.
func (m *Model) Export() (e shared.Exported, ok bool) {
	if m.picking || !m.result.ready {
		return e, false
	}
	of, over := m.result.of, [...]string{overSteps: report.Steps, overTime: report.Time, overTokens: report.Tokens}[m.axis]
	return shared.Exported{Name: "compare", Charts: true, Make: func() (report.Document, error) { return report.Compare(of, over) }}, true
}
