package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/pane"
	"defrost/ui/widgets/table"
)

// An overlay lies over the screen and takes all keys until it is closed.
type overlay interface {
	where() string
	act(*App, shared.Action) tea.Cmd
	typed(tea.KeyMsg)
	view(a *App, w, h int) string
}

// overlayKeys are the bindings of the overlays.
func overlayKeys() []shared.Binding {
	return append(exportKeys(), []shared.Binding{
		{Action: "list.do", Where: "type.list", Keys: []string{"enter"}, Short: "do it", Help: "do the action at the cursor"},
		{Action: "list.up", Where: "type.list", Keys: []string{"up"}, Help: "up in the list"},
		{Action: "list.down", Where: "type.list", Keys: []string{"down", "tab"}, Help: "down in the list"},
		{Action: "list.pageup", Where: "type.list", Keys: []string{"pgup"}, Help: "one page up in the list"},
		{Action: "list.pagedown", Where: "type.list", Keys: []string{"pgdown"}, Help: "one page down in the list"},
		{Action: "quit.stay", Where: "ask.quit", Keys: []string{"enter", "s"}, Short: "stay", Help: "stay and keep training"},
		{Action: "quit.after", Where: "ask.quit", Keys: []string{"a"}, Short: "stop after this step", Help: "stop after this step, evaluate, save, then leave"},
		{Action: "quit.stop", Where: "ask.quit", Keys: []string{"n"}, Short: "stop now", Help: "save a checkpoint and leave now; defrost resume goes on"},
	}...)
}

// A finder lists actions and narrows them while the person types: help and palette.
type finder struct {
	title string
	all   []shared.Binding
	found []shared.Binding
	text  shared.Text
	list  shared.List
	rank  bool // best match first, instead of the table's order
}

// newHelp lists every key of the workbench, those of this place first.
func newHelp(a *App) *finder {
	f := &finder{title: "help: every key"}
	here := a.where()
	f.all = a.session.Keys.In(here)
	for _, b := range a.session.Keys.All() {
		if b.Where != here && b.Where != shared.Everywhere && b.Where != shared.Always {
			f.all = append(f.all, b)
		}
	}
	f.narrow()
	return f
}

// newPalette lists what can be done now or on another screen.
func newPalette(a *App) *finder {
	f := &finder{title: "palette: find an action", rank: true}
	for _, b := range newHelp(a).all {
		if !shared.Question(b.Where) && !shared.Typing(b.Where) {
			f.all = append(f.all, b)
		}
	}
	f.narrow()
	return f
}

func (f *finder) where() string { return "type.list" }

func (f *finder) typed(k tea.KeyMsg) {
	f.text.Update(k)
	f.list.Cursor = 0
	f.narrow()
}

// narrow keeps the bindings that match what was typed.
func (f *finder) narrow() {
	want := f.text.String()
	score := map[shared.Action]int{}
	f.found = f.found[:0:0]
	for _, b := range f.all {
		if n, ok := match(want, b.Help+" "+string(b.Action)+" "+b.Label()); ok {
			score[b.Action] = n
			f.found = append(f.found, b)
		}
	}
	if f.rank && want != "" {
		slices.SortStableFunc(f.found, func(x, y shared.Binding) int { return cmp.Compare(score[x.Action], score[y.Action]) })
	}
	f.list.Clamp(len(f.found))
}

// A match whose letters are scattered ranks behind every whole one, and too many gaps are none.
const (
	scattered = 100
	mostGaps  = 9
)

// match says whether the letters of want occur in text in this order, and how far apart they lie;
// words that occur whole count as closest.
func match(want, text string) (gaps int, ok bool) {
	want, text = strings.ToLower(strings.TrimSpace(want)), strings.ToLower(text)
	if at := strings.Index(text, want); at >= 0 {
		return min(at, scattered-1), true
	}
	gaps = scattered
	for _, r := range strings.ReplaceAll(want, " ", "") {
		at := strings.IndexRune(text, r)
		if at < 0 {
			return 0, false
		}
		gaps += at
		text = text[at+len(string(r)):]
	}
	return gaps, gaps < scattered+mostGaps
}

func (f *finder) act(a *App, action shared.Action) tea.Cmd {
	moves := map[shared.Action]shared.Action{
		"list.up": shared.Up, "list.down": shared.Down, "list.pageup": shared.PageUp, "list.pagedown": shared.PageDown,
	}
	switch {
	case f.list.Act(moves[action], len(f.found)):
	case action == shared.Back:
		a.over = nil
	case action == "quit.now":
		a.over = nil
		return a.quit()
	case action == "list.do" && len(f.found) > 0:
		a.over = nil
		return a.perform(f.found[f.list.Cursor])
	}
	return nil
}

// perform does a binding's action, on its own screen when it has one.
func (a *App) perform(b shared.Binding) tea.Cmd {
	if shared.Question(b.Where) || shared.Typing(b.Where) {
		return shared.Say(b.Help + ": while that is open")
	}
	var turn tea.Cmd
	for _, r := range registry {
		if screen, _, _ := strings.Cut(b.Where, "."); strings.EqualFold(r.name, screen) {
			turn = a.show(r.name)
		}
	}
	return tea.Batch(turn, a.act(b.Action))
}

func (f *finder) view(a *App, w, h int) string {
	s := &a.session.Styles
	w, h = min(w-4, 92), min(h-2, len(f.all)+5)
	p := pane.Pane{Title: f.title, Footer: "enter does it, esc closes", Focused: true, Pad: 1, Styles: s.Pane()}
	iw, ih := p.Inner(w, h)
	f.list.Page = max(1, ih-3)
	c := canvas.New(iw, 2)
	c.Text(0, 0, 1, ">", c.Ink(s.Accent))
	f.text.Draw(c, 2, 0, iw-2, "type to search", s.Text, s.Muted)
	p.Body = c.String() + "\n" + f.table(s).View(iw, max(0, ih-2))
	return p.View(w, h)
}

func (f *finder) table(s *shared.Styles) table.Table {
	t := table.Table{
		Columns: []table.Column{{Title: "key", Width: 14}, {Title: "what it does", Flex: 1}, {Title: "where", Width: 11}},
		Cursor:  f.list.Cursor, Empty: "nothing is called that", Styles: s.Table(),
	}
	for _, b := range f.found {
		t.Rows = append(t.Rows, []string{b.Label(), b.Help, placeName(b.Where)})
	}
	return t
}

// placeName writes a place for people.
func placeName(where string) string {
	where = strings.TrimPrefix(strings.TrimPrefix(where, "ask."), "type.")
	if where == shared.Always {
		return shared.Everywhere
	}
	screen, _, _ := strings.Cut(where, ".")
	return screen
}
