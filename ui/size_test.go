package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/themes"
	"defrost/ui/shared"
)

// TestNothingIsDrawnPastTheEdge draws every screen, with everything that can lie over it, in every
// theme at sizes from nothing to 200x50.
func TestNothingIsDrawnPastTheEdge(t *testing.T) {
	states := []struct {
		name string
		make func(*testing.T) *driver
		keys []string
		on   string // the one screen that shows it, "" for all
	}{
		{"before anything is loaded", func(t *testing.T) *driver { return idle(t, recipe()) }, nil, ""},
		{"loaded", func(t *testing.T) *driver { return drive(t) }, nil, ""},
		{"training", func(t *testing.T) *driver { return drive(t).Replay(130) }, nil, ""},
		{"finished", func(t *testing.T) *driver { return drive(t).Replay(0) }, nil, ""},
		{"help", func(t *testing.T) *driver { return drive(t) }, []string{"?", "a"}, ""},
		{"palette", func(t *testing.T) *driver { return drive(t) }, []string{":", "f", "r"}, ""},
		{"paused", halted, nil, ""},
		{"asking whether to stop", halted, []string{"s"}, "Live"},
		{"asking whether to go back", halted, []string{"w"}, "Live"},
		{"setting the rate", halted, []string{"L", "5"}, "Live"},
		{"asking whether to leave", halted, []string{"q"}, ""},
		{"presets", func(t *testing.T) *driver { return drive(t) }, []string{"2", "p"}, "Layers"},
		{"zoomed", func(t *testing.T) *driver { return drive(t) }, []string{"tab", "z"}, ""},
		{"a long complaint", func(t *testing.T) *driver {
			d := drive(t)
			d.send(shared.SayMsg{Text: strings.Repeat("something went wrong ", 60) + strings.Repeat("x", 300), Bad: true})
			return d
		}, nil, ""},
		{"typing", func(t *testing.T) *driver { return drive(t) }, []string{"i", "x"}, ""},
	}
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			d := state.make(t)
			d.Press(state.keys...)
			for i, name := range themes.Names() {
				theme, err := themes.Get(name)
				if err != nil {
					t.Fatal(err)
				}
				d.app.setTheme(theme)
				every := i == 0
				for screen, r := range registry {
					if state.on != "" && state.on != r.name {
						continue
					}
					d.app.top = screen
					sweep(t, d.app, every)
				}
			}
		})
	}
}

// halted is a run that waits between two steps, so that drawing has the machine to itself.
func halted(t *testing.T) *driver { return training(t).Press(" ").Expect("paused at step") }

// sweep draws at many sizes, or at the few where layouts change.
func sweep(t *testing.T, a *App, every bool) {
	t.Helper()
	widths, heights := []int{59, 60, 80, 99, 100, 120, 150, 200}, []int{14, 15, 24, 34, 50}
	if every {
		widths = append(widths, 0, 1, 7, 20, 41, 61, 73, 101, 149)
		heights = append(heights, 0, 1, 2, 6, 16, 19)
	}
	for _, w := range widths {
		for _, h := range heights {
			a.Update(tea.WindowSizeMsg{Width: w, Height: h})
			if err := fits(a.View(), w, h); err != nil {
				t.Fatalf("%s, theme %s, %dx%d: %v", registry[a.top].name, a.session.Styles.Theme.Name, w, h, err)
			}
		}
	}
}

func fits(view string, w, h int) error {
	if w == 0 || h == 0 {
		if view != "" {
			return fmt.Errorf("drew %q, want nothing", view)
		}
		return nil
	}
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		return fmt.Errorf("%d lines, want %d", len(lines), h)
	}
	for i, line := range lines {
		if n := lipgloss.Width(line); n != w {
			return fmt.Errorf("line %d has %d cells, want %d: %q", i, n, w, line)
		}
	}
	return nil
}

func TestSmallTerminalsAreTold(t *testing.T) {
	d := drive(t)
	d.app.Update(tea.WindowSizeMsg{Width: 59, Height: 20})
	d.Expect("too small").Expect("59x20, needs 60x15")
	d.app.Update(tea.WindowSizeMsg{Width: 60, Height: 15})
	d.Refuse("too small").Expect("backbones")
}
