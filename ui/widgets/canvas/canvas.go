// Package canvas is the sheet of cells that every widget draws on.
//
// A Canvas has w x h cells. A cell holds one glyph and one Ink, which is a
// lipgloss.Style registered once per drawing. String groups neighbouring cells
// of the same ink into one run of escape codes, so a chart of ten thousand
// cells costs a few hundred style changes and no lipgloss call per cell.
//
//	c := canvas.New(20, 2)
//	bold := c.Ink(styles.Title)
//	c.Text(0, 0, 20, "train/loss", bold)
//	c.Right(0, 1, 20, "0.241", canvas.Plain)
//	fmt.Println(c.String())
//
// Every draw call is clipped: nothing is ever written past the edge, and every
// line of String is exactly w cells wide as lipgloss.Width measures it.
//
// The package also holds what widgets and screens share for text that is
// already drawn: Fit (cut and pad to exactly w x h), Fill (paint a theme's
// background under a frame), ASCII (replace box and block glyphs) and Window
// (which rows of a list are visible).
package canvas

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// MaxSide bounds the width and height of a canvas, in cells, so that a wrong
// size cannot ask for gigabytes. No terminal is larger.
const MaxSide = 4096

// Ink is the index of a style registered with Canvas.Ink. The zero Ink is Plain.
type Ink uint8

// Plain is the ink that emits no escape code.
const Plain Ink = 0

// maxInks is the number of styles one canvas can hold; later ones draw Plain.
const maxInks = 256

// tail marks the second cell of a wide glyph; it prints nothing.
const tail rune = 0

type cell struct {
	glyph rune // tail, a rune, or -1-i for clusters[i]
	ink   Ink
}

type inkCodes struct{ open, close string }

// A Canvas is a sheet of w x h styled cells. Use New to make one.
type Canvas struct {
	w, h     int
	cells    []cell // row by row
	inks     []inkCodes
	clusters []string // glyphs of more than one rune
}

// New returns a blank canvas. Negative sides count as 0, larger ones than MaxSide as MaxSide.
func New(w, h int) *Canvas {
	w, h = min(max(w, 0), MaxSide), min(max(h, 0), MaxSide)
	c := &Canvas{w: w, h: h, cells: make([]cell, w*h), inks: make([]inkCodes, 1, 16)}
	for i := range c.cells {
		c.cells[i].glyph = ' '
	}
	return c
}

// Size returns the width and height in cells.
func (c *Canvas) Size() (w, h int) { return c.w, c.h }

// Ink registers a style. Only its text attributes count (colours, bold, faint,
// reverse, underline, ...); its margins, padding and sizes are ignored.
func (c *Canvas) Ink(s lipgloss.Style) Ink {
	if len(c.inks) == maxInks {
		return Plain
	}
	open, end := Codes(s)
	if open == "" {
		return Plain
	}
	c.inks = append(c.inks, inkCodes{open, end})
	return Ink(len(c.inks) - 1)
}

// Set writes one glyph of one cell; a control character or a wide rune is drawn as '?'.
func (c *Canvas) Set(x, y int, r rune, k Ink) {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return
	}
	if r < ' ' || (r > '~' && !ours(r) && ansi.StringWidth(string(r)) != 1) {
		r = '?'
	}
	c.put(x, y, r, k)
}

// put writes one cell inside the canvas and blanks the other half of a wide glyph it breaks.
func (c *Canvas) put(x, y int, r rune, k Ink) {
	i := y*c.w + x
	if c.cells[i].glyph == tail && x > 0 {
		c.cells[i-1].glyph = ' '
	}
	if x+1 < c.w && c.cells[i+1].glyph == tail {
		c.cells[i+1].glyph = ' '
	}
	c.cells[i] = cell{r, k}
}

// Blank reports whether the cell is inside the canvas and holds a space.
func (c *Canvas) Blank(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.w && y < c.h && c.cells[y*c.w+x].glyph == ' '
}

// Paint changes the ink of w cells from (x, y) on and leaves their glyphs.
func (c *Canvas) Paint(x, y, w int, k Ink) {
	if y < 0 || y >= c.h {
		return
	}
	for i := max(x, 0); i < min(x+w, c.w); i++ {
		c.cells[y*c.w+i].ink = k
	}
}

// Rule writes the same glyph into w cells from (x, y) on.
func (c *Canvas) Rule(x, y, w int, r rune, k Ink) {
	for i := max(x, 0); i < min(x+w, c.w); i++ {
		c.Set(i, y, r, k)
	}
}

// ours reports the glyph ranges that widgets draw themselves and that are one cell wide:
// braille, box drawing, block elements and geometric shapes.
func ours(r rune) bool {
	return r >= 0x2800 && r <= 0x28ff || r >= 0x2500 && r <= 0x25cf
}
