package canvas

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// Fit returns s, which may hold escape codes, cut and padded to exactly h lines
// of w cells each; "" when a side is 0.
func Fit(s string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	return strings.Join(FitLines(s, w, h), "\n")
}

// FitLines is Fit before its lines are joined.
func FitLines(s string, w, h int) []string {
	w, h = min(max(w, 0), MaxSide), min(max(h, 0), MaxSide)
	lines := strings.SplitN(s, "\n", h+1)
	lines = lines[:min(len(lines), h)]
	for i, line := range lines {
		lines[i] = fitLine(line, w)
	}
	for len(lines) < h {
		lines = append(lines, strings.Repeat(" ", w))
	}
	return lines
}

func fitLine(s string, w int) string {
	if strings.ContainsAny(s, "\t\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\t", " "), "\r", "")
	}
	n := ansi.StringWidth(s)
	if n == w {
		return s
	}
	fitted := s
	if n > w {
		fitted = ansi.Truncate(s, w, "")
		n = ansi.StringWidth(fitted)
	}
	fitted += strings.Repeat(" ", max(0, w-n))
	if ansi.StringWidth(fitted) == w {
		return fitted
	}
	return redrawn(s, w)
}

// redrawn fits a line whose last glyph or escape code would swallow the blanks
// after it: without its colours, cell by cell.
func redrawn(s string, w int) string {
	c := New(w, 1)
	c.Text(0, 0, w, ansi.Strip(s), Plain)
	return c.String()
}

// Fill paints base (a theme's background and text colour) under a finished
// frame: the frame is fitted to w x h and the colours come back after every
// reset inside it. A base without codes only fits.
func Fill(frame string, w, h int, base lipgloss.Style) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	open, end := Codes(base)
	lines := FitLines(frame, w, h)
	if open == "" {
		return strings.Join(lines, "\n")
	}
	resets := strings.NewReplacer("\x1b[0m", "\x1b[0m"+open, "\x1b[m", "\x1b[m"+open)
	for i, line := range lines {
		lines[i] = open + resets.Replace(line) + end
	}
	return strings.Join(lines, "\n")
}

// Window returns the half-open range [from, to) of n rows that a list of height
// h shows so that the cursor row stays in the middle until an end is reached.
// A cursor outside 0..n-1 shows the nearest end.
func Window(cursor, n, h int) (from, to int) {
	h = min(max(h, 0), max(n, 0))
	from = min(max(cursor-h/2, 0), max(n, 0)-h)
	return from, from + h
}

// ASCII replaces the glyphs that widgets draw (boxes, blocks, shapes, ellipsis)
// by ASCII ones of the same width, for terminals whose font lacks them. Text
// that a user wrote is left alone; charts choose their own symbols.
func ASCII(s string) string { return strings.Map(asciiRune, s) }

var asciiGlyphs = map[rune]rune{
	'─': '-', '━': '=', '┄': '-', '╌': '-', '│': '|', '┃': '|', '┊': ':', '┆': ':',
	'▸': '>', '►': '>', '▾': 'v', '▴': '^', '▲': '^', '▼': 'v', '◄': '<', '■': '=', '▬': '=', '●': '@', '○': 'o', '◊': '<',
	'…': '~', '·': '.', '░': '.', '▒': ':', '▓': '%', '×': 'x', '±': '~', '≈': '~', '≠': '!', '←': '<', '→': '>', '↑': '^', '↓': 'v',
	'▏': ' ', '▎': ' ', '▍': '-', '▁': '_', '▂': '_', '▃': '_', '▔': '-',
}

func asciiRune(r rune) rune {
	if r < 0x80 {
		return r
	}
	if a, ok := asciiGlyphs[r]; ok {
		return a
	}
	switch {
	case r >= 0x2500 && r <= 0x257f: // corners and crossings
		return '+'
	case r >= 0x2580 && r <= 0x259f: // blocks
		return '#'
	case r > 0x2800 && r <= 0x28ff: // braille
		return '*'
	case r == 0x2800:
		return ' '
	}
	return r
}
