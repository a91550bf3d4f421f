// Package chart draws curves: losses, metrics, learning rates, several runs
// over one another. It takes Series, which hold any number of points in
// bounded memory, and returns a string of exactly w x h cells.
//
//	var loss chart.Series
//	loss.Add(step, value) // once per training step
//	c := chart.Chart{
//		Lines:  []chart.Line{{Name: "A bert", Data: &loss, Style: bold, BandStyle: faint}},
//		Smooth: 0.9,
//		XName:  "step",
//		Styles: styles,
//	}
//	view := c.View(80, 20)
//
// What is drawn: the minimum-to-maximum band of the raw points as faint
// stipple, the smoothed mean as a solid line over it, a y axis (linear or
// logarithmic) with ticks at 1, 2 or 5 times a power of ten, an x axis, a
// legend with the last value or the one under the crosshair, marks for events,
// and '!' on the bottom row where a point was NaN or infinite.
//
// Without colour the curves stay apart: the first is solid, the next dashed,
// dotted and so on (letters of their own with ASCII symbols), and the legend
// shows each pattern.
package chart

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// Symbols says what curves are drawn with.
type Symbols int

// The symbols, from the finest to those every terminal has.
const (
	Braille Symbols = iota // 2 x 4 dots per cell
	Block                  // 2 x 2 quadrants per cell
	ASCII                  // one letter per cell
)

// A Line is one curve.
type Line struct {
	Name      string
	Data      *Series        // nil draws nothing
	Style     lipgloss.Style // curve and legend; usually bold
	BandStyle lipgloss.Style // minimum-to-maximum band; usually faint
	// Dash is the pattern, 0 to 5 (0 solid). Patterns repeat after 5. A chart in
	// which every line has Dash 0 numbers its lines by itself.
	Dash int
}

// A Mark is an event on the x axis, drawn as a vertical dotted line with a letter on top.
type Mark struct {
	X      float64
	Letter rune
}

// Styles are the colours of a Chart, apart from its lines'.
type Styles struct {
	Axis   lipgloss.Style // axis lines
	Label  lipgloss.Style // numbers on the axes, notes
	Mark   lipgloss.Style // event marks
	Cursor lipgloss.Style // crosshair
	Bad    lipgloss.Style // sign of NaN and infinities
}

// A Chart draws Lines over a shared x axis. The zero value draws an empty plot.
type Chart struct {
	Lines   []Line
	Marks   []Mark
	Symbols Symbols

	LogY   bool    // logarithmic y axis; values <= 0 become gaps with a sign
	Smooth float64 // weight of the past in the moving average, 0 (raw) to 0.999
	X      Range   // zoom window; the zero Range shows everything
	Y      Range   // fixed y axis; the zero Range fits what is visible
	Cursor *float64

	NoBand   bool
	NoLegend bool
	NoAxes   bool

	XName   string               // what x counts: "step", "tokens", "time"
	TimeX   bool                 // x is in seconds: ticks at round times such as 5m and 1h30m
	Note    string               // more text at the right of the legend
	Empty   string               // shown when no line has a point; "no data yet" when empty
	FormatX func(float64) string // x tick labels; nil writes compact numbers
	FormatY func(float64) string // y tick labels and values; nil writes compact numbers
	Styles  Styles
}

// View draws the chart as exactly h lines of w cells.
func (c Chart) View(w, h int) string {
	sheet := canvas.New(w, h)
	w, h = sheet.Size()
	if w == 0 || h == 0 {
		return ""
	}
	p := c.prepare(w, h)
	p.sheet = sheet
	p.ink = newInks(sheet, c)
	if !p.any {
		p.legend()
		p.empty()
		return sheet.String()
	}
	p.curves()
	p.legend()
	p.axes()
	p.badMarks()
	p.marks()
	p.crosshair()
	return sheet.String()
}

// XAt returns the x value under column col of a view of w x h cells, for the
// mouse; ok is false outside the plot or when there is no data.
func (c Chart) XAt(w, h, col int) (x float64, ok bool) {
	p := c.prepare(min(w, canvas.MaxSide), min(h, canvas.MaxSide))
	col -= p.left
	if !p.any || col < 0 || col >= p.pw {
		return 0, false
	}
	return p.x.value(p.shareOf(col), false), true
}

// Step returns x moved by the given number of plot columns (negative to the
// left) in a view of w x h cells, kept inside the visible range.
func (c Chart) Step(w, h int, x float64, columns int) float64 {
	p := c.prepare(min(w, canvas.MaxSide), min(h, canvas.MaxSide))
	if !p.any || p.pw <= 0 {
		return x
	}
	col := min(max(p.column(x), 0), p.pw-1) + columns
	return p.x.value(p.shareOf(min(max(col, 0), p.pw-1)), false)
}

// Extent returns the x range of all the lines' points; ok is false when there are none.
func (c Chart) Extent() (r Range, ok bool) {
	for _, l := range c.Lines {
		e, has := l.Data.Extent()
		switch {
		case !has:
		case !ok:
			r, ok = e, true
		default:
			r = Range{min(r.From, e.From), max(r.To, e.To)}
		}
	}
	return r, ok
}
