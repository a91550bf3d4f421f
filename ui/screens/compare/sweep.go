package compare

import (
	"fmt"
	"math"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// swept says that the comparison is shown as points along a setting: it asks that, or holds too many
// runs to tell their curves apart.
func (m *Model) swept() bool {
	return m.experiment != nil && (m.experiment.Axis() != "" || len(m.tracks) > mostRuns)
}

// The panes of a sweep.
const (
	pointPane = iota
	tablePane
	runsPane
	sweepPanes
)

// viewSweep is how good the runs are along the setting with intervals, what each point cost, and how far the
// runs are.
func (m *Model) viewSweep() string {
	title := m.figure() + " along a setting"
	if sw := m.result.sweep; sw != nil {
		title = m.figure() + " by " + strings.ReplaceAll(sw.Setting, "_", " ")
	}
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		pointPane: {Title: title, Note: m.resultNote(), Least: 8, Weight: 3, View: m.viewPoints},
		tablePane: {Title: "points and what they cost", Column: 1, Least: 6, Weight: 3, View: m.viewTable},
		runsPane:  {Title: "verdict", Note: m.runsNote(), Column: 1, Least: 5, Weight: 2, View: m.above(m.viewConclusion)},
	}, 9, 10)
}

func (m *Model) runsNote() string {
	ended := 0
	for _, t := range m.tracks {
		if t.judged && (t.run == nil || !t.run.Running()) {
			ended++
		}
	}
	return fmt.Sprintf("%d of %d runs", ended, len(m.tracks))
}

// viewPoints draws a line for each combination of the other settings; its band is the 95% interval.
func (m *Model) viewPoints(w, h int) string {
	s := &m.session.Styles
	c := chart.Chart{Styles: s.Chart(), Empty: "a point for each run, once all were evaluated", FormatY: func(y float64) string { return fmt.Sprintf("%.2f", y) }}
	if m.session.Plain {
		c.Symbols = chart.ASCII
	}
	if sw := m.result.sweep; sw != nil {
		c.XName = strings.ReplaceAll(sw.Setting, "_", " ")
		c.FormatX = func(x float64) string { return valueAt(sw.Values, x) }
		for i, l := range sw.Lines {
			c.Lines = append(c.Lines, s.Line(i, l.Name, pointsOf(l, sw.Values)))
		}
	}
	return c.View(w, h)
}

// pointsOf places the points of a line at 0, 1, 2 and so on, by their values.
func pointsOf(l engine.Line, values []string) *chart.Series {
	data := &chart.Series{}
	for x, v := range values {
		for _, p := range l.Points {
			if p.Value == v && p.Figure.Name != "" {
				a := p.Figure
				data.AddBand(float64(x), float64(a.Value), float64(a.Low), float64(a.High))
			}
		}
	}
	return data
}

// valueAt writes the value at a place of the axis, nothing between two of them.
func valueAt(values []string, x float64) string {
	i := int(math.Round(x))
	if i < 0 || i >= len(values) || math.Abs(x-float64(i)) > 1e-9 {
		return ""
	}
	return values[i]
}

// viewTable is a row for each point.
func (m *Model) viewTable(w, h int) string {
	sw := m.result.sweep
	if sw == nil {
		return m.waiting(w, h)
	}
	t := table.Table{
		Columns: []table.Column{
			{Title: "", Flex: 2, Min: 6}, {Title: strings.ReplaceAll(sw.Setting, "_", " "), Flex: 1, Min: 4}, {Title: m.figure(), Align: table.Right}, {Title: "95%"},
			{Title: "time", Align: table.Right}, {Title: "learns", Align: table.Right},
		},
		Cursor: m.rolls[tablePane].Cursor, Styles: m.session.Styles.Table(),
	}
	for _, l := range sw.Lines {
		for _, p := range l.Points {
			t.Rows = append(t.Rows, []string{
				l.Name, p.Value, fmt.Sprintf("%.3f", float64(p.Figure.Value)), fmt.Sprintf("%.2f-%.2f", float64(p.Figure.Low), float64(p.Figure.High)),
				span(p.Seconds), number.Compact(float64(p.Trainable)),
			})
		}
	}
	m.rolls[tablePane].Page = max(1, h-1)
	m.rolls[tablePane].Clamp(len(t.Rows))
	t.Cursor = m.rolls[tablePane].Cursor
	return t.View(w, h)
}

// viewConclusion is the verdict in words.
func (m *Model) viewConclusion(w, h int) string {
	if !m.result.ready {
		return m.waiting(w, h)
	}
	s := &m.session.Styles
	c := canvas.New(w, h)
	for y, line := range shared.Wrap(m.result.of.Verdict, w) {
		c.Text(0, y, w, line, c.Ink(s.Text))
	}
	return c.String()
}
