package learn

import (
	"math"

	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
)

// chartTitle says what the curves are.
func (m *Model) chartTitle() string {
	switch m.course.lab.Chart.Show {
	case "loss":
		return "train loss"
	case "dev_loss":
		return "dev loss"
	}
	return m.course.lab.Measure + " on dev"
}

// chart is one curve per run.
func (m *Model) chart() chart.Chart {
	s := &m.session.Styles
	c := m.course
	ch := chart.Chart{Cursor: c.cursor, XName: c.lab.Chart.Over, TimeX: c.lab.Chart.Over == "time", NoBand: c.lab.Chart.Show != "loss", Styles: s.Chart()}
	for i, t := range c.tracks {
		ch.Lines = append(ch.Lines, s.Line(i, c.lab.Runs[i].Name, t.curve))
	}
	if c.lab.Chart.Show == "loss" {
		ch.Smooth = lossSmoothing
	}
	if c.lab.Chart.Over == "step" {
		ch.FormatX = func(x float64) string { return number.Whole(int64(math.Round(x))) }
		ch.X = m.course.planned()
	}
	ch.Empty = "a point after each epoch"
	if m.session.Plain {
		ch.Symbols = chart.ASCII
	}
	return ch
}

// lossSmoothing is the weight of the past in curves of single steps, which are noisy.
const lossSmoothing = 0.9

// planned are the steps of the longest run, so that the axis stands still while the runs go on.
func (c *course) planned() chart.Range {
	steps := 0
	for _, t := range c.tracks {
		steps = max(steps, t.steps)
	}
	return chart.Range{To: float64(steps)}
}

// cross moves the crosshair of the chart, which starts at the newest point.
func (m *Model) cross(a shared.Action) bool {
	c := m.course
	columns := map[shared.Action]int{shared.Left: -1, shared.Right: 1}[a]
	if columns == 0 || !c.answered() {
		return false
	}
	ch := m.chart()
	full, ok := ch.Extent()
	if !ok {
		return true
	}
	x := full.To
	if c.cursor != nil {
		w, h := m.tiles.Size()
		x = ch.Step(w/2, h/2, *c.cursor, columns)
	}
	c.cursor = &x
	return true
}
