package compare

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/table"
)

// A begun comparison has a name and run folders.
type begun struct {
	engine.Experiment
	finished int // of its runs
}

// viewPicking is what can be compared: runs, comparisons that were begun, and those worth beginning.
func (m *Model) viewPicking() string {
	note := fmt.Sprintf("%d marked", len(m.marked))
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		runPane:   {Title: "runs to compare", Note: note, Least: 8, Weight: 3, View: m.viewRuns},
		startPane: {Title: "train and compare", Note: "enter begins", Column: 1, Least: 4, Weight: 2, View: m.viewProposals},
		begunPane: {Title: "comparisons", Note: fmt.Sprint(len(m.begun)), Column: 1, Least: 4, Weight: 1, View: m.viewBegun},
	}, 9, 5)
}

// proposals are comparisons worth making with the recipe as it is now.
func (m *Model) proposals() []engine.Proposal {
	layers, examples := 0, 0
	if m.session.Model != nil {
		layers = m.session.Model.Shape().Layers
	}
	if m.session.Data != nil {
		examples = len(m.session.Data.Train)
	}
	list := engine.Proposals(m.session.Recipe, layers, examples)
	list[0].Experiment = engine.Against(m.session.Recipe, m.session.Rivals...)
	return list
}

// propose begins the comparison at the cursor.
func (m *Model) propose() tea.Cmd {
	list := m.proposals()
	if m.startList.Cursor >= len(list) {
		return nil
	}
	return m.session.Compare(list[m.startList.Cursor].Experiment)
}

// openBegun shows the comparison at the cursor, as far as it has come.
func (m *Model) openBegun() tea.Cmd {
	if m.begunList.Cursor >= len(m.begun) {
		return shared.Say("no comparison was begun yet")
	}
	e := m.begun[m.begunList.Cursor].Experiment
	return func() tea.Msg {
		msg := openedMsg{experiment: &e}
		for _, entry := range e.Entries {
			run, err := engine.OpenRun(entry.Dir)
			if err != nil {
				return openedMsg{err: err}
			}
			t := replay(run)
			t.name = entry.Name
			msg.tracks = append(msg.tracks, t)
		}
		return msg
	}
}

// goOn trains what is not finished of the comparison at the cursor.
func (m *Model) goOn() tea.Cmd {
	if m.tiles.Focus != begunPane || m.begunList.Cursor >= len(m.begun) {
		return shared.Say("choose one of the comparisons that were begun: tab goes to them")
	}
	b := m.begun[m.begunList.Cursor]
	if b.finished == len(b.Entries) {
		return shared.Say("all runs of it are finished; enter shows them")
	}
	return m.session.GoOn(b.Experiment)
}

// watch turns the live screen to the next of the runs that train.
func (m *Model) watch() tea.Cmd {
	runs := m.session.Live()
	if len(runs) == 0 {
		return shared.Say("no run is training")
	}
	at := slices.Index(runs, m.session.Run)
	return tea.Batch(m.session.Choose(runs[(at+1)%len(runs)]), shared.Go("Live"))
}

// again compares once more what is on the screen.
func (m *Model) again() tea.Cmd {
	if len(m.tracks) < leastRuns {
		return nil
	}
	for _, t := range m.tracks {
		t.judged = true
	}
	return m.compare()
}

func (m *Model) viewProposals(w, h int) string {
	s := &m.session.Styles
	list := m.proposals()
	m.startList.Clamp(len(list))
	m.startList.Page = max(1, h-2)
	t := table.Table{Columns: []table.Column{{Flex: 1}}, Cursor: m.startList.Cursor, NoHeader: true, Styles: s.Table()}
	if m.tiles.Focus != startPane {
		t.Cursor = -1
	}
	for _, p := range list {
		t.Rows = append(t.Rows, []string{p.Title})
	}
	why := shared.Wrap(list[m.startList.Cursor].Why, w)
	room := max(0, h-len(list)-1)
	c := canvas.New(w, min(room, len(why)+1))
	for y, line := range why {
		c.Text(0, y+1, w, line, c.Ink(s.Muted))
	}
	_, used := c.Size()
	view := t.View(w, h-used)
	if used > 0 {
		view += "\n" + c.String()
	}
	return view
}

func (m *Model) viewBegun(w, h int) string {
	m.begunList.Page = max(1, h)
	t := table.Table{
		Columns: []table.Column{{Flex: 1, Min: 12}, {Align: table.Right}}, NoHeader: true,
		Cursor: m.begunList.Cursor, Empty: "none yet: enter above begins one", Styles: m.session.Styles.Table(),
	}
	if m.tiles.Focus != begunPane {
		t.Cursor = -1
	}
	for _, b := range m.begun {
		t.Rows = append(t.Rows, []string{b.Name, fmt.Sprintf("%d of %d", b.finished, len(b.Entries))})
	}
	return t.View(w, h)
}
