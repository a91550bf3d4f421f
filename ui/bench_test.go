package ui

import (
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// BenchmarkFrame is what one drawing of each screen costs; a training run asks for up to 30 a second.
func BenchmarkFrame(b *testing.B) {
	for _, size := range [][2]int{{120, 34}, {200, 50}} {
		for i, r := range registry {
			b.Run(fmt.Sprintf("%s-%dx%d", r.name, size[0], size[1]), func(b *testing.B) {
				d := drive(b)
				d.Replay(0)
				d.app.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				d.app.turn(i)
				d.app.paint = true
				b.ReportAllocs()
				for b.Loop() {
					_ = d.app.View()
				}
			})
		}
	}
}
