// Package tokens draws a text cut into tokens: neighbours in alternating
// styles with a thin bar between them, so that the cuts are seen without
// colour. Under each token there may stand its id, a note (a tag, a label) and
// its heat (how much it mattered), the latter as a bar and as a style.
//
//	t := tokens.Tokens{
//		Tokens: []tokens.Token{{Text: "un", ID: 4895}, {Text: "##frozen", ID: 23867}},
//		IDs:    true, Cursor: -1, Styles: styles,
//	}
//	view := t.View(40, 6) // exactly 6 lines of 40 cells
package tokens

import (
	"strconv"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// A Token is one piece of text.
type Token struct {
	Text    string
	ID      int
	Note    string  // drawn under the token when Notes is set
	Heat    float64 // 0 (cold) to 1 (hot), drawn when Heat is set
	Special bool    // added by the tokenizer: [CLS], </s>
}

// Styles are the colours of Tokens.
type Styles struct {
	Even, Odd lipgloss.Style   // alternating tokens
	Special   lipgloss.Style   // special tokens
	Bar       lipgloss.Style   // the bar between tokens
	ID        lipgloss.Style   // ids and notes
	Heat      []lipgloss.Style // from cold to hot; empty leaves tokens as they are
	Cursor    lipgloss.Style
}

// Tokens is a text cut into tokens.
type Tokens struct {
	Tokens []Token
	IDs    bool // show ids, where there is room for those of every token
	Notes  bool // show notes
	Heat   bool // show heat
	Cursor int  // token that is highlighted and kept in view; negative for none
	Styles Styles
}

// place is where a token stands: its group of lines, its column and its width.
type place struct{ group, x, w int }

// View wraps the tokens to w cells and draws, around the cursor, what fits in exactly h lines; more
// tokens below are announced by an ellipsis.
func (t Tokens) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	if w == 0 || h == 0 {
		return ""
	}
	t = t.roomy(w, h)
	places, groups := t.wrap(w)
	tall := t.height()
	from, to := canvas.Window(t.cursorGroup(places), groups, max(1, (h+t.gap())/(tall+t.gap())))
	p := painter{t: t, c: c, inks: newInks(c, t.Styles)}
	for i, at := range places {
		if at.group >= from && at.group < to {
			p.token(i, at, (at.group-from)*(tall+t.gap()))
		}
		if at.group == to {
			p.more(places[i-1], (to-1-from)*(tall+t.gap()))
			break
		}
	}
	return c.String()
}

// roomy is the tokens without ids where h lines hold more of them so.
func (t Tokens) roomy(w, h int) Tokens {
	if t.IDs && t.Lines(w) > h {
		t.IDs = false
	}
	return t
}

// Lines is the height that shows every token at width w, in lines.
func (t Tokens) Lines(w int) int {
	_, groups := t.wrap(min(max(w, 1), canvas.MaxSide))
	return max(0, groups*(t.height()+t.gap())-t.gap())
}

// height is the number of lines of a group.
func (t Tokens) height() int {
	n := 1
	for _, on := range []bool{t.IDs, t.Notes, t.Heat} {
		if on {
			n++
		}
	}
	return n
}

// gap is the number of blank lines between groups of more than one line.
func (t Tokens) gap() int {
	if t.height() > 1 {
		return 1
	}
	return 0
}

// wrap gives each token its place; a token wider than w is cut to it.
func (t Tokens) wrap(w int) (places []place, groups int) {
	places = make([]place, len(t.Tokens))
	x, group := 0, 0
	for i, tok := range t.Tokens {
		n := min(t.width(tok), w)
		if x > 0 && x+n > w {
			x, group = 0, group+1
		}
		places[i] = place{group, x, n}
		x += n + 1
	}
	if len(places) == 0 {
		return places, 0
	}
	return places, group + 1
}

func (t Tokens) width(tok Token) int {
	n := max(1, canvas.Width(tok.Text))
	if t.IDs {
		n = max(n, len(strconv.Itoa(tok.ID)))
	}
	if t.Notes {
		n = max(n, canvas.Width(tok.Note))
	}
	return n
}

func (t Tokens) cursorGroup(places []place) int {
	if t.Cursor < 0 || t.Cursor >= len(places) {
		return 0
	}
	return places[t.Cursor].group
}

// At returns the token under cell (x, y) of a view of w x h cells, for the mouse.
func (t Tokens) At(x, y, w, h int) (token int, ok bool) {
	w, h = min(w, canvas.MaxSide), min(h, canvas.MaxSide)
	if w <= 0 || h <= 0 || x < 0 || y < 0 || y >= h {
		return 0, false
	}
	t = t.roomy(w, h)
	places, groups := t.wrap(w)
	step := t.height() + t.gap()
	from, to := canvas.Window(t.cursorGroup(places), groups, max(1, (h+t.gap())/step))
	group := from + y/step
	for i, at := range places {
		if at.group == group && group < to && x >= at.x && x < at.x+at.w {
			return i, true
		}
	}
	return 0, false
}
