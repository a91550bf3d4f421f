package ui

import (
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
)

// TestScreensLookAsRecorded compares every screen, filled from a recorded run, with its golden file.
func TestScreensLookAsRecorded(t *testing.T) {
	scenes := []struct {
		name   string
		events int // -1 for no run
		keys   []string
	}{
		{"model", -1, []string{"1"}},
		{"layers", -1, []string{"2", "J", "J", "j", "enter"}},
		{"presets", -1, []string{"2", "p"}},
		{"data", -1, []string{"3", "tab", "j"}},
		{"train", -1, []string{"4", "j", "j", "j", "j"}},
		{"live-empty", -1, []string{"5"}},
		{"live", 120, nil},
		{"live-layers", 150, []string{"f", "j"}},
		{"live-finished", 0, nil},
		{"help", -1, []string{"?"}},
		{"palette", -1, []string{":", "f", "r", "e", "e"}},
	}
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			d := drive(t)
			if scene.events >= 0 {
				d.Replay(scene.events)
			}
			d.Press(scene.keys...)
			d.fixMemory()
			for _, size := range [][2]int{{80, 24}, {120, 34}} {
				d.app.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden(t, fmt.Sprintf("%s-%dx%d.txt", scene.name, size[0], size[1]), d.app.View())
			}
			d.app.renderer.SetColorProfile(termenv.TrueColor)
			d.app.setTheme(d.app.session.Styles.Theme)
			golden(t, scene.name+"-120x34.ansi", d.app.View())
		})
	}
}
