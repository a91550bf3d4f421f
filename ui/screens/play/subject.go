package play

import (
	"context"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/table"
)

// A subject is a network that texts are given to: a run's best checkpoint, or a backbone alone.
type subject struct {
	key     string // run folder, or the backbone's name
	name    string
	run     bool
	note    string
	ex      *engine.Explainer
	read    reader
	byToken bool // what it says is about one token
}

// A reader asks a network about a text; it runs in a command.
type reader func(q question) (reading, error)

// A question is what is asked.
type question struct {
	text      string
	token     int  // the cursor among its tokens
	sentences bool // where the word at the cursor stands, not which words are like it
}

// A reading is what a network says about a text.
type reading interface {
	// view is exactly h lines of w cells; second draws it as run B's.
	view(s *shared.Styles, second bool, w, h int) string
	// word is the answer in short, to be compared with another's; "" for none.
	word() string
}

// Names of the subjects on the screen.
var letters = [2]string{"A", "B"}

type runsMsg struct {
	runs []engine.Summary
	err  error
}

// listRuns reads the store.
func listRuns() tea.Msg {
	store, err := engine.DefaultStore()
	if err != nil {
		return runsMsg{err: err}
	}
	runs, err := store.List()
	return runsMsg{runs, err}
}

// took keeps the runs that have ended and opens the newest, unless a person chose another.
func (m *Model) took(msg runsMsg) tea.Cmd {
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	m.runs, m.listed = m.runs[:0:0], true
	for _, r := range msg.runs {
		if r.Finished {
			m.runs = append(m.runs, r)
		}
	}
	m.list.Clamp(len(m.choices()))
	return m.settle()
}

// settle opens what should answer where no one chose: the newest run, else the backbone.
func (m *Model) settle() tea.Cmd {
	if m.chosen {
		return nil
	}
	if len(m.runs) > 0 {
		return m.open(0, choice{run: &m.runs[0]})
	}
	return m.open(0, choice{backbone: m.session.Recipe.Backbone})
}

// A choice is a line of the list: a run, a backbone alone, or none.
type choice struct {
	run      *engine.Summary
	backbone string
}

func (c choice) key() string {
	if c.run != nil {
		return c.run.Dir
	}
	return c.backbone
}

// choices are the lines of the list. A second network may be left out.
func (m *Model) choices() []choice {
	var list []choice
	if m.picking == 2 {
		list = append(list, choice{})
	}
	for i := range m.runs {
		list = append(list, choice{run: &m.runs[i]})
	}
	if m.picking != 2 {
		list = append(list, choice{backbone: m.session.Recipe.Backbone})
	}
	return list
}

// pick opens the list, or closes it again.
func (m *Model) pick(a shared.Action) tea.Cmd {
	which := 1
	if a == "play.second" {
		which = 2
	}
	if m.picking == which {
		m.picking = 0
		return nil
	}
	m.picking, m.typing, m.tiles.Focus, m.list.Cursor = which, false, saysPane, 0
	for i, c := range m.choices() {
		if old := m.subjects[which-1]; old != nil && c.key() == old.key {
			m.list.Cursor = i
		}
	}
	return listRuns
}

// choose takes the line at the cursor.
func (m *Model) choose() tea.Cmd {
	which, list := m.picking-1, m.choices()
	m.picking = 0
	if m.list.Cursor >= len(list) {
		return nil
	}
	c := list[m.list.Cursor]
	if c.key() == "" {
		m.subjects[1], m.says[1], m.wanted[1], m.failed[1] = nil, nil, "", nil
		return nil
	}
	if which == 0 {
		m.chosen = true
	}
	return m.open(which, c)
}

// An openedMsg is a subject whose weights were read.
type openedMsg struct {
	which   int
	key     string
	subject *subject
	err     error
}

// open reads the weights of a choice, unless they are there or on their way.
func (m *Model) open(which int, c choice) tea.Cmd {
	if old := m.subjects[which]; m.wanted[which] == c.key() || m.wanted[which] == "" && old != nil && old.key == c.key() {
		return nil
	}
	m.wanted[which], m.failed[which] = c.key(), nil
	ctx, data := m.session.Context(), m.session.Data
	return func() tea.Msg {
		s, err := load(ctx, c, data)
		return openedMsg{which, c.key(), s, err}
	}
}

// load opens a subject and says how it is read.
func load(ctx context.Context, c choice, data *datasets.Dataset) (*subject, error) {
	if c.run == nil {
		ex, err := engine.ExplainBackbone(ctx, c.backbone)
		if err != nil {
			return nil, err
		}
		s := &subject{key: c.backbone, name: filepath.Base(c.backbone), ex: ex, note: "the backbone alone"}
		s.read, s.byToken, err = readBackbone(ctx, s.name, ex, data)
		return s, err
	}
	ex, err := engine.ExplainRun(c.run.Dir)
	if err != nil {
		return nil, err
	}
	return &subject{key: c.run.Dir, name: c.run.ID, run: true, note: score(*c.run), ex: ex, read: readRun(ex)}, nil
}

// score is a run's result in a word.
func score(r engine.Summary) string {
	name, v, ok := shared.DevScore(r)
	if !ok {
		return ""
	}
	return "dev " + shared.MetricName(name) + " " + shared.Score(v)
}

// opened takes a subject and asks it.
func (m *Model) opened(msg openedMsg) tea.Cmd {
	if m.wanted[msg.which] != msg.key {
		return nil
	}
	m.wanted[msg.which], m.failed[msg.which] = "", msg.err
	m.subjects[msg.which], m.says[msg.which] = msg.subject, nil
	if msg.which == 0 {
		m.heat.forget()
		m.near.forget()
		m.look.forget()
		m.write.stop()
		m.write = writing{temperature: m.write.temperature}
	}
	return m.changed()
}

// viewChoices is the list of runs.
func (m *Model) viewChoices(w, h int) string {
	s := &m.session.Styles
	m.list.Page = max(1, h-2)
	t := table.Table{
		Columns: []table.Column{{Title: "network", Flex: 1, Min: 12}, {Title: "dev", Align: table.Right}, {Title: "trained", Min: 6}},
		Cursor:  m.list.Cursor, Styles: s.Table(),
		Selected: func(i int) bool {
			old := m.subjects[m.picking-1]
			return old != nil && m.choices()[i].key() == old.key
		},
	}
	for _, c := range m.choices() {
		switch {
		case c.run != nil:
			dev := "-"
			if _, v, ok := shared.DevScore(*c.run); ok {
				dev = shared.Score(v)
			}
			t.Rows = append(t.Rows, []string{c.run.ID, dev, learned(c.run.Recipe)})
		case c.backbone != "":
			t.Rows = append(t.Rows, []string{filepath.Base(c.backbone), "", "the backbone alone"})
		default:
			t.Rows = append(t.Rows, []string{"none", "", "A answers alone"})
		}
	}
	return t.View(w, h)
}

// learned is what of a run learned, in a few cells.
func learned(r engine.Recipe) string {
	switch {
	case r.Scratch:
		return "from scratch"
	case r.Train == "":
		return "all"
	}
	return r.Train
}
