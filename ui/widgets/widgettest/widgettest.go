// Package widgettest holds what the tests of widgets share: renderers of a
// fixed colour profile, the check that a drawing fills exactly its cells, and
// golden files.
package widgettest

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

var update = flag.Bool("update", false, "rewrite golden files")

// A Palette makes styles of one colour profile, whatever terminal runs the test.
type Palette struct{ r *lipgloss.Renderer }

// Plain makes styles without any escape code.
func Plain() Palette { return palette(termenv.Ascii) }

// TrueColour makes styles with 24-bit colours.
func TrueColour() Palette { return palette(termenv.TrueColor) }

func palette(p termenv.Profile) Palette {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	r.SetHasDarkBackground(true)
	return Palette{r}
}

// Style returns a style with a text colour such as "#56b4e9", or none for "".
func (p Palette) Style(colour string) lipgloss.Style {
	s := p.r.NewStyle()
	if colour == "" {
		return s
	}
	return s.Foreground(lipgloss.Color(colour))
}

// Reverse returns a style with text and background exchanged.
func (p Palette) Reverse() lipgloss.Style { return p.r.NewStyle().Reverse(true) }

// Exact fails the test unless got is exactly h lines of w cells, as lipgloss
// measures them; "" is right when a side is 0.
func Exact(t testing.TB, got string, w, h int) {
	t.Helper()
	if err := exact(got, w, h); err != nil {
		t.Fatal(err)
	}
}

func exact(got string, w, h int) error {
	if w <= 0 || h <= 0 {
		if got != "" {
			return fmt.Errorf("%dx%d: got %q, want nothing", w, h, got)
		}
		return nil
	}
	lines := strings.Split(got, "\n")
	if len(lines) != h {
		return fmt.Errorf("%dx%d: got %d lines", w, h, len(lines))
	}
	for i, line := range lines {
		if n := lipgloss.Width(line); n != w {
			return fmt.Errorf("%dx%d: line %d has %d cells: %q", w, h, i, n, line)
		}
	}
	return nil
}

// EverySize draws at every size from 0x0 to 24x9 and at a spread of larger
// ones up to 200x50, and checks that each drawing is Exact.
func EverySize(t *testing.T, view func(w, h int) string) {
	t.Helper()
	for w := range 25 {
		for h := range 10 {
			Exact(t, view(w, h), w, h)
		}
	}
	for _, w := range []int{30, 41, 60, 80, 100, 133, 200} {
		for _, h := range []int{1, 3, 7, 15, 24, 50} {
			Exact(t, view(w, h), w, h)
		}
	}
	for _, side := range []int{-1, -1000} {
		Exact(t, view(side, 5), side, 5)
		Exact(t, view(5, side), 5, side)
	}
}

// Golden compares got with testdata/name; with -update it writes the file instead.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		write(t, path, got+"\n")
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if want := strings.TrimSuffix(string(b), "\n"); got != want {
		t.Errorf("%s differs\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Goldens draws with plain and with true-colour styles and compares both with
// name.txt and name.ansi.
func Goldens(t *testing.T, name string, w, h int, view func(Palette) string) {
	t.Helper()
	for ext, p := range map[string]Palette{".txt": Plain(), ".ansi": TrueColour()} {
		got := view(p)
		Exact(t, got, w, h)
		Golden(t, name+ext, got)
	}
}
