package shared

import (
	"io"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

func TestTextIsEditedAsInAShell(t *testing.T) {
	left, home, end := tea.KeyMsg{Type: tea.KeyLeft}, tea.KeyMsg{Type: tea.KeyHome}, tea.KeyMsg{Type: tea.KeyEnd}
	back, del := tea.KeyMsg{Type: tea.KeyBackspace}, tea.KeyMsg{Type: tea.KeyDelete}
	word, kill, rest := tea.KeyMsg{Type: tea.KeyCtrlW}, tea.KeyMsg{Type: tea.KeyCtrlU}, tea.KeyMsg{Type: tea.KeyCtrlK}
	runes := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	tests := []struct {
		name string
		keys []tea.KeyMsg
		want string
	}{
		{"insert in the middle", []tea.KeyMsg{left, left, runes("X")}, "good fiXlm"},
		{"backspace", []tea.KeyMsg{back, back}, "good fi"},
		{"backspace at the start", []tea.KeyMsg{home, back}, "good film"},
		{"delete", []tea.KeyMsg{home, del}, "ood film"},
		{"delete at the end", []tea.KeyMsg{end, del}, "good film"},
		{"word", []tea.KeyMsg{word}, "good "},
		{"two words", []tea.KeyMsg{word, word}, ""},
		{"kill to the start", []tea.KeyMsg{left, kill}, "m"},
		{"kill to the end", []tea.KeyMsg{home, rest}, ""},
		{"paste with a newline", []tea.KeyMsg{runes("a\nb\x1b")}, "good filma b"},
		{"alt is no text", []tea.KeyMsg{{Type: tea.KeyRunes, Runes: []rune("q"), Alt: true}}, "good film"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var text Text
			text.Set("good film")
			for _, k := range tt.keys {
				text.Update(k)
			}
			if got := text.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextHasABound(t *testing.T) {
	var text Text
	text.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("a", 3*longestText))})
	if got := len([]rune(text.String())); got != longestText {
		t.Errorf("%d runes, want %d", got, longestText)
	}
}

func FuzzTextStaysInItsCells(f *testing.F) {
	f.Add("good film", 3, 20)
	f.Add("日本語のテキスト", 2, 5)
	f.Fuzz(func(t *testing.T, s string, back, w int) {
		w = min(max(w, -1), 300)
		var text Text
		text.Set(s)
		for range min(max(back, 0), 50) {
			text.Update(tea.KeyMsg{Type: tea.KeyLeft})
		}
		style := lipgloss.NewRenderer(io.Discard).NewStyle()
		c := canvas.New(max(w, 0), 1)
		text.Draw(c, 0, 0, w, "hint", style, style)
		if got := lipgloss.Width(c.String()); got != max(w, 0) {
			t.Errorf("drew %d cells, want %d", got, max(w, 0))
		}
	})
}
