package learn

import (
	"fmt"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/labs"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// word is a verdict about a prediction, short.
func word(v labs.Verdict) string {
	return map[labs.Verdict]string{labs.Yes: "as predicted", labs.No: "not as predicted", labs.Chance: "cannot tell"}[v]
}

func (m *Model) verdictStyle(v labs.Verdict) lipgloss.Style {
	s := &m.session.Styles
	switch v {
	case labs.Yes:
		return s.Good
	case labs.No:
		return s.Bad
	}
	return s.Warn.Bold(true)
}

// signs tell verdicts about claims apart without colour.
var signs = map[labs.Verdict]string{labs.Yes: "+ yes", labs.No: "- no", labs.Chance: "~ chance"}

// viewOutcome holds the prediction against the runs, and explains.
func (m *Model) viewOutcome(w, h int) string {
	s := &m.session.Styles
	out := m.course.outcome
	p := page{w: w}
	p.entry(s.Muted, "You said", s.Text.Bold(true), out.Prediction.Said)
	p.add(m.verdictStyle(out.Prediction.Verdict), out.Prediction.Text)
	for _, j := range out.Prediction.Claims {
		p.entry(m.verdictStyle(j.Verdict), signs[j.Verdict], s.Text, j.Words)
		if !out.Told(j) {
			p.entry(s.Muted, " ", s.Muted, j.Fact)
		}
	}
	for _, show := range out.Shows {
		p.gap()
		p.add(s.Text, show.Says)
		p.entry(s.Muted, " ", s.Muted, show.Fact)
	}
	p.gap()
	p.add(s.Muted, labs.OneSeed)
	return p.view(s, h, &m.rolls[outcomePane])
}

// viewFigures is the runs with their intervals and what they cost.
func (m *Model) viewFigures(w, h int) string {
	out := m.course.outcome
	s := &m.session.Styles
	t := table.Table{
		Columns: []table.Column{
			{Title: "run", Min: 8}, {Title: out.Measure, Align: table.Right}, {Title: "95%", Align: table.Right},
			{Title: "learns", Align: table.Right}, {Title: "time", Align: table.Right},
		},
		Cursor: -1, NoSign: true, Styles: s.Table(),
	}
	for _, run := range out.Runs {
		f, _ := run.Measure(out.Measure)
		t.Rows = append(t.Rows, []string{
			run.Name, fmt.Sprintf("%.3f", float64(f.Value)), fmt.Sprintf("%.2f-%.2f", float64(f.Low), float64(f.High)),
			number.Compact(float64(run.Trainable)), span(run.Seconds),
		})
	}
	t.Paint = func(row, column int) *lipgloss.Style {
		if column > 0 {
			return nil
		}
		style := s.Series[row%len(s.Series)].Bold(true)
		return &style
	}
	return t.View(w, h)
}
