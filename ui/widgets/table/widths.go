package table

import "defrost/ui/widgets/canvas"

const (
	measured  = 500 // rows measured from the top, so that widths stay put while scrolling
	narrowest = 3   // a column's smallest width unless it says otherwise
)

// widths shares w cells among the columns: content first, the rest to the
// flexible ones; when there is too little, flexible columns shrink first, then
// the widest.
func (t Table) widths(w, from, to int) []int {
	out := make([]int, len(t.Columns))
	free := w - gap*max(0, len(t.Columns)-1)
	for i := range t.Columns {
		out[i] = t.natural(i, from, to)
		free -= out[i]
	}
	if free > 0 {
		t.grow(out, free)
	}
	for _, flexible := range []bool{true, false} {
		for free < 0 {
			i := t.widest(out, flexible)
			if i < 0 {
				break
			}
			out[i]--
			free++
		}
	}
	return out
}

// natural is the width a column would like to have.
func (t Table) natural(i, from, to int) int {
	col := t.Columns[i]
	if col.Width > 0 {
		return min(col.Width, canvas.MaxSide)
	}
	n := max(canvas.Width(col.Title), col.Min)
	if t.NoHeader {
		n = col.Min
	}
	for r := 0; r < min(measured, len(t.Rows)); r++ {
		n = max(n, t.cellWidth(r, i))
	}
	for r := max(from, measured); r < to; r++ {
		n = max(n, t.cellWidth(r, i))
	}
	return min(n, canvas.MaxSide)
}

func (t Table) cellWidth(row, i int) int {
	if i >= len(t.Rows[row]) {
		return 0
	}
	return canvas.Width(t.Rows[row][i])
}

func (t Table) grow(out []int, free int) {
	flex := 0
	for _, col := range t.Columns {
		flex += max(col.Flex, 0)
	}
	for i, col := range t.Columns {
		if col.Flex > 0 {
			n := free * col.Flex / flex
			out[i] += n
			free -= n
			flex -= col.Flex
		}
	}
}

// widest returns the widest column that may still shrink, or -1.
func (t Table) widest(out []int, flexible bool) int {
	best := -1
	for i, col := range t.Columns {
		floor := col.Min
		if floor == 0 {
			floor = narrowest
		}
		if out[i] > floor && (!flexible || col.Flex > 0) && (best < 0 || out[i] > out[best]) {
			best = i
		}
	}
	return best
}
