// Package train is the recipe as a form: every setting with its check, the learning-rate schedule
// drawn, what differs from the defaults, and the command that runs the same recipe without a screen.
package train

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	list    shared.List // row 0 is the start button, row i the field i-1
	fields  []field
	typing  bool
	text    shared.Text
}

// The panes.
const (
	formPane = iota
	schedulePane
	commandPane
	panes
)

// New makes the screen.
func New(s *shared.Session) shared.Screen { return &Model{session: s, fields: fields()} }

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	return []shared.Binding{
		{Action: "train.edit", Where: "train", Keys: []string{"enter"}, Short: "start or edit", Help: "start training, or edit the setting at the cursor"},
		{Action: "train.default", Where: "train", Keys: []string{"d"}, Short: "default", Help: "set the setting at the cursor back to its default"},
		{Action: "train.defaults", Where: "train", Keys: []string{"D"}, Help: "set the whole recipe back to the defaults"},
		{Action: "train.ask", Where: "train", Keys: []string{"a"}, Short: "ask untrained", Help: "ask the backbone about this data without training it: a run to compare with"},
		{Action: "train.copy", Where: "train", Keys: []string{"y"}, Short: "copy command", Help: "copy the headless command to the clipboard"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	if m.typing {
		return "type.text"
	}
	return "train"
}

// Close gives up what is being typed, or makes the pane small.
func (m *Model) Close() bool {
	if m.typing {
		m.typing = false
		return true
	}
	return m.tiles.Act(shared.Back, panes)
}

// Update hears keys.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case tea.KeyMsg:
		m.text.Update(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	}
	return nil
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if m.list.Act(a, len(m.fields)+1) || m.tiles.Act(a, panes) {
		return nil
	}
	f, onField := m.field()
	switch a {
	case shared.Accept:
		return m.accept()
	case shared.Left, shared.Right:
		if onField {
			return m.session.Change(func(r *engine.Recipe) { f.nudge(r, a == shared.Right, m.session) })
		}
	case "train.edit":
		if !onField {
			return m.session.Begin()
		}
		m.typing = true
		m.text.Set(f.get(m.session.Recipe))
	case "train.default":
		if onField {
			return m.session.Change(func(r *engine.Recipe) { _ = f.set(r, f.get(engine.Defaults())) })
		}
	case "train.defaults":
		return m.session.Change(func(r *engine.Recipe) { *r = engine.Defaults() })
	case "train.ask":
		return m.session.Ask()
	case "train.copy":
		return m.session.Copy(m.session.Recipe.Command())
	}
	return nil
}

// field is the setting at the cursor; ok is false on the start button.
func (m *Model) field() (f field, ok bool) {
	if m.list.Cursor == 0 {
		return field{}, false
	}
	return m.fields[m.list.Cursor-1], true
}

// accept takes what was typed unless the recipe refuses it.
func (m *Model) accept() tea.Cmd {
	f, ok := m.field()
	if !ok {
		return nil
	}
	r, err := m.tried(f)
	if err != nil {
		return shared.Complain(err)
	}
	m.typing = false
	return m.session.Change(func(now *engine.Recipe) { *now = r })
}

// tried is the recipe with what was typed, and why it cannot be accepted.
func (m *Model) tried(f field) (engine.Recipe, error) {
	r := m.session.Recipe
	if err := f.set(&r, strings.TrimSpace(m.text.String())); err != nil {
		return r, err
	}
	if err := r.Check(); err != nil && concerns(err, f) {
		return r, err
	}
	return r, nil
}

// concerns says that an error of Recipe.Check is about a field.
func concerns(err error, f field) bool {
	return err != nil && strings.HasPrefix(err.Error(), "recipe: "+f.name+" is ")
}

// sources are the data sets on this machine that the recipe's task, head and backbone can be trained
// on: those of the program, and those that were fetched.
func sources(s *shared.Session) []string {
	var names []string
	for _, c := range datasets.Embedded() {
		if s.Model.Fits(s.Recipe, c.Kind) {
			names = append(names, c.Name)
		}
	}
	for _, c := range datasets.Catalog() {
		if _, here := engine.DataFolder(c.Name); here && s.Model.Fits(s.Recipe, c.Kind) {
			names = append(names, c.Name)
		}
	}
	return names
}
