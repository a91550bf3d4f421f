// Package histogram draws how values spread: example lengths with the point
// where they are truncated, and how many examples each label has.
//
//	h := histogram.Histogram{Bins: histogram.Cut(lengths, 20), Mark: &maxLength, XName: "tokens", Styles: styles}
//	view := h.View(60, 10)
//
//	b := histogram.Balance{Labels: []string{"neg", "pos"}, Counts: []int{412, 588}, Styles: styles}
//	view := b.View(40, 2)
package histogram

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// Styles are the colours of a Histogram and a Balance.
type Styles struct {
	Bar   lipgloss.Style
	Over  lipgloss.Style // bars beyond the mark
	Mark  lipgloss.Style
	Axis  lipgloss.Style
	Label lipgloss.Style
	Track lipgloss.Style // the unfilled part of a Balance bar
}

// A Histogram is vertical bars over an axis.
type Histogram struct {
	Bins   []Bin
	Mark   *float64 // a limit, such as the maximum length; bins beyond it have a style of their own
	XName  string
	Empty  string // shown when nothing was counted; "nothing to count" when empty
	Styles Styles
}

// axisHeight is the rows under the bars: the axis and its labels.
const axisHeight = 2

// View draws the histogram as exactly h lines of w cells.
func (g Histogram) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	most := g.most()
	if most == 0 {
		text := g.Empty
		if text == "" {
			text = "nothing to count"
		}
		c.Centre(0, max(0, h-1)/2, w, text, c.Ink(g.Styles.Label))
		return c.String()
	}
	if h <= axisHeight+1 {
		g.bars(c, w, h, most)
		return c.String()
	}
	g.bars(c, w, h-axisHeight, most)
	g.axis(c, w, h-axisHeight)
	g.peak(c, w, most)
	return c.String()
}

func (g Histogram) most() int {
	most := 0
	for _, b := range g.Bins {
		most = max(most, b.Count)
	}
	return most
}

// bars draws one column per cell; bins wider than a cell are repeated, narrower ones show their largest.
func (g Histogram) bars(c *canvas.Canvas, w, rows, most int) {
	bar, over := c.Ink(g.Styles.Bar), c.Ink(g.Styles.Over)
	for x := range w {
		from := x * len(g.Bins) / w
		k := bar
		if g.Mark != nil && g.Bins[from].From >= *g.Mark {
			k = over
		}
		c.Column(x, rows-1, rows, float64(g.tallest(from, (x+1)*len(g.Bins)/w))/float64(most), k)
	}
}

// peak writes the largest count into the top right corner, where it covers no bar.
func (g Histogram) peak(c *canvas.Canvas, w, most int) {
	text := "most " + number.Compact(float64(most))
	from := w - len(text)
	for x := from; x < w; x++ {
		if !c.Blank(x, 0) {
			return
		}
	}
	c.Text(from, 0, len(text), text, c.Ink(g.Styles.Label))
}

// tallest is the largest count of bin from and those up to, not including, bin to.
func (g Histogram) tallest(from, to int) int {
	most := g.Bins[from].Count
	for _, b := range g.Bins[from:max(to, from+1)] {
		most = max(most, b.Count)
	}
	return most
}

// markLine draws the mark as a dotted line through the blank cells of its column.
func (g Histogram) markLine(c *canvas.Canvas, x, rows int, k canvas.Ink) {
	for y := range rows {
		if c.Blank(x, y) {
			c.Set(x, y, '┊', k)
		}
	}
	c.Set(x, rows, '▴', k)
}

// axis draws the line, the ends' labels, the name and the mark.
func (g Histogram) axis(c *canvas.Canvas, w, y int) {
	axis, label := c.Ink(g.Styles.Axis), c.Ink(g.Styles.Label)
	c.Rule(0, y, w, '─', axis)
	lo, hi := g.Bins[0].From, g.Bins[len(g.Bins)-1].To
	left := c.Text(0, y+1, w, number.Compact(lo), label)
	last := number.Compact(hi)
	if g.XName != "" {
		last += " " + g.XName
	}
	right := w - canvas.Width(last)
	if right > left {
		c.Text(right, y+1, w-right, last, label)
	}
	if g.Mark == nil || !(*g.Mark > lo && *g.Mark < hi) {
		return
	}
	mark, text := c.Ink(g.Styles.Mark), number.Compact(*g.Mark)
	x := place(*g.Mark, lo, hi, w)
	g.markLine(c, x, y, mark)
	from := x - len(text)/2
	if from > left && from+len(text) < right {
		c.Text(from, y+1, len(text), text, mark)
	}
}
