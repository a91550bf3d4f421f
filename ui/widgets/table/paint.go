package table

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

type inks struct{ header, text, cursor, selected canvas.Ink }

func newInks(c *canvas.Canvas, s Styles) inks {
	return inks{c.Ink(s.Header), c.Ink(s.Text), c.Ink(s.Cursor), c.Ink(s.Selected)}
}

// painter draws one view of a table.
type painter struct {
	t      Table
	c      *canvas.Canvas
	widths []int
	inks   inks
	custom map[*lipgloss.Style]canvas.Ink // styles that Paint returned
}

func (p *painter) header() {
	x := p.t.signWidth()
	for i, col := range p.t.Columns {
		p.cell(x, 0, i, col.Title, p.inks.header)
		x += p.widths[i] + gap
	}
}

func (p *painter) row(row, y, w int) {
	sign, base := p.look(row)
	if row == p.t.Cursor {
		p.c.Paint(0, y, w, base)
	}
	if !p.t.NoSign && sign != ' ' {
		p.c.Set(0, y, sign, base)
	}
	x := p.t.signWidth()
	for i := range p.t.Columns {
		if i < len(p.t.Rows[row]) {
			p.cell(x, y, i, p.t.Rows[row][i], p.ink(row, i, base))
		}
		x += p.widths[i] + gap
	}
}

func (p *painter) look(row int) (sign rune, base canvas.Ink) {
	selected := p.t.Selected != nil && p.t.Selected(row)
	switch {
	case row == p.t.Cursor:
		return cursorSign, p.inks.cursor
	case selected:
		return selectedSign, p.inks.selected
	}
	return ' ', p.inks.text
}

// ink is the style of one cell: Paint's choice unless the cursor is on the row.
func (p *painter) ink(row, column int, base canvas.Ink) canvas.Ink {
	if row == p.t.Cursor || p.t.Paint == nil {
		return base
	}
	style := p.t.Paint(row, column)
	if style == nil {
		return base
	}
	k, ok := p.custom[style]
	if !ok {
		if p.custom == nil {
			p.custom = map[*lipgloss.Style]canvas.Ink{}
		}
		k = p.c.Ink(*style)
		p.custom[style] = k
	}
	return k
}

func (p *painter) cell(x, y, i int, text string, k canvas.Ink) {
	w := p.widths[i]
	switch p.t.Columns[i].Align {
	case Right:
		p.c.Right(x, y, w, text, k)
	case Centre:
		p.c.Centre(x, y, w, text, k)
	default:
		p.c.Text(x, y, w, text, k)
	}
}
