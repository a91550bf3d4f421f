package canvas_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/widgettest"
)

func TestBlankCanvasFillsItsSize(t *testing.T) {
	widgettest.EverySize(t, func(w, h int) string { return canvas.New(w, h).String() })
}

func TestTextIsCutAtItsWidth(t *testing.T) {
	tests := []struct {
		name, text string
		w          int
		want       string // in a canvas of 8 cells
	}{
		{"fits", "abc", 5, "abc     "},
		{"exact", "abcde", 5, "abcde   "},
		{"cut", "abcdef", 5, "abcd…   "},
		{"one cell", "abc", 1, "…       "},
		{"none", "abc", 0, "        "},
		{"canvas edge", "abcdefghijk", 99, "abcdefg…"},
		{"wide", "日本語", 6, "日本語  "},
		{"wide cut", "日本語", 5, "日本…   "},
		{"wide cut on a half", "日本語", 4, "日…     "},
		{"combining", "e\u0301te", 3, "e\u0301te     "},
		{"lone combining mark", "\u0301ab", 3, "ab      "},
		{"control", "a\tb\x1b[2J", 8, "a b?[2J "},
		{"bidirectional override", "a\u202eb", 3, "ab      "},
		{"invalid", "a\xffb", 3, "a?b     "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := canvas.New(8, 1)
			c.Text(0, 0, tt.w, tt.text, canvas.Plain)
			if got := c.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRightAndCentreAlign(t *testing.T) {
	c := canvas.New(7, 2)
	c.Right(0, 0, 7, "ab", canvas.Plain)
	c.Centre(0, 1, 7, "abc", canvas.Plain)
	if got, want := c.String(), "     ab\n  abc  "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHalfOverwrittenWideGlyphLeavesABlank(t *testing.T) {
	for x, want := range []string{"x 語  ", " x語  ", "日x   ", "日 x  "} {
		c := canvas.New(6, 1)
		c.Text(0, 0, 6, "日語", canvas.Plain)
		c.Set(x, 0, 'x', canvas.Plain)
		if got := c.String(); got != want {
			t.Errorf("x at %d: got %q, want %q", x, got, want)
		}
	}
}

func TestNeighboursOfOneInkShareOneRun(t *testing.T) {
	c := canvas.New(6, 1)
	k := c.Ink(widgettest.TrueColour().Style("#ff0000"))
	c.Text(1, 0, 2, "ab", k)
	c.Text(3, 0, 2, "cd", k)
	if got, want := c.String(), " \x1b[38;2;255;0;0mabcd\x1b[0m "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInkIgnoresSizesOfAStyle(t *testing.T) {
	c := canvas.New(3, 1)
	s := widgettest.TrueColour().Style("").Bold(true).Padding(2).Margin(1).Width(40).Height(3).Align(lipgloss.Right)
	c.Text(0, 0, 3, "abc", c.Ink(s))
	if got, want := c.String(), "\x1b[1mabc\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTooManyInksDrawPlain(t *testing.T) {
	c := canvas.New(1, 1)
	bold := widgettest.TrueColour().Style("").Bold(true)
	last := canvas.Plain
	for range 300 {
		last = c.Ink(bold)
	}
	if last != canvas.Plain {
		t.Errorf("ink 300 is %d, want plain", last)
	}
}

func TestJoiningNeighboursKeepTheWidth(t *testing.T) {
	c := canvas.New(6, 1)
	for i, flag := range []string{"\U0001F1E9", "\U0001F1EA", "\U0001F1EB"} { // regional indicators join in pairs
		c.Text(2*i, 0, 2, flag, canvas.Plain)
	}
	widgettest.Exact(t, c.String(), 6, 1)
}

func TestBarsFillInEighths(t *testing.T) {
	tests := []struct {
		share float64
		want  string
	}{{0, "    "}, {1e-9, "▏   "}, {0.5, "██  "}, {0.53, "██▏ "}, {1, "████"}, {7, "████"}, {-1, "    "}}
	for _, tt := range tests {
		c := canvas.New(4, 1)
		c.Bar(0, 0, 4, tt.share, canvas.Plain)
		if got := c.String(); got != tt.want {
			t.Errorf("share %g: got %q, want %q", tt.share, got, tt.want)
		}
	}
}

func TestColumnGrowsFromItsFoot(t *testing.T) {
	c := canvas.New(1, 3)
	c.Column(0, 2, 3, 0.5, canvas.Plain)
	if got, want := c.String(), " \n▄\n█"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWindowKeepsTheCursorInView(t *testing.T) {
	tests := []struct{ cursor, n, h, from, to int }{
		{0, 10, 4, 0, 4}, {5, 10, 4, 3, 7}, {9, 10, 4, 6, 10}, {-1, 10, 4, 0, 4}, {99, 10, 4, 6, 10}, {2, 3, 10, 0, 3}, {0, 0, 5, 0, 0}, {3, 9, 0, 3, 3}, {0, 5, -2, 0, 0},
	}
	for _, tt := range tests {
		if from, to := canvas.Window(tt.cursor, tt.n, tt.h); from != tt.from || to != tt.to {
			t.Errorf("Window(%d, %d, %d) = %d, %d, want %d, %d", tt.cursor, tt.n, tt.h, from, to, tt.from, tt.to)
		}
	}
}

func TestFitCutsAndPads(t *testing.T) {
	red := widgettest.TrueColour().Style("#ff0000").Render("日本語")
	widgettest.EverySize(t, func(w, h int) string { return canvas.Fit("one\ntwo\tand more\r\n"+red, w, h) })
}

func TestFillBringsTheBackgroundBackAfterResets(t *testing.T) {
	p := widgettest.TrueColour()
	base := p.Style("").Background(lipgloss.Color("#101010"))
	got := canvas.Fill("a"+p.Style("").Bold(true).Render("b")+"c", 4, 1, base)
	want := "\x1b[48;2;16;16;16ma\x1b[1mb\x1b[0m\x1b[48;2;16;16;16mc \x1b[0m"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	widgettest.EverySize(t, func(w, h int) string { return canvas.Fill("abc\ndef", w, h, base) })
}

func TestASCIIReplacesEveryGlyphOfOursByOneCell(t *testing.T) {
	var glyphs strings.Builder
	for r := rune(0x2500); r <= 0x25cf; r++ {
		glyphs.WriteRune(r)
	}
	for r := rune(0x2800); r <= 0x28ff; r++ {
		glyphs.WriteRune(r)
	}
	in := "─│┏▸■►◊█▌░▒●…·" + glyphs.String()[:0x80*3] + "⠿"
	got := canvas.ASCII(in)
	if ansi.StringWidth(got) != ansi.StringWidth(in) {
		t.Errorf("width %d became %d", ansi.StringWidth(in), ansi.StringWidth(got))
	}
	for _, r := range got {
		if r > '~' {
			t.Errorf("%q is left", r)
		}
	}
	if got := canvas.ASCII("日本 é"); got != "日本 é" {
		t.Errorf("a user's text became %q", got)
	}
}

func FuzzTextStaysInItsCells(f *testing.F) {
	for _, s := range []string{"", "plain", "日本語", "e\u0301", "\x1b[31mred", "👩‍👩‍👧", "🇩🇪🇫", "\u0600a", "ก\u0e33", "\xff\xfe", "❤\ufe0f"} {
		f.Add(s, s, 7)
	}
	f.Fuzz(func(t *testing.T, a, b string, w int) {
		w = min(max(w, 0), 40)
		c := canvas.New(w, 2)
		used := c.Text(0, 0, w, a, canvas.Plain)
		c.Text(used, 0, w-used, b, canvas.Plain)
		c.Right(0, 1, w, b, canvas.Plain)
		c.Set(w/2, 1, 'x', canvas.Plain)
		widgettest.Exact(t, c.String(), w, 2*min(w, 1))
	})
}

func FuzzFitIsExact(f *testing.F) {
	for _, s := range []string{"", "a\nb", "\x1b[1mbold\x1b[0m 日本", "\u0600", "e\u0301\n\u0301", "\x1b]8;;x", "\xff\x9b", "\r\t"} {
		f.Add(s, 5, 2)
	}
	f.Fuzz(func(t *testing.T, s string, w, h int) {
		w, h = min(max(w, 0), 40), min(max(h, 0), 6)
		widgettest.Exact(t, canvas.Fit(s, w, h), w, h)
	})
}
