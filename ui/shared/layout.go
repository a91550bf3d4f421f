package shared

import (
	"slices"
	"strings"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/pane"
)

// Sizes of the workbench, in cells.
const (
	StackedBelow = 100 // narrower screens put their panes under one another
	LeastWidth   = 60  // smaller terminals get a note instead of a screen
	LeastHeight  = 15
)

// A Tile is a pane of a screen and the room it wants.
type Tile struct {
	Title, Note, Footer string
	Column              int // where there is room for columns
	Least               int // lines, border included
	Weight              int // share of the lines that are left
	View                func(w, h int) string
}

// Tiles is the panes of a screen: which one has the focus and whether it fills the screen.
type Tiles struct {
	Focus  int
	Zoomed bool

	w, h  int
	drawn []place
}

type place struct{ tile, x, y, w, h int }

// SetSize tells how many cells View fills.
func (t *Tiles) SetSize(w, h int) { t.w, t.h = w, h }

// Size is the cells that View fills.
func (t *Tiles) Size() (w, h int) { return t.w, t.h }

// Stacked says that panes stand under one another.
func (t *Tiles) Stacked() bool { return t.w < StackedBelow }

// Act takes the actions that concern panes and says whether it was one.
func (t *Tiles) Act(a Action, count int) bool {
	switch a {
	case NextPane:
		t.Focus = (t.Focus + 1) % count
	case PrevPane:
		t.Focus = (t.Focus + count - 1) % count
	case Zoom:
		t.Zoomed = !t.Zoomed
	case Back:
		was := t.Zoomed
		t.Zoomed = false
		return was
	default:
		return false
	}
	return true
}

// At returns the tile drawn at a cell.
func (t *Tiles) At(x, y int) (tile int, ok bool) {
	for _, p := range t.drawn {
		if x >= p.x && x < p.x+p.w && y >= p.y && y < p.y+p.h {
			return p.tile, true
		}
	}
	return 0, false
}

// View draws the tiles: in columns whose widths share the screen as given, or stacked. Where not
// all fit, the focused one is kept and the others give way from the last.
func (t *Tiles) View(s *Styles, tiles []Tile, shares ...int) string {
	t.Focus = min(max(t.Focus, 0), len(tiles)-1)
	t.drawn = t.drawn[:0]
	if t.Zoomed {
		return t.column(s, tiles, []int{t.Focus}, 0, t.w)
	}
	if t.Stacked() || len(shares) < 2 {
		return t.column(s, tiles, count(len(tiles)), 0, t.w)
	}
	widths, x := Share(t.w, shares), 0
	var columns []string
	for i, w := range widths {
		var members []int
		for j := range tiles {
			if min(tiles[j].Column, len(shares)-1) == i {
				members = append(members, j)
			}
		}
		columns = append(columns, t.column(s, tiles, members, x, w))
		x += w
	}
	return Beside(columns...)
}

// column draws the members that fit under one another.
func (t *Tiles) column(s *Styles, tiles []Tile, members []int, x, w int) string {
	members = t.fitting(tiles, members)
	heights := t.heights(tiles, members)
	var parts []string
	y := 0
	for i, m := range members {
		tile := tiles[m]
		p := pane.Pane{Title: tile.Title, Note: tile.Note, Footer: tile.Footer, Focused: m == t.Focus, Pad: 1, Styles: s.Pane()}
		if iw, ih := p.Inner(w, heights[i]); iw > 0 && ih > 0 {
			p.Body = tile.View(iw, ih)
		}
		parts = append(parts, p.View(w, heights[i]))
		t.drawn = append(t.drawn, place{m, x, y, w, heights[i]})
		y += heights[i]
	}
	return canvas.Fit(strings.Join(parts, "\n"), w, t.h)
}

// fitting drops members from the last, but never the focused one, until the rest has room.
func (t *Tiles) fitting(tiles []Tile, members []int) []int {
	members = slices.Clone(members)
	for len(members) > 1 && leastOf(tiles, members) > t.h {
		last := len(members) - 1
		if members[last] == t.Focus {
			last--
		}
		members = slices.Delete(members, last, last+1)
	}
	return members
}

func leastOf(tiles []Tile, members []int) int {
	sum := 0
	for _, m := range members {
		sum += tiles[m].Least
	}
	return sum
}

// heights gives each member its least and shares out what is left by weight.
func (t *Tiles) heights(tiles []Tile, members []int) []int {
	left := t.h - leastOf(tiles, members)
	if len(members) == 1 || left < 0 {
		return []int{t.h}
	}
	weights := make([]int, len(members))
	for i, m := range members {
		weights[i] = tiles[m].Weight
	}
	heights := Share(left, weights)
	for i, m := range members {
		heights[i] += tiles[m].Least
	}
	return heights
}

// Share cuts n cells into parts in proportion to the weights; the parts add up to n.
func Share(n int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	parts, used, seen := make([]int, len(weights)), 0, 0
	if sum == 0 && len(weights) > 0 {
		parts[0] = n
		return parts
	}
	for i, w := range weights {
		seen += w
		parts[i] = n*seen/sum - used
		used += parts[i]
	}
	return parts
}

// Beside joins drawings of equal height line by line.
func Beside(parts ...string) string {
	if len(parts) == 0 {
		return ""
	}
	rows := strings.Split(parts[0], "\n")
	for _, p := range parts[1:] {
		for i, line := range strings.Split(p, "\n") {
			if i < len(rows) {
				rows[i] += line
			}
		}
	}
	return strings.Join(rows, "\n")
}

// Wrap breaks a paragraph into lines of at most w cells at its spaces.
func Wrap(text string, w int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && canvas.Width(line)+1+canvas.Width(word) > w {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func count(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Click gives the focus to the tile under the mouse.
func (t *Tiles) Click(m ClickMsg) {
	if tile, ok := t.At(m.X, m.Y); ok {
		t.Focus = tile
	}
}
