package canvas

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis ends text that was cut.
const Ellipsis = '…'

// Text writes s from (x, y) on, in at most w cells, and returns the number of
// cells it filled. Text that does not fit ends in an Ellipsis. Control
// characters, escape codes included, are shown as spaces or '?', so text from
// a dataset cannot move the cursor.
func (c *Canvas) Text(x, y, w int, s string, k Ink) int {
	w = min(w, c.w-x)
	if w <= 0 || y < 0 || y >= c.h || x < 0 {
		return 0
	}
	if plain(s) {
		return c.ascii(x, y, w, s, k)
	}
	return c.unicode(x, y, w, clean(s), k)
}

// Right writes s right-aligned in the w cells from (x, y) on.
func (c *Canvas) Right(x, y, w int, s string, k Ink) int {
	return c.Text(x+max(0, w-Width(s)), y, min(w, Width(s)), s, k)
}

// Centre writes s in the middle of the w cells from (x, y) on.
func (c *Canvas) Centre(x, y, w int, s string, k Ink) int {
	off := max(0, (w-Width(s))/2)
	return c.Text(x+off, y, w-off, s, k)
}

// Width is the number of cells that Text needs for s.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidth(clean(s))
}

func (c *Canvas) ascii(x, y, w int, s string, k Ink) int {
	n := min(len(s), w)
	for i := range n {
		c.put(x+i, y, rune(s[i]), k)
	}
	if n < len(s) {
		c.put(x+n-1, y, Ellipsis, k)
	}
	return n
}

func (c *Canvas) unicode(x, y, w int, s string, k Ink) int {
	used := 0
	for s != "" {
		g, n := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(g):]
		if n == 0 {
			continue // a lone combining mark would join its neighbour
		}
		if rest := w - used; n > rest || (n == rest && s != "" && ansi.StringWidth(s) > 0) {
			c.put(x+used, y, Ellipsis, k)
			return used + 1
		}
		c.cluster(x+used, y, g, n, k)
		used += n
	}
	return used
}

// cluster writes one grapheme of n cells that is known to fit.
func (c *Canvas) cluster(x, y int, g string, n int, k Ink) {
	for i := range n {
		c.put(x+i, y, ' ', k)
	}
	r, size := utf8.DecodeRuneInString(g)
	if size < len(g) {
		c.clusters = append(c.clusters, g)
		r = -rune(len(c.clusters))
	}
	c.cells[y*c.w+x].glyph = r
	for i := 1; i < n; i++ {
		c.cells[y*c.w+x+i].glyph = tail
	}
}

// plain reports whether s is printable ASCII only.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// clean replaces what would move a terminal's cursor or reorder its text.
func clean(s string) string { return strings.Map(cleanRune, s) }

func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || r == 0x2028 || r == 0x2029:
		return ' '
	case r == utf8.RuneError || unicode.IsControl(r):
		return '?'
	case r == 0xfe0f || unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d:
		return -1 // emoji selector (its width differs by terminal), bidirectional overrides, soft hyphens
	}
	return r
}
