package chart

// symbolKind says how many dots a cell has and which glyph shows a set of them.
type symbolKind struct {
	cx, cy         int // dots per cell
	shiftX, shiftY int // log2 of cx, cy
	bits           [4][2]uint8
}

var kinds = [...]symbolKind{
	Braille: {cx: 2, cy: 4, shiftX: 1, shiftY: 2, bits: [4][2]uint8{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}},
	Block:   {cx: 2, cy: 2, shiftX: 1, shiftY: 1, bits: [4][2]uint8{{1, 2}, {4, 8}}},
	ASCII:   {cx: 1, cy: 1, bits: [4][2]uint8{{1}}},
}

func (s Symbols) kind() *symbolKind {
	if s < Braille || s > ASCII {
		s = Braille
	}
	return &kinds[s]
}

// quadrants are the block glyphs by mask: 1 top left, 2 top right, 4 bottom left, 8 bottom right.
var quadrants = [16]rune{' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'}

// letters draw the curves with ASCII symbols, by Dash.
var letters = [...]rune{'*', 'o', '+', 'x', '#', '%'}

// dashes are the curves' patterns, one character per dot along the path.
var dashes = [...]string{"1", "1111111000", "1100", "111111110010000", "111111110010010000", "11110000"}

// sampleAt is where in its pattern the legend starts, so that three cells show a gap.
var sampleAt = [len(dashes)]int{0, 5, 0, 6, 7, 2}

// lineGlyph is the glyph of a cell that a curve crosses.
func (s Symbols) lineGlyph(mask uint8, dash int) rune {
	switch s {
	case Block:
		return quadrants[mask&15]
	case ASCII:
		return letters[dash]
	}
	return 0x2800 + rune(mask)
}

// bandGlyph is the glyph of a cell inside a minimum-to-maximum band.
func (s Symbols) bandGlyph(mask uint8) rune {
	switch s {
	case Block:
		return '░'
	case ASCII:
		return '.'
	}
	return 0x2800 + rune(mask)
}

// sample is the three cells that show a curve's pattern in the legend.
func (s Symbols) sample(dash int) []rune {
	out := make([]rune, 3)
	for i := range out {
		a, b := dashOn(dash, sampleAt[dash]+2*i), dashOn(dash, sampleAt[dash]+2*i+1)
		switch {
		case s == ASCII:
			out[i] = letters[dash]
		case s == Block:
			out[i] = quadrants[a<<2|b<<3]
		default:
			out[i] = 0x2800 + rune(a*0x06|b*0x30)
		}
	}
	return out
}

func dashOn(dash, phase int) uint8 {
	d := dashes[dash]
	return d[phase%len(d)] - '0'
}
