// Package plane draws named points where they lie.
//
//	p := plane.Plane{Points: []plane.Point{{X: 0.1, Y: 2, Name: "ship"}, {X: -1, Y: 0, Name: "boat"}}, Styles: styles}
//	drawing := p.View(40, 10)
package plane

import (
	"math"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// A Point has a name that is written beside it where there is room.
type Point struct {
	X, Y float64
	Name string
}

// Styles are how points, their names and the first of them are drawn.
type Styles struct{ Point, Name, First lipgloss.Style }

// A Plane is points, of which the first is what the others are shown around: it is marked, and its
// name goes before others. Points that are not finite are left out.
type Plane struct {
	Points []Point
	Styles Styles
}

// Marks of the points.
const (
	mark      = '○'
	firstMark = '●'
)

// View draws the points as exactly h lines of w cells. Both axes are stretched to what there is.
func (p Plane) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	if w == 0 || h == 0 {
		return c.String()
	}
	x, y := p.axis(w, func(q Point) float64 { return q.X }), p.axis(h, func(q Point) float64 { return -q.Y })
	point, name, first := c.Ink(p.Styles.Point), c.Ink(p.Styles.Name), c.Ink(p.Styles.First)
	for i := len(p.Points) - 1; i >= 0; i-- { // the first is never drawn over
		switch {
		case x[i] < 0 || y[i] < 0:
		case i == 0:
			c.Set(x[i], y[i], firstMark, first)
		default:
			c.Set(x[i], y[i], mark, point)
		}
	}
	named := map[[2]int]bool{} // of two points in one cell the first has its name
	for i, q := range p.Points {
		cell := [2]int{x[i], y[i]}
		switch {
		case x[i] < 0 || y[i] < 0 || named[cell]:
		case i == 0:
			beside(c, x[i], y[i], w, q.Name, first, true)
		default:
			beside(c, x[i], y[i], w, q.Name, name, false)
		}
		named[cell] = true
	}
	return c.String()
}

// beside writes a name right of a cell, else left of it, else not at all: names that run into each
// other say nothing. One that is forced covers other points.
func beside(c *canvas.Canvas, x, y, w int, name string, k canvas.Ink, forced bool) {
	n := canvas.Width(name)
	for _, at := range []int{x + 2, x - 1 - n} {
		if at >= 0 && at+n <= w && (forced || blank(c, at-1, y, n+2, w)) {
			if forced {
				c.Rule(at-1, y, n+2, ' ', k)
				c.Set(x, y, firstMark, k)
			}
			c.Text(at, y, n, name, k)
			return
		}
	}
}

// blank says that n cells are empty; those beyond the edge and the point's own neighbour count as such.
func blank(c *canvas.Canvas, x, y, n, w int) bool {
	for i := max(x, 0); i < min(x+n, w); i++ {
		if !c.Blank(i, y) {
			return false
		}
	}
	return true
}

// axis spreads values over n cells; -1 for what is not finite.
func (p Plane) axis(n int, of func(Point) float64) []int {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range p.Points {
		if finite(q) {
			lo, hi = min(lo, of(q)), max(hi, of(q))
		}
	}
	cells := make([]int, len(p.Points))
	for i, q := range p.Points {
		switch {
		case !finite(q):
			cells[i] = -1
		case !(hi > lo):
			cells[i] = n / 2
		default: // halves keep huge differences finite
			cells[i] = int(math.Round((of(q)/2 - lo/2) / (hi/2 - lo/2) * float64(n-1)))
		}
	}
	return cells
}

func finite(q Point) bool {
	sum := q.X/2 + q.Y/2
	return !math.IsNaN(sum) && !math.IsInf(q.X, 0) && !math.IsInf(q.Y, 0)
}
