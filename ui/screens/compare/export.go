package compare

import (
	"fmt"

	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the report of the comparison that is shown, its curves over the axis that is chosen.
func (m *Model) Export() (e shared.Exported, ok bool) {
	if m.picking || !m.result.ready {
		return e, false
	}
	if sw := m.result.sweep; sw != nil {
		s, verdict := *sw, m.result.of.Verdict
		return shared.Exported{Name: "sweep", Charts: true, Make: func() (report.Document, error) { return report.Sweep(s, verdict), nil }}, true
	}
	if m.reading {
		return m.exportExamples(), true
	}
	of, over := m.result.of, [...]string{overSteps: report.Steps, overTime: report.Time, overTokens: report.Tokens}[m.axis]
	return shared.Exported{Name: "compare", Charts: true, Make: func() (report.Document, error) { return report.Compare(of, over) }}, true
}

// exportExamples is the list that is read, with what both runs said.
func (m *Model) exportExamples() shared.Exported {
	sd := m.sides[m.side]
	table := report.Table{Title: sd.title, Rows: [][]string{{"id", "text", "gold", m.name(sd.a), "sure", m.name(sd.b), "sure"}}}
	for _, d := range sd.list {
		table.Rows = append(table.Rows, []string{
			d.ID, d.Text, d.Gold, d.A.Label, fmt.Sprintf("%.3f", float64(d.A.Confidence)), d.B.Label, fmt.Sprintf("%.3f", float64(d.B.Confidence)),
		})
	}
	d := report.Document{Title: sd.title, Lead: []string{m.result.of.Verdict}, Tables: []report.Table{table}, Data: sd.list}
	return shared.Exported{Name: "examples", Make: func() (report.Document, error) { return d, nil }}
}
