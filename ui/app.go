// Package ui is the workbench: numbered screens over one session, for a terminal.
//
// The root model routes. A key is looked up in the key table at the place the person is at: an open
// question or list first, then what works everywhere, then the screen. News (a model was opened, a
// run did steps) reaches the session and then every screen, so that all of them are current when
// they are looked at.
package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"defrost/themes"
	"defrost/ui/shared"
	_ "defrost/ui/terminal" // before Bubble Tea: see there
)

// An App is the root model of the workbench.
type App struct {
	session  *shared.Session
	renderer *lipgloss.Renderer
	screens  []shared.Screen
	top      int
	visited  []int // screens that esc goes back to
	over     overlay
	looks    looks
	said     shared.SayMsg
	w, h     int

	paint   bool // draw the theme's background instead of the terminal's own
	dark    bool // the terminal's background, where known
	known   bool
	plain   bool // ASCII only
	mouse   bool
	leaving bool   // quit once the run has ended
	first   string // run folder to open at once
}

// newApp makes the workbench around a session.
func newApp(s *shared.Session, r *lipgloss.Renderer) *App {
	a := &App{session: s, renderer: r}
	a.looks, _ = findLooks("")
	s.Top = registry[0].name
	for _, reg := range registry {
		a.screens = append(a.screens, reg.open(s))
	}
	return a
}

// Init begins to open what the recipe names, after the first frame.
func (a *App) Init() tea.Cmd {
	if a.first != "" {
		return tea.Batch(a.session.Load(), shared.OpenRun(a.first))
	}
	return a.session.Load()
}

// Update routes a message.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.resize(msg.Width, msg.Height)
		return a, nil
	case tea.KeyMsg:
		return a, a.presses(msg)
	case tea.MouseMsg:
		return a, a.point(msg)
	case shared.GoMsg:
		return a, a.show(msg.Screen)
	case shared.SayMsg:
		a.said = msg
		return a, nil
	}
	return a, a.tell(msg)
}

// tell gives news to the session and then to every screen.
func (a *App) tell(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{a.session.Update(msg)}
	for _, s := range a.screens {
		cmds = append(cmds, s.Update(msg))
	}
	if a.leaving && a.training() == 0 {
		cmds = append(cmds, tea.Quit)
	}
	return tea.Batch(cmds...)
}

// resize gives the screens what the header and the footer leave.
func (a *App) resize(w, h int) {
	a.w, a.h = max(0, w), max(0, h)
	for _, s := range a.screens {
		s.SetSize(a.w, max(0, a.h-chrome))
	}
}

// press does what a key means where the person is.
func (a *App) press(k tea.KeyMsg) tea.Cmd {
	a.said = shared.SayMsg{}
	where := a.where()
	action, bound := a.session.Keys.Find(where, k.String())
	switch {
	case bound:
		return a.act(action)
	case !shared.Typing(where):
		return nil
	case a.over != nil:
		a.over.typed(k)
		return nil
	}
	return a.screen().Update(k)
}

func (a *App) screen() shared.Screen { return a.screens[a.top] }

// where is the place of the key table that is current.
func (a *App) where() string {
	if a.over != nil {
		return a.over.where()
	}
	return a.screen().Where()
}

// act does an action: the open overlay's, one of everywhere, or the screen's.
func (a *App) act(action shared.Action) tea.Cmd {
	if a.over != nil && action != shared.Suspend {
		return a.over.act(a, action)
	}
	switch action {
	case shared.Quit, "quit.now":
		return a.quit()
	case shared.Suspend:
		return tea.Suspend
	case shared.Help:
		a.over = newHelp(a)
	case shared.Palette:
		a.over = newPalette(a)
	case shared.Theme:
		return a.nextTheme()
	case shared.Mouse:
		return a.toggleMouse()
	case shared.Export:
		return a.export()
	case shared.Undo:
		return a.session.Undo()
	case shared.Versus:
		return a.session.Versus()
	case shared.Start:
		return a.session.Begin()
	case shared.Back:
		return a.back()
	default:
		if i := slices.IndexFunc(registry, func(r registration) bool { return screenAction(r.name) == action }); i >= 0 {
			return a.show(registry[i].name)
		}
		return a.screen().Update(action)
	}
	return nil
}

// show turns to a screen and remembers where the person came from.
func (a *App) show(name string) tea.Cmd {
	i := slices.IndexFunc(registry, func(r registration) bool { return r.name == name })
	if i < 0 || i == a.top {
		return nil
	}
	a.visited = append(a.visited, a.top)
	return a.turn(i)
}

// back closes what the screen has open, else returns to the screen before.
func (a *App) back() tea.Cmd {
	if closed := a.screen().Close(); closed || len(a.visited) == 0 {
		return nil
	}
	i := a.visited[len(a.visited)-1]
	a.visited = a.visited[:len(a.visited)-1]
	return a.turn(i)
}

func (a *App) turn(i int) tea.Cmd {
	a.top, a.session.Top = i, registry[i].name
	return a.screen().Update(shared.ShownMsg{})
}

// nextTheme goes round the themes.
func (a *App) nextTheme() tea.Cmd {
	t := a.looks.after(a.session.Styles.Theme.Name)
	a.setTheme(t)
	return shared.Say("theme: " + t.Name + ", " + t.About)
}

// setTheme draws in a theme from now on. The theme's own background is painted only where the
// terminal's is not known to be of its kind, so that a transparent terminal stays one.
func (a *App) setTheme(t themes.Theme) {
	a.session.Styles = shared.NewStyles(a.renderer, t)
	a.paint = !t.Mono && !(a.known && a.dark == t.Dark)
}

// toggleMouse turns the mouse on or off.
func (a *App) toggleMouse() tea.Cmd {
	a.mouse = !a.mouse
	if a.mouse {
		return tea.Batch(tea.EnableMouseCellMotion, shared.Say("mouse on: click panes and tabs, turn the wheel; m lets you select text again"))
	}
	return tea.Batch(tea.DisableMouse, shared.Say("mouse off"))
}
