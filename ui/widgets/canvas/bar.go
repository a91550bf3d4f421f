package canvas

import "math"

// eighths fill a cell from the left: nothing, one eighth, ... seven eighths.
var eighths = [8]rune{' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'}

// levels fill a cell from the bottom: nothing, one eighth, ... all.
var levels = [9]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// Level is the glyph of a cell filled from the bottom by a share from 0 to 1.
// More than nothing shows at least one eighth; NaN shows '!'.
func Level(share float64) rune {
	if math.IsNaN(share) {
		return '!'
	}
	return levels[eighth(share, 1)]
}

// Bar fills the share of w cells from the left, in steps of an eighth of a
// cell, and returns the cells touched. A share above 0 fills at least an
// eighth; below 0 and NaN count as 0, above 1 as 1.
func (c *Canvas) Bar(x, y, w int, share float64, k Ink) int {
	w = min(w, c.w-x)
	n := eighth(share, w)
	c.Rule(x, y, n/8, '█', k)
	if n%8 == 0 {
		return n / 8
	}
	c.Set(x+n/8, y, eighths[n%8], k)
	return n/8 + 1
}

// Column fills h cells upwards from the bottom cell (x, y), like Bar.
func (c *Canvas) Column(x, y, h int, share float64, k Ink) {
	n := eighth(share, h)
	for i := range n / 8 {
		c.Set(x, y-i, '█', k)
	}
	if n%8 > 0 {
		c.Set(x, y-n/8, levels[n%8], k)
	}
}

// eighth is share of n cells in eighths, at least 1 when share is above 0.
func eighth(share float64, n int) int {
	if !(share > 0) || n <= 0 {
		return 0
	}
	return max(1, int(min(share, 1)*float64(n)*8+0.5))
}
