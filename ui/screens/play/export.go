package play

import (
	"fmt"

	"defrost/engine"
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the text with what the networks say about it, what the answer rests on, the attention of
// the token at the cursor, and the nearest examples.
func (m *Model) Export() (e shared.Exported, ok bool) {
	if m.says[0] == nil {
		return e, false
	}
	d := report.Document{Title: m.about, Lead: m.answers(), Tables: report.Filled(m.labelTable(), m.heatTable(), m.lookTable(), m.nearTable())}
	return shared.Exported{Name: "play", Make: func() (report.Document, error) { return d, nil }}, true
}

// answers are the networks' answers in words.
func (m *Model) answers() []string {
	var list []string
	for i, said := range m.says {
		if said != nil && m.subjects[i] != nil && said.word() != "" {
			list = append(list, m.subjects[i].name+" says "+said.word())
		}
	}
	return list
}

func (m *Model) labelTable() report.Table {
	t := report.Table{Title: "labels", Rows: [][]string{{"network", "label", "probability"}}}
	for i, said := range m.says {
		l, ok := said.(labelled)
		if !ok || m.subjects[i] == nil {
			continue
		}
		for _, p := range l.Probabilities {
			t.Rows = append(t.Rows, []string{m.subjects[i].name, p.Label, fmt.Sprintf("%.4f", p.P)})
		}
	}
	return t
}

func (m *Model) heatTable() report.Table {
	found := m.heat.found
	t := report.Table{Title: "what " + found.Label + " rests on: " + m.heat.name(), Rows: [][]string{{"token", "score"}}}
	for i, score := range found.Scores {
		t.Rows = append(t.Rows, []string{pieceOf(found.Tokens[i], m.heat.text), fmt.Sprintf("%+.4f", score)})
	}
	return t
}

func (m *Model) lookTable() report.Table {
	t := report.Table{Title: m.lookTitle(), Rows: [][]string{{"token", "looks at", "share"}}}
	if !m.look.attends() {
		return t
	}
	list := m.look.found.Tokens
	token := min(m.token, len(list)-1)
	for i, share := range m.look.row(token) {
		t.Rows = append(t.Rows, []string{pieceOf(list[token], m.look.text), pieceOf(list[i], m.look.text), fmt.Sprintf("%.4f", share)})
	}
	return t
}

func (m *Model) nearTable() report.Table {
	t := report.Table{Title: "nearest examples", Rows: [][]string{{"state", "cosine", "label", "text"}}}
	for i, list := range m.near.found {
		for _, n := range list {
			t.Rows = append(t.Rows, nearRow([2]string{"before", "after"}[i], n))
		}
	}
	return t
}

func nearRow(state string, n engine.Near) []string {
	return []string{state, fmt.Sprintf("%.3f", n.Cosine), n.Label, n.Text}
}
