package shared

import (
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// longestText bounds a text box; a pasted book would make every key slow.
const longestText = 4000

// A Text is a line being typed. The zero value is empty and ready.
type Text struct {
	runes  []rune
	cursor int // before which rune
}

// Set replaces the text and puts the cursor behind it.
func (t *Text) Set(s string) {
	t.runes, t.cursor = nil, 0
	t.insert([]rune(s))
}

// String is the text.
func (t *Text) String() string { return string(t.runes) }

// Update takes one key: text, or an editing key such as backspace, ctrl+w and the arrows.
func (t *Text) Update(k tea.KeyMsg) {
	switch k.String() {
	case "left", "ctrl+b":
		t.cursor = max(0, t.cursor-1)
	case "right", "ctrl+f":
		t.cursor = min(len(t.runes), t.cursor+1)
	case "home", "ctrl+a":
		t.cursor = 0
	case "end", "ctrl+e":
		t.cursor = len(t.runes)
	case "backspace":
		t.cut(t.cursor-1, t.cursor)
	case "delete", "ctrl+d":
		t.cut(t.cursor, t.cursor+1)
	case "ctrl+u":
		t.cut(0, t.cursor)
	case "ctrl+k":
		t.cut(t.cursor, len(t.runes))
	case "ctrl+w":
		t.cut(t.wordStart(), t.cursor)
	default:
		if (k.Type == tea.KeyRunes || k.Type == tea.KeySpace) && !k.Alt {
			t.insert(k.Runes)
		}
	}
}

func (t *Text) insert(runes []rune) {
	for _, r := range runes {
		if unicode.IsControl(r) {
			r = ' '
		}
		if len(t.runes) < longestText {
			t.runes = append(t.runes[:t.cursor], append([]rune{r}, t.runes[t.cursor:]...)...)
			t.cursor++
		}
	}
}

func (t *Text) cut(from, to int) {
	from, to = max(0, from), min(len(t.runes), to)
	if from >= to {
		return
	}
	t.runes = append(t.runes[:from], t.runes[to:]...)
	if t.cursor > from {
		t.cursor = max(from, t.cursor-(to-from))
	}
}

func (t *Text) wordStart() int {
	at := t.cursor
	for at > 0 && t.runes[at-1] == ' ' {
		at--
	}
	for at > 0 && t.runes[at-1] != ' ' {
		at--
	}
	return at
}

// Draw writes the text into w cells of a canvas with the cursor as a reversed cell in view; hint
// stands there while nothing is typed.
func (t *Text) Draw(c *canvas.Canvas, x, y, w int, hint string, text, muted lipgloss.Style) {
	if w <= 0 {
		return
	}
	before, after := string(t.runes[:t.cursor]), string(t.runes[t.cursor:])
	for canvas.Width(before) > max(0, w-1) {
		before = before[len(string([]rune(before)[:1])):]
	}
	at := c.Text(x, y, w, before, c.Ink(text))
	if after == "" && t.cursor == 0 {
		c.Text(x+1, y, w-1, hint, c.Ink(muted))
	}
	c.Text(x+at, y, w-at, after, c.Ink(text))
	c.Paint(x+at, y, 1, c.Ink(text.Reverse(true)))
}
