package shared

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"defrost/themes"
	"defrost/ui/widgets/canvas"
)

func TestSharesAddUp(t *testing.T) {
	for n := range 60 {
		for _, weights := range [][]int{{1}, {1, 1}, {7, 5}, {0, 3, 0}, {3, 2, 2, 1}, {0, 0}} {
			sum := 0
			for _, part := range Share(n, weights) {
				if part < 0 {
					t.Fatalf("Share(%d, %v) has a negative part", n, weights)
				}
				sum += part
			}
			if sum != n {
				t.Errorf("Share(%d, %v) adds up to %d", n, weights, sum)
			}
		}
	}
}

func TestParagraphsAreWrappedAtSpaces(t *testing.T) {
	got := Wrap("freeze low,  train high.", 12)
	if want := []string{"freeze low,", "train high."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Wrap("", 5); len(got) != 0 {
		t.Errorf("got %q for nothing", got)
	}
}

// drawn are the titles of the tiles that a view shows.
func drawn(tiles *Tiles, shares ...int) (view string, titles []string) {
	styles := NewStyles(lipgloss.NewRenderer(io.Discard), themes.Default(true))
	all := []Tile{{Title: "one", Least: 8, Weight: 1}, {Title: "two", Column: 1, Least: 8, Weight: 1}, {Title: "three", Column: 1, Least: 8}}
	for i := range all {
		all[i].View = func(w, h int) string { return canvas.New(w, h).String() }
	}
	view = tiles.View(&styles, all, shares...)
	for _, tile := range all {
		if strings.Contains(view, tile.Title) {
			titles = append(titles, tile.Title)
		}
	}
	return view, titles
}

func TestFocusedPaneIsKeptWhereNotAllFit(t *testing.T) {
	var tiles Tiles
	tiles.SetSize(80, 20)
	for focus, want := range [][]string{{"one", "two"}, {"one", "two"}, {"one", "three"}} {
		tiles.Focus = focus
		if _, got := drawn(&tiles, 1, 1); !slices.Equal(got, want) {
			t.Errorf("focus on %d shows %v, want %v", focus, got, want)
		}
	}
}

func TestWideScreensHaveColumns(t *testing.T) {
	var tiles Tiles
	tiles.SetSize(120, 20)
	view, got := drawn(&tiles, 1, 1)
	if !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("shows %v, want all", got)
	}
	if first, _, _ := strings.Cut(view, "\n"); !strings.Contains(first, "one") || !strings.Contains(first, "two") {
		t.Errorf("the first line is %q, want both columns' titles", first)
	}
}

func TestClicksFindTheirPane(t *testing.T) {
	var tiles Tiles
	tiles.SetSize(120, 20)
	drawn(&tiles, 1, 1)
	tiles.Click(ClickMsg{X: 100, Y: 15})
	if tiles.Focus != 2 {
		t.Errorf("focus %d, want 2", tiles.Focus)
	}
	tiles.Click(ClickMsg{X: 500, Y: 15})
	if tiles.Focus != 2 {
		t.Errorf("a click outside moved the focus to %d", tiles.Focus)
	}
}
