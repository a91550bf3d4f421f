// Package table draws rows and columns: lists of backbones, samples, runs,
// results. It scrolls to its cursor, cuts cells with an ellipsis and shows the
// cursor row by a sign and reverse, so selection is seen without colour.
//
//	t := table.Table{
//		Columns: []table.Column{{Title: "backbone", Flex: 1}, {Title: "size", Align: table.Right}},
//		Rows:    [][]string{{"bert-mini", "11.2M"}, {"elmo-small", "13.6M"}},
//		Cursor:  0,
//		Styles:  s,
//	}
//	view := t.View(40, 10) // exactly 10 lines of 40 cells
package table

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// Align says where a cell's text stands in its column.
type Align int

// The alignments of a column.
const (
	Left Align = iota
	Right
	Centre
)

// A Column is a title and a rule for its width.
type Column struct {
	Title string
	Align Align
	Width int // cells; 0 fits the content
	Flex  int // share of the width left over; also shrinks first when there is too little
	Min   int // never narrower than this while the table has room; 0 means 3
}

// Styles are the colours of a Table.
type Styles struct {
	Header   lipgloss.Style
	Text     lipgloss.Style
	Cursor   lipgloss.Style // the whole cursor row
	Selected lipgloss.Style // rows for which Selected returns true
	Muted    lipgloss.Style // scroll bar and the note of an empty table
}

// A Table is rows of cells under a header. The zero value draws nothing but the note of an empty table.
type Table struct {
	Columns  []Column
	Rows     [][]string // short rows are filled with blanks
	Cursor   int        // row that is shown and highlighted; negative for none (shows the top)
	Selected func(row int) bool
	// Paint chooses the style of one cell; nil, or a nil result, means
	// Styles.Text. The cursor row keeps Styles.Cursor.
	Paint    func(row, column int) *lipgloss.Style
	NoHeader bool
	NoSign   bool   // without the column that marks cursor and selection
	Empty    string // note shown when there are no rows
	Styles   Styles
}

// Signs in the first column. They repeat in shape what the styles say in colour.
const (
	cursorSign   = '▸'
	selectedSign = '*'
	gap          = 2 // blank cells between columns
)

// Visible returns the half-open range of rows that a view of height h shows.
func (t Table) Visible(h int) (from, to int) {
	return canvas.Window(t.Cursor, len(t.Rows), h-t.headerHeight())
}

// RowAt returns the row drawn on line y of a view of height h, for the mouse.
func (t Table) RowAt(y, h int) (row int, ok bool) {
	from, to := t.Visible(h)
	row = from + y - t.headerHeight()
	return row, row >= from && row < to
}

// View draws the table as exactly h lines of w cells.
func (t Table) View(w, h int) string {
	c := canvas.New(w, h)
	if len(t.Rows) == 0 {
		c.Text(t.signWidth(), t.headerHeight(), w, t.Empty, c.Ink(t.Styles.Muted))
	}
	from, to := t.Visible(h)
	inner := w - t.signWidth()
	if len(t.Rows) > to-from {
		inner--
		t.scrollBar(c, w, h, from)
	}
	p := painter{t: t, c: c, widths: t.widths(inner, from, to), inks: newInks(c, t.Styles)}
	if !t.NoHeader {
		p.header()
	}
	for row := from; row < to; row++ {
		p.row(row, t.headerHeight()+row-from, inner+t.signWidth())
	}
	return c.String()
}

func (t Table) headerHeight() int {
	if t.NoHeader {
		return 0
	}
	return 1
}

func (t Table) signWidth() int {
	if t.NoSign {
		return 0
	}
	return 2
}

// scrollBar draws the position of the visible rows in the last column.
func (t Table) scrollBar(c *canvas.Canvas, w, h, from int) {
	ink, top := c.Ink(t.Styles.Muted), t.headerHeight()
	track := h - top
	if track <= 0 {
		return
	}
	thumb := max(1, track*track/len(t.Rows))
	at := from * (track - thumb) / max(1, len(t.Rows)-track)
	for y := range track {
		g := '│'
		if y >= at && y < at+thumb {
			g = '┃'
		}
		c.Set(w-1, top+y, g, ink)
	}
}
