// Package spark draws a curve in one line: eight heights of a block per value.
//
//	s := spark.Spark{Values: tokensPerSecond, Style: style}
//	line := s.View(20, 1)
package spark

import (
	"math"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// A Spark is a curve of a few cells. More values than cells are grouped, and a
// group shows its largest, so that a spike stays visible. Values that are NaN
// or infinite are shown as '!'.
type Spark struct {
	Values []float64
	Zero   bool // start at 0 instead of the least value
	Style  lipgloss.Style
	Bad    lipgloss.Style // the '!' of a value that is not finite
}

// View draws the curve as exactly h lines of w cells.
func (s Spark) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	lo, hi := s.extent()
	if w == 0 || h == 0 {
		return ""
	}
	style, bad := c.Ink(s.Style), c.Ink(s.Bad)
	n := min(w, len(s.Values))
	for x := range n {
		v := largest(s.Values[x*len(s.Values)/n : (x+1)*len(s.Values)/n])
		if math.IsNaN(v) {
			c.Set(x, h-1, '!', bad)
			continue
		}
		c.Column(x, h-1, h, height(v, lo, hi), style)
	}
	return c.String()
}

func (s Spark) extent() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if s.Zero {
		lo = min(lo, 0)
	}
	return lo, hi
}

// height is the share of the line that v fills; the least value still shows. Halves keep huge differences finite.
func height(v, lo, hi float64) float64 {
	if !(hi > lo) {
		return 0.5
	}
	const least = 1.0 / 8
	return least + (1-least)*(v/2-lo/2)/(hi/2-lo/2)
}

// largest returns the largest value of a group, NaN when one is not finite.
func largest(group []float64) float64 {
	most := math.Inf(-1)
	for _, v := range group {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return math.NaN()
		}
		most = max(most, v)
	}
	return most
}
