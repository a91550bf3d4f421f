// Package confusion draws a confusion matrix: what was right and which labels
// are taken for one another.
//
//	m := confusion.Matrix{Labels: []string{"neg", "pos"}, Counts: [][]int{{118, 12}, {9, 141}}, Row: -1, Column: -1, Styles: styles}
//	view := m.View(50, 8)
//
// Rows are the gold labels, columns the predicted ones. The diagonal stands in
// brackets, each mistake after a shade for its share of the row, so neither
// needs colour. Recall ends each row, precision each column.
package confusion

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// Styles are the colours of a Matrix.
type Styles struct {
	Header lipgloss.Style // labels
	Right  lipgloss.Style // the diagonal
	Wrong  lipgloss.Style // other counts above 0
	Zero   lipgloss.Style // cells without examples
	Rate   lipgloss.Style // recall and precision
	Cursor lipgloss.Style
}

// A Matrix counts examples by gold and predicted label.
type Matrix struct {
	Labels []string
	Counts [][]int // [gold][predicted]; missing cells count as 0
	Row    int     // cursor cell, kept in view; a negative one highlights nothing
	Column int
	Styles Styles
}

// Widths, in cells.
const (
	leastCell  = 6
	mostCell   = 12
	leastLabel = 4
	mostLabel  = 16
	rateWidth  = 8
)

// View draws the matrix, scrolled to the cursor, as exactly h lines of w cells.
func (m Matrix) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	s := m.Styles
	p := painter{m: m, c: c, header: c.Ink(s.Header), right: c.Ink(s.Right), wrong: c.Ink(s.Wrong), zero: c.Ink(s.Zero), rate: c.Ink(s.Rate), cursor: c.Ink(s.Cursor)}
	if len(m.Labels) == 0 {
		c.Text(0, 0, w, "no labels", p.header)
		return c.String()
	}
	p.fit(w, h)
	p.columns()
	for i := p.fromRow; i < p.toRow; i++ {
		p.row(i, p.top+i-p.fromRow)
	}
	return c.String()
}

// Count returns the examples of gold label i that were predicted as j.
func (m Matrix) Count(i, j int) int {
	if i < 0 || j < 0 || i >= len(m.Counts) || j >= len(m.Counts[i]) {
		return 0
	}
	return max(m.Counts[i][j], 0)
}

// Recall is the share of gold label i that was predicted as i; ok is false when it has no examples.
func (m Matrix) Recall(i int) (share float64, ok bool) {
	total := 0
	for j := range m.Labels {
		total += m.Count(i, j)
	}
	return ratio(m.Count(i, i), total)
}

// Precision is the share of predictions of label j that were right; ok is false when there are none.
func (m Matrix) Precision(j int) (share float64, ok bool) {
	total := 0
	for i := range m.Labels {
		total += m.Count(i, j)
	}
	return ratio(m.Count(j, j), total)
}

func ratio(part, total int) (float64, bool) {
	if total == 0 {
		return 0, false
	}
	return float64(part) / float64(total), true
}

// percent writes a rate, or "-" when there is nothing to divide by.
func percent(share float64, ok bool) string {
	if !ok {
		return "-"
	}
	return number.Percent(share)
}
