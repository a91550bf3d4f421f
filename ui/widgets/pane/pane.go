// Package pane draws a box with a title in its top border: thick and bold when
// focused, thin otherwise, so focus is seen without colour.
//
//	p := pane.Pane{Title: "train/loss", Focused: true, Styles: s}
//	w, h := p.Inner(60, 20)
//	p.Body = chart.View(w, h)
//	view := p.View(60, 20) // exactly 20 lines of 60 cells
package pane

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// Styles are the colours of a Pane.
type Styles struct {
	Border lipgloss.Style // an unfocused border
	Focus  lipgloss.Style // a focused border
	Title  lipgloss.Style // the title; drawn bold when focused
	Note   lipgloss.Style // the note at the right of the top border and the footer
}

// A Pane is a bordered box around a Body.
type Pane struct {
	Title   string // at the left of the top border; plain text
	Note    string // at the right of the top border, for example "3/14"; plain text
	Footer  string // at the right of the bottom border; plain text
	Body    string // lines, with or without escape codes; cut to Inner
	Focused bool
	Pad     int // blank columns between border and body, on both sides
	Styles  Styles
}

// border glyphs: horizontal, vertical, then the four corners from the top left, row by row.
var (
	thin  = [6]rune{'─', '│', '┌', '┐', '└', '┘'}
	thick = [6]rune{'━', '┃', '┏', '┓', '┗', '┛'}
)

// Inner returns the size left for the body in a pane of w x h cells.
func (p Pane) Inner(w, h int) (iw, ih int) {
	return max(0, w-2-2*max(p.Pad, 0)), max(0, h-2)
}

// View draws the pane as exactly h lines of w cells. A pane too small for a
// border (under 2x2) is blank.
func (p Pane) View(w, h int) string {
	if w < 2 || h < 2 {
		return canvas.New(w, h).String()
	}
	lines := make([]string, 0, h)
	lines = append(lines, p.edge(w, true))
	lines = append(lines, p.body(w, h)...)
	return strings.Join(append(lines, p.edge(w, false)), "\n")
}

func (p Pane) look() (glyphs [6]rune, border, title lipgloss.Style) {
	if p.Focused {
		return thick, p.Styles.Focus, p.Styles.Title.Bold(true)
	}
	return thin, p.Styles.Border, p.Styles.Title
}

// edge draws the top border with title and note, or the bottom border with the footer.
func (p Pane) edge(w int, top bool) string {
	g, border, title := p.look()
	c := canvas.New(w, 1)
	ink := c.Ink(border)
	c.Rule(1, 0, w-2, g[0], ink)
	left, right, note := g[2], g[3], p.Note
	if !top {
		left, right, note = g[4], g[5], p.Footer
	}
	c.Set(0, 0, left, ink)
	c.Set(w-1, 0, right, ink)
	end := 0
	if top {
		end = label(c, 2, w-4, p.Title, c.Ink(title))
	}
	if n := canvas.Width(note) + 2; n > 2 && end+n+4 <= w {
		label(c, w-2-n, n, note, c.Ink(p.Styles.Note))
	}
	return c.String()
}

// label writes text with a space on both sides in at most w cells from x on and returns where it ends.
func label(c *canvas.Canvas, x, w int, text string, k canvas.Ink) int {
	if text == "" || w < 3 {
		return x
	}
	n := c.Text(x+1, 0, w-2, text, k)
	c.Set(x, 0, ' ', canvas.Plain)
	c.Set(x+1+n, 0, ' ', canvas.Plain)
	return x + n + 2
}

func (p Pane) body(w, h int) []string {
	iw, ih := p.Inner(w, h)
	g, border, _ := p.look()
	open, end := canvas.Codes(border)
	side := open + string(g[1]) + end
	pad := strings.Repeat(" ", (w-2-iw)/2)
	rest := strings.Repeat(" ", w-2-iw-len(pad))
	lines := canvas.FitLines(p.Body, iw, ih)
	for i, line := range lines {
		lines[i] = side + pad + line + rest + side
	}
	return lines
}
