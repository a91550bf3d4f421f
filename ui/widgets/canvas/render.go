package canvas

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// sentinel stands for the text when a style's escape codes are taken apart.
const sentinel = "x"

// Codes returns the escape codes that a style puts before and after its text.
func Codes(s lipgloss.Style) (open, end string) {
	s = s.UnsetPadding().UnsetMargins().UnsetWidth().UnsetHeight().UnsetMaxWidth().UnsetMaxHeight().UnsetTransform().Inline(true).SetString()
	open, end, _ = strings.Cut(s.Render(sentinel), sentinel)
	return open, end
}

// String returns h lines of exactly w cells, joined by newlines; "" when a side is 0.
func (c *Canvas) String() string {
	if c.w == 0 || c.h == 0 {
		return ""
	}
	b := make([]byte, 0, len(c.cells)*3+c.h*32)
	for y := range c.h {
		if y > 0 {
			b = append(b, '\n')
		}
		b = c.line(b, c.cells[y*c.w:(y+1)*c.w])
	}
	return string(b)
}

// line appends one row. Neighbouring cells can join into one grapheme (flags,
// joiners), which only foreign text can cause; such a row is drawn again in ASCII.
func (c *Canvas) line(b []byte, row []cell) []byte {
	start := len(b)
	b, foreign := c.runs(b, row)
	if foreign && ansi.StringWidth(string(b[start:])) != c.w {
		b, _ = c.runs(b[:start], c.simplified(row))
	}
	return b
}

func (c *Canvas) runs(b []byte, row []cell) (line []byte, foreign bool) {
	ink := Plain
	for _, k := range row {
		if k.ink != ink {
			b = append(b, c.inks[ink].close...)
			b = append(b, c.inks[k.ink].open...)
			ink = k.ink
		}
		switch {
		case k.glyph > tail && k.glyph < utf8.RuneSelf:
			b = append(b, byte(k.glyph))
		case k.glyph > tail:
			b = utf8.AppendRune(b, k.glyph)
			foreign = foreign || !ours(k.glyph)
		case k.glyph < tail:
			b = append(b, c.clusters[-k.glyph-1]...)
			foreign = true
		}
	}
	return append(b, c.inks[ink].close...), foreign
}

// simplified copies a row with every foreign glyph replaced by '?'.
func (c *Canvas) simplified(row []cell) []cell {
	out := make([]cell, len(row))
	for i, k := range row {
		if k.glyph <= tail || k.glyph > '~' && !ours(k.glyph) && k.glyph != Ellipsis {
			k.glyph = '?'
		}
		out[i] = k
	}
	return out
}
