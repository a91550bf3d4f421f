package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// frames are the drawings of the workbench in README: code blocks that begin with the header.
func frames(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i, block := range strings.Split(string(readme), "```") {
		if _, frame, ok := strings.Cut(block, "\n"); i%2 == 1 && ok && strings.Contains(frame, "┏━ ") {
			list = append(list, strings.TrimRight(frame, "\n"))
		}
	}
	return list
}

// title finds what is written into the upper edges of panes.
var title = regexp.MustCompile(`[┏┌][━─] (.+?) [━─┐┓]`)

// TestFramesOfTheReadmeAreTheScreens holds the two frames of README against the screens that they show:
// the tabs, the panes and the keys. Names and figures of a run are its own.
func TestFramesOfTheReadmeAreTheScreens(t *testing.T) {
	all := frames(t)
	if len(all) != 2 {
		t.Fatalf("README has %d frames, want the live screen and the freeze map", len(all))
	}
	for i, open := range []func(*testing.T) *driver{
		func(t *testing.T) *driver { return drive(t).Replay(130) },
		func(t *testing.T) *driver { return drive(t).Press("2", "J", "J") },
	} {
		d, lines := open(t), strings.Split(all[i], "\n")
		w := 0
		for _, line := range lines {
			w = max(w, lipgloss.Width(line))
		}
		d.send(tea.WindowSizeMsg{Width: max(w, 100), Height: 34})
		screen := d.Screen()
		want := []string{" 1 Model  2 Layers  3 Data  4 Train  5 Live  6 Compare  7 Play  8 Learn ", strings.TrimSpace(lines[len(lines)-1])}
		for _, line := range lines {
			for _, m := range title.FindAllStringSubmatch(line, -1) {
				if !strings.Contains(m[1], "pocket-bert") {
					want = append(want, m[1])
				}
			}
		}
		for _, text := range want {
			if !strings.Contains(screen, text) || !strings.Contains(all[i], text) {
				t.Errorf("frame %d: %q is not in README and on the screen alike:\n%s", i+1, text, screen)
			}
		}
		if len(want) < 4 {
			t.Errorf("frame %d: got %d texts to compare, want the titles of its panes among them", i+1, len(want))
		}
	}
}
