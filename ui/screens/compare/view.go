package compare

import (
	"fmt"
	"math"

	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
)

// View draws the list of runs, the comparison or the examples.
func (m *Model) View() string {
	s := &m.session.Styles
	switch {
	case m.picking:
		return m.viewPicking()
	case m.reading:
		return m.viewReading()
	case m.swept():
		return m.viewSweep()
	}
	tiles := []shared.Tile{
		lossPane:   {Title: "train loss", Least: 8, Weight: 3, View: m.viewLoss},
		resultPane: {Title: "results", Note: m.resultNote(), Column: 1, Least: 13, Weight: 3, View: m.above(m.viewResults)},
		devPane:    {Title: "dev " + m.figure(), Least: 7, Weight: 2, View: func(w, h int) string { return m.devChart().View(w, h) }},
		testPane:   {Title: "who is right", Note: "enter reads", Column: 1, Least: 6 + m.extraPairs(), Weight: 1, View: m.viewTest},
		recipePane: {Title: "recipe differences", Note: m.recipeNote(), Column: 1, Least: 4, Weight: 1, View: m.viewRecipe},
	}
	return m.tiles.View(s, tiles, 13, 11)
}

// resultNote is the split and its size.
func (m *Model) resultNote() string {
	if !m.result.ready {
		return ""
	}
	return fmt.Sprintf("%s, n %d", m.result.of.Split, m.result.of.Runs[0].Examples)
}

func (m *Model) recipeNote() string {
	if !m.result.ready {
		return ""
	}
	return fmt.Sprint(len(m.result.of.Settings))
}

// name is the letter of run i and what tells it apart.
func (m *Model) name(i int) string {
	if m.result.ready {
		return letterOf(i) + " " + m.result.of.Runs[i].Name
	}
	return letterOf(i) + " " + m.tracks[i].name
}

// chart draws one curve of each run, all charts over the same stretch of the x axis and under the
// same crosshair.
func (m *Model) chart(curve func(curves) *chart.Series) chart.Chart {
	s := &m.session.Styles
	c := chart.Chart{X: m.window(), Cursor: m.cursor, XName: m.axis.String(), TimeX: m.axis == overTime, Styles: s.Chart()}
	for i, t := range m.tracks {
		c.Lines = append(c.Lines, s.Line(i, m.name(i), curve(t.curves[m.axis])))
	}
	if m.axis == overSteps {
		c.FormatX = func(x float64) string { return number.Whole(int64(math.Round(x))) }
	}
	if m.session.Plain {
		c.Symbols = chart.ASCII
	}
	return c
}

// window is the zoomed stretch, else from the first to the last point of all runs.
func (m *Model) window() chart.Range {
	if !m.zoom.Whole() {
		return m.zoom
	}
	var all chart.Chart
	for _, t := range m.tracks {
		all.Lines = append(all.Lines, chart.Line{Data: t.curves[m.axis].loss})
	}
	full, _ := all.Extent()
	return full
}

func (m *Model) lossChart() chart.Chart {
	c := m.chart(func(c curves) *chart.Series { return c.loss })
	c.Smooth, c.LogY = smoothings[m.smooth], m.logY
	c.Empty = "no step yet"
	return c
}

// figure is what the runs are judged by.
func (m *Model) figure() string {
	for _, t := range m.tracks {
		if t.judgedBy != "" {
			return shared.MetricName(t.judgedBy)
		}
	}
	return "accuracy"
}

func (m *Model) devChart() chart.Chart {
	c := m.chart(func(c curves) *chart.Series { return c.dev })
	c.NoBand = true
	c.Empty = "evaluated after each epoch"
	return c
}
