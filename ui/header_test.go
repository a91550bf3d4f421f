package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
)

// eight fills the registry up to the eight screens that the number keys are laid out for.
func eight(t *testing.T) {
	t.Helper()
	was := registry
	t.Cleanup(func() { registry = was })
	registry = registry[:len(registry):len(registry)]
	for _, name := range []string{"Play", "Learn"}[max(0, len(registry)-6):] {
		registry = append(registry, registration{name, registry[0].open, func() []shared.Binding { return nil }})
	}
}

func TestHeaderKeepsRoomForTheNewsAtEveryWidth(t *testing.T) {
	eight(t)
	d := drive(t)
	d.Replay(130)
	for w := shared.LeastWidth; w <= 200; w++ {
		d.app.Update(tea.WindowSizeMsg{Width: w, Height: 24})
		for d.app.top = range registry {
			line, _, _ := strings.Cut(d.Screen(), "\n")
			if !strings.Contains(line, "► ") || !strings.HasSuffix(strings.TrimRight(line, " "), "left") && !strings.HasSuffix(strings.TrimRight(line, " "), "s") {
				t.Fatalf("%d columns: the news is cut short in %q", w, line)
			}
			for i, r := range registry {
				if !strings.Contains(line, fmt.Sprint(" ", i+1)) || i == d.app.top && !strings.Contains(line, fmt.Sprint(i+1, " ", r.name)) {
					t.Fatalf("%d columns: %d %s is not in %q", w, i+1, r.name, line)
				}
			}
		}
	}
}

func TestEightyColumnsNameEveryScreen(t *testing.T) {
	eight(t)
	d := drive(t)
	d.Replay(130)
	d.app.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	d.Expect("1 Model 2 Layers 3 Data 4 Train 5 Live 6 Compare 7 Play 8 Learn  ")
}
