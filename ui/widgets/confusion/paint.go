package confusion

import (
	"strconv"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// painter draws one view of a matrix.
type painter struct {
	m                                        Matrix
	c                                        *canvas.Canvas
	label, cell, top                         int // widths of the first column and the others; header rows
	fromRow, toRow, fromCol, toCol           int
	rates, totals                            bool // room for recall, for precision
	header, right, wrong, zero, rate, cursor canvas.Ink
}

// fit chooses widths and the visible labels; rates give way to cells.
func (p *painter) fit(w, h int) {
	n := len(p.m.Labels)
	for _, l := range p.m.Labels {
		p.label = max(p.label, canvas.Width(l))
	}
	p.label = min(max(p.label, len("precision")), mostLabel, max(leastLabel, w/3))
	p.top = 1
	if h > n+2 {
		p.top = 2
	}
	p.totals = h >= p.top+min(n, 2)+1
	p.rates = w-p.label >= rateWidth+leastCell*min(n, 2)
	rows, width := h-p.top, w-p.label
	if p.totals {
		rows--
	}
	if p.rates {
		width -= rateWidth
	}
	p.cell = min(max(width/n, leastCell), mostCell)
	p.fromRow, p.toRow = canvas.Window(p.m.Row, n, rows)
	p.fromCol, p.toCol = canvas.Window(p.m.Column, n, max(width/p.cell, 0))
}

// x is the first cell of column j.
func (p *painter) x(j int) int { return p.label + (j-p.fromCol)*p.cell }

// columns draws the header, the precisions and what the axes mean.
func (p *painter) columns() {
	y := p.top - 1
	if p.top == 2 {
		p.c.Text(p.label+1, 0, p.x(p.toCol)-p.label, "predicted", p.rate)
	}
	p.c.Text(0, y, p.label, "gold", p.rate)
	for j := p.fromCol; j < p.toCol; j++ {
		p.c.Right(p.x(j)+1, y, p.cell-1, p.m.Labels[j], p.header)
	}
	if p.rates {
		p.c.Right(p.x(p.toCol)+1, y, rateWidth-1, "recall", p.rate)
	}
	if !p.totals {
		return
	}
	y = p.top + p.toRow - p.fromRow
	p.c.Text(0, y, p.label, "precision", p.rate)
	for j := p.fromCol; j < p.toCol; j++ {
		p.c.Right(p.x(j)+1, y, p.cell-1, percent(p.m.Precision(j)), p.rate)
	}
}

func (p *painter) row(i, y int) {
	p.c.Text(0, y, p.label, p.m.Labels[i], p.header)
	share := 0
	for j := range p.m.Labels {
		share += p.m.Count(i, j)
	}
	for j := p.fromCol; j < p.toCol; j++ {
		p.count(i, j, y, share)
	}
	if p.rates {
		p.c.Right(p.x(p.toCol)+1, y, rateWidth-1, percent(p.m.Recall(i)), p.rate)
	}
}

// count draws one cell: the count in brackets on the diagonal, after a shade for its share of the row elsewhere.
func (p *painter) count(i, j, y, total int) {
	n := p.m.Count(i, j)
	k := p.ink(i, j, n)
	text := strconv.Itoa(n)
	if n > 9999 {
		text = number.Compact(float64(n))
	}
	x := p.x(j) + 1
	if i == j {
		p.c.Right(x, y, p.cell-1, "["+text+"]", k)
		return
	}
	p.c.Right(x, y, p.cell-1, text+" ", k)
	if p.c.Blank(x, y) {
		p.c.Set(x, y, shade(n, total), k)
	}
}

// shade is the glyph for a cell's share of its row.
func shade(n, total int) rune {
	if total == 0 {
		return ' '
	}
	return [5]rune{' ', '░', '▒', '▓', '█'}[(n*4+total-1)/total]
}

func (p *painter) ink(i, j, n int) canvas.Ink {
	switch {
	case i == p.m.Row && j == p.m.Column:
		return p.cursor
	case i == j:
		return p.right
	case n == 0:
		return p.zero
	}
	return p.wrong
}
