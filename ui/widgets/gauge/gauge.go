// Package gauge draws shares as horizontal bars: the progress of a download,
// the probabilities of labels, the trainable part of a model.
//
//	g := gauge.Gauge{Label: "trainable", Share: 0.096, Text: "0.42M of 4.39M (9.6%)", Styles: styles}
//	line := g.View(60, 1)
//
//	l := gauge.List{Items: []gauge.Item{{Label: "positive", Share: 0.93}, {Label: "negative", Share: 0.07}}, Cursor: -1, Styles: styles}
//	view := l.View(40, 2)
package gauge

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// Styles are the colours of gauges.
type Styles struct {
	Label  lipgloss.Style
	Fill   lipgloss.Style // the filled part
	Track  lipgloss.Style // the rest
	Text   lipgloss.Style // what stands right of the bar
	Cursor lipgloss.Style // the cursor's row in a List
	Mark   lipgloss.Style // rows with a sign, for example the gold label
}

// A Gauge is one bar with a label before it and a text after it.
type Gauge struct {
	Label  string
	Share  float64 // 0 to 1; NaN draws an empty bar
	Text   string  // empty writes the share in percent
	Styles Styles
}

// View draws the gauge on the first of exactly h lines of w cells.
func (g Gauge) View(w, h int) string {
	return List{Items: []Item{{Label: g.Label, Share: g.Share, Text: g.Text}}, Cursor: -1, Styles: g.Styles}.View(w, h)
}

// An Item is one bar of a List.
type Item struct {
	Label string
	Share float64 // 0 to 1; NaN draws an empty bar
	Text  string  // empty writes the share in percent
	Sign  rune    // before the label, for example '*' for the gold label; 0 for none
	Fill  *lipgloss.Style
}

// A List is bars under one another with their columns aligned.
type List struct {
	Items  []Item
	Cursor int // highlighted row, kept in view; negative for none
	Styles Styles
}

// Least widths, in cells.
const (
	leastBar   = 4 // a shorter bar says nothing and is left out
	leastLabel = 6
)

// track is the glyph of the unfilled part of a bar.
const track = '·'

type painter struct {
	l                                     List
	c                                     *canvas.Canvas
	sign, label, bar, text                int // column widths
	kLabel, kFill, kTrack, kText, kCursor canvas.Ink
	kMark                                 canvas.Ink
}

// View draws the bars, scrolled to the cursor, as exactly h lines of w cells.
func (l List) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	s := l.Styles
	p := painter{l: l, c: c, kLabel: c.Ink(s.Label), kFill: c.Ink(s.Fill), kTrack: c.Ink(s.Track), kText: c.Ink(s.Text), kCursor: c.Ink(s.Cursor), kMark: c.Ink(s.Mark)}
	p.fit(w)
	from, to := canvas.Window(l.Cursor, len(l.Items), h)
	for i := from; i < to; i++ {
		p.item(i, i-from, w)
	}
	return c.String()
}

// fit shares w cells among sign, label, bar and text, with a blank between them.
func (p *painter) fit(w int) {
	for _, it := range p.l.Items {
		p.label = max(p.label, canvas.Width(it.Label))
		p.text = max(p.text, canvas.Width(it.text()))
		if it.Sign != 0 {
			p.sign = 2
		}
	}
	if p.label > 0 {
		p.label = min(p.label, max(leastLabel, w/2)) + 1
	}
	p.bar = w - p.sign - p.label - p.text - 1
	if p.bar < leastBar {
		p.bar = 0
	}
}

func (it Item) text() string {
	if it.Text != "" {
		return it.Text
	}
	return number.Percent(it.Share)
}

func (p *painter) item(i, y, w int) {
	it := p.l.Items[i]
	label, fill, text := p.kLabel, p.kFill, p.kText
	if it.Fill != nil {
		fill = p.c.Ink(*it.Fill)
	}
	if it.Sign != 0 {
		label = p.kMark
	}
	if i == p.l.Cursor {
		label, text = p.kCursor, p.kCursor
	}
	if it.Sign != 0 {
		p.c.Set(0, y, it.Sign, label)
	}
	p.c.Text(p.sign, y, min(p.label-1, w-p.sign), it.Label, label)
	x := p.sign + p.label
	if p.bar > 0 {
		p.c.Rule(x, y, p.bar, track, p.kTrack)
		p.c.Bar(x, y, p.bar, it.Share, fill)
		x += p.bar + 1
	}
	p.c.Right(x, y, min(p.text, w-x), it.text(), text)
}
