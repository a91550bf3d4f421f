// Package schedule draws the learning rate over the steps of a run: warm-up,
// decay, and where training is now.
//
//	s := schedule.Schedule{Rate: warmupLinear, Steps: 900, At: 250, Styles: styles}
//	view := s.View(40, 8)
package schedule

import (
	"math"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
)

// A Schedule is the learning rate as a function of the step.
type Schedule struct {
	Rate    func(step int) float64 // asked for at most a thousand steps from 0 to Steps
	Steps   int
	At      int // the current step; negative for none
	Name    string
	Symbols chart.Symbols
	Style   lipgloss.Style // the curve
	Styles  chart.Styles
}

// samples bounds the calls of Rate; it is four per cell at 200 cells.
const samples = 800

// View draws the schedule as exactly h lines of w cells.
func (s Schedule) View(w, h int) string {
	line := chart.Line{Name: s.Name, Data: s.series(), Style: s.Style}
	c := chart.Chart{
		Lines: []chart.Line{line}, Symbols: s.Symbols, Styles: s.Styles,
		NoBand: true, NoLegend: s.Name == "", XName: "step", FormatY: rate, Empty: "no steps",
	}
	if at := float64(s.At); s.At >= 0 {
		c.Cursor = &at
	}
	return c.View(w, h)
}

// series samples the schedule, always with its first and last step.
func (s Schedule) series() *chart.Series {
	data := &chart.Series{}
	if s.Rate == nil || s.Steps <= 0 {
		return data
	}
	n := min(s.Steps, samples)
	for i := range n + 1 {
		step := int(math.Round(float64(s.Steps) * float64(i) / float64(n)))
		data.Add(float64(step), s.Rate(step))
	}
	return data
}

func rate(v float64) string {
	if v == 0 {
		return "0"
	}
	return number.Rate(v)
}
