// Package figure draws charts for documents, as SVG and as PNG: curves with a legend, dashes,
// markers, bands and error bars, on linear or logarithmic axes, in the colours of a theme.
//
//	sheet := figure.Sheet{Title: "two runs", Charts: []figure.Chart{{
//		Title: "dev accuracy", X: "step",
//		Lines: []figure.Line{{Name: "pocket-bert", Dots: true, Points: []figure.Point{{X: 48, Y: 0.81}}}},
//	}}}
//	err := sheet.SVG(w, theme)
//
// Both forms are drawn by the same strokes, so they show the same; equal sheets give equal bytes.
// Values that are NaN or infinite are gaps with a mark. A line of any length takes at most four
// points per column of pixels, and keeps its extremes.
package figure

import "math"

// A Sheet is one picture of charts, side by side and beneath each other.
type Sheet struct {
	Title   string
	Note    string // a sentence under the title
	Charts  []Chart
	Columns int // of charts; 0 is 1
}

// A Chart is lines over a pair of axes.
type Chart struct {
	Title      string
	X, Y       string // names of the axes
	LogX, LogY bool
	Lines      []Line
	Marks      []Mark
	XTicks     []Tick  // at these places instead of round numbers
	Room       float64 // share of the x axis that stays free at both ends; 0 is a little
	Empty      string  // what stands there when no line has a point; "" is "no data"
}

// A Line is a series of points.
type Line struct {
	Name   string // in the legend; "" leaves it out
	Points []Point
	Style  int     // number of its colour, dash and marker
	Spread Spread  // what Low and High of the points are drawn as
	Dots   bool    // a marker at every point
	Loose  bool    // points are not joined
	Smooth float64 // weight of the past, below 1; above 0 the points are pale and their average is the line
}

// A Point is a value, with what it may be between where the line has a Spread.
type Point struct{ X, Y, Low, High float64 }

// A Spread is how the uncertainty of points is drawn.
type Spread int

// Spreads.
const (
	None Spread = iota // Low and High mean nothing
	Band               // an area from Low to High along the line
	Bars               // an error bar at every point
)

// A Mark is something that happened at x: a dashed line with a letter.
type Mark struct {
	X    float64
	Text string
}

// A Tick is a labelled place of an axis.
type Tick struct {
	Value float64
	Text  string
}

// smoothed is the debiased exponential moving average of Adam (Kingma and Ba, 2015) with the given
// weight of the past: m = w m + (1-w) y, shown as m / (1 - w^t). Values that are not finite stay and
// do not count.
func smoothed(points []Point, weight float64) []Point {
	w := min(max(weight, 0), 0.999)
	mean, past := 0.0, 1.0
	out := make([]Point, len(points))
	for i, p := range points {
		if finite(p.Y) {
			mean, past = w*mean+(1-w)*p.Y, past*w
			p.Y = mean / (1 - past)
		}
		out[i] = p
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
