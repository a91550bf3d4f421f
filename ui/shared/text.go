package shared

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// longestText bounds a text box; a pasted book would make every key slow.
const longestText = 4000

// A Text is a line being typed: the editing of bubbles' text input, drawn on a canvas in the
// workbench's own styles. The zero value is empty and ready.
type Text struct {
	input textinput.Model
	ready bool
}

// editor makes the text input on first use.
func (t *Text) editor() *textinput.Model {
	if !t.ready {
		t.input, t.ready = textinput.New(), true
		t.input.CharLimit = longestText
		t.input.KeyMap.Paste = key.NewBinding() // terminals paste by themselves
		t.input.Focus()
	}
	return &t.input
}

// Set replaces the text and puts the cursor behind it.
func (t *Text) Set(s string) {
	e := t.editor()
	e.SetValue(s)
	e.CursorEnd()
}

// String is the text.
func (t *Text) String() string { return t.editor().Value() }

// Update takes one key: text, or an editing key such as backspace, ctrl+w and the arrows.
func (t *Text) Update(k tea.KeyMsg) {
	if k.Alt && k.Type == tea.KeyRunes && !strings.Contains("bfd", string(k.Runes)) {
		return // alt with a letter is a command, apart from those that move by words
	}
	e := t.editor()
	*e, _ = e.Update(k)
}

// Draw writes the text into w cells of a canvas with the cursor as a reversed cell in view; hint
// stands there while nothing is typed.
func (t *Text) Draw(c *canvas.Canvas, x, y, w int, hint string, text, muted lipgloss.Style) {
	if w <= 0 {
		return
	}
	e := t.editor()
	runes, at := []rune(e.Value()), e.Position()
	before, after := runes[:at], string(runes[at:])
	for canvas.Width(string(before)) > max(0, w-1) {
		before = before[1:]
	}
	cell := c.Text(x, y, w, string(before), c.Ink(text))
	if len(runes) == 0 {
		c.Text(x+1, y, w-1, hint, c.Ink(muted))
	}
	c.Text(x+cell, y, w-cell, after, c.Ink(text))
	c.Paint(x+cell, y, 1, c.Ink(text.Reverse(true)))
}
