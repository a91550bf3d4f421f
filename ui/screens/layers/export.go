package layers

import (
	"fmt"
	"slices"

	"defrost/ui/report"
	"defrost/ui/shared"
	"defrost/ui/widgets/number"
)

// Export is the freeze map that is shown, and for the recipe's what it costs.
func (m *Model) Export() (e shared.Exported, ok bool) {
	layers := slices.Clone(m.layers())
	if len(layers) == 0 {
		return e, false
	}
	d := report.Document{Title: "freeze map of " + m.session.Recipe.Backbone, Tables: []report.Table{report.FreezeMap(layers)}, Data: layers}
	if m.ofRun && m.live != nil {
		d.Title = "freeze map of run " + m.run.ID
	} else if b := m.session.Budget; b != nil {
		d.Lead = append(d.Lead, fmt.Sprintf("%d of %d parameters learn, about %s of memory", b.Trainable, b.Total, number.Bytes(int64(b.Memory.Total()))))
	}
	return shared.Exported{Name: "layers", Make: func() (report.Document, error) { return d, nil }}, true
}
