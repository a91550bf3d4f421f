package compare

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

type runsMsg struct {
	runs  []engine.Summary
	begun []begun
	err   error
}

// listRuns reads the store and the comparisons that were begun.
func listRuns() tea.Msg {
	store, err := engine.DefaultStore()
	if err != nil {
		return runsMsg{err: err}
	}
	runs, err := store.List()
	if err != nil {
		return runsMsg{err: err}
	}
	list, err := engine.Experiments()
	msg := runsMsg{runs: runs, err: err}
	for _, e := range list {
		msg.begun = append(msg.begun, begun{e, e.Finished()})
	}
	return msg
}

// listed takes the runs of the store; marks of runs that are gone go too.
func (m *Model) listed(msg runsMsg) tea.Cmd {
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	m.runs, m.begun = msg.runs, msg.begun
	m.begunList.Clamp(len(m.begun))
	m.marked = slices.DeleteFunc(m.marked, func(dir string) bool {
		return !slices.ContainsFunc(m.runs, func(s engine.Summary) bool { return s.Dir == dir })
	})
	m.runList.Clamp(len(m.runs))
	return nil
}

func (m *Model) actPicking(a shared.Action) tea.Cmd {
	if m.tiles.Act(a, pickPanes) {
		return nil
	}
	switch {
	case m.tiles.Focus == begunPane && m.begunList.Act(a, len(m.begun)):
		return nil
	case m.tiles.Focus == startPane && m.startList.Act(a, len(m.proposals())):
		return nil
	case m.tiles.Focus == runPane && m.runList.Act(a, len(m.runs)):
		return nil
	}
	switch a {
	case "compare.mark":
		return m.mark()
	case "compare.none":
		m.marked = nil
	case "compare.show":
		switch m.tiles.Focus {
		case begunPane:
			return m.openBegun()
		case startPane:
			return m.propose()
		}
		return m.show()
	case "compare.resume":
		return m.goOn()
	}
	return elsewhere(a)
}

// mark chooses the run at the cursor, or leaves it out, and goes on to the next.
func (m *Model) mark() tea.Cmd {
	if m.tiles.Focus != runPane || m.runList.Cursor >= len(m.runs) {
		return nil
	}
	dir := m.runs[m.runList.Cursor].Dir
	if i := slices.Index(m.marked, dir); i >= 0 {
		m.marked = slices.Delete(m.marked, i, i+1)
		return nil
	}
	if len(m.marked) == mostRuns {
		return shared.Complain(fmt.Errorf("%d runs are marked, which is the most that can be told apart", mostRuns))
	}
	m.marked = append(m.marked, dir)
	m.runList.Act(shared.Down, len(m.runs))
	return nil
}

// show opens the marked runs.
func (m *Model) show() tea.Cmd {
	if n := len(m.marked); n < leastRuns {
		return shared.Complain(fmt.Errorf("%d runs are marked, expected %d to %d: space marks the run at the cursor", n, leastRuns, mostRuns))
	}
	dirs := slices.Clone(m.marked)
	return func() tea.Msg {
		var msg openedMsg
		for _, dir := range dirs {
			run, err := engine.OpenRun(dir)
			if err != nil {
				return openedMsg{err: err}
			}
			msg.tracks = append(msg.tracks, replay(run))
		}
		return msg
	}
}

// replay is the track of a run that is on disk.
func replay(run *engine.Run) *track {
	t := newTrack(run)
	events, _ := run.Log.Since(0)
	t.take(events)
	t.judged = true
	return t
}

// viewRuns lists the runs of the store; marks carry the letter that the run will have.
func (m *Model) viewRuns(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, 2)
	x := c.Text(0, 0, w, "space", c.Ink(s.Accent))
	x += c.Text(x, 0, w-x, " marks two to four runs, ", c.Ink(s.Text))
	x += c.Text(x, 0, w-x, "enter", c.Ink(s.Accent))
	c.Text(x, 0, w-x, " compares them", c.Ink(s.Text))
	m.runList.Page = max(1, h-4)
	t := table.Table{
		Cursor: m.runList.Cursor, Empty: "no runs yet: r trains one, then another, and this screen compares them", Styles: s.Table(),
		Selected: func(row int) bool { return slices.Contains(m.marked, m.runs[row].Dir) },
	}
	for _, col := range runColumns {
		if w >= shared.StackedBelow || !col.wide {
			t.Columns = append(t.Columns, col.Column)
		}
	}
	for _, sum := range m.runs {
		var row []string
		for _, col := range runColumns {
			if w >= shared.StackedBelow || !col.wide {
				row = append(row, col.cell(m, sum))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return c.String() + "\n" + t.View(w, max(0, h-2))
}

// runColumns are what the list says about a run; wide ones are left out of narrow screens.
var runColumns = []struct {
	table.Column
	wide bool
	cell func(*Model, engine.Summary) string
}{
	{table.Column{Title: " ", Width: 1}, false, func(m *Model, s engine.Summary) string { return m.letter(s.Dir) }},
	{table.Column{Title: "run", Flex: 2, Min: 22}, false, func(_ *Model, s engine.Summary) string { return s.ID }},
	{table.Column{Title: "data", Flex: 1, Min: 6}, false, func(_ *Model, s engine.Summary) string { return s.Recipe.Data }},
	{table.Column{Title: "trained", Flex: 1, Min: 11}, false, func(_ *Model, s engine.Summary) string { return trained(s.Recipe) }},
	{table.Column{Title: "lr", Align: table.Right}, true, func(_ *Model, s engine.Summary) string { return number.Rate(s.Recipe.LR) }},
	{table.Column{Title: "seed", Align: table.Right}, false, func(_ *Model, s engine.Summary) string { return fmt.Sprint(s.Recipe.Seed) }},
	{table.Column{Title: "steps", Align: table.Right}, true, func(_ *Model, s engine.Summary) string { return number.Whole(int64(s.Steps)) }},
	{table.Column{Title: "dev", Align: table.Right}, false, func(_ *Model, s engine.Summary) string { return devScore(s) }},
	{table.Column{Title: "took", Align: table.Right}, true, func(_ *Model, s engine.Summary) string { return span(s.Seconds) }},
	{table.Column{Title: "state", Min: 8}, false, func(m *Model, s engine.Summary) string { return m.state(s) }},
}

// letter is that of a marked run, "" for others.
func (m *Model) letter(dir string) string {
	if i := slices.Index(m.marked, dir); i >= 0 {
		return letterOf(i)
	}
	return ""
}

// trained says what learned, from which start.
func trained(r engine.Recipe) string {
	text := r.Train
	if r.Freeze != "" {
		text += " but " + r.Freeze
	}
	switch {
	case r.Scratch:
		text += " scratch"
	case r.Shuffled:
		text += " shuffled"
	}
	return text
}

func devScore(s engine.Summary) string {
	for _, name := range []string{"dev_" + s.Primary, s.Primary} { // of a run that ended, of one that goes on
		if a, ok := s.Metrics[name]; ok {
			return shared.Score(a)
		}
	}
	return "-"
}

// state is how a run ended, if it did.
func (m *Model) state(sum engine.Summary) string {
	switch {
	case slices.ContainsFunc(m.session.Live(), func(r *engine.Run) bool { return r.Dir == sum.Dir }):
		return "training"
	case sum.Finished:
		return "finished"
	case sum.Failed != "":
		return "failed"
	case sum.Steps == 0:
		return "not begun"
	}
	return "broken off"
}

// letterOf names the runs A to Z, then A2 and so on.
func letterOf(i int) string {
	letter := string(rune('A' + i%letters))
	if i < letters {
		return letter
	}
	return fmt.Sprint(letter, i/letters+1)
}

// letters is how many runs have a letter of their own.
const letters = 26

// span writes seconds.
func span(seconds float64) string {
	return number.Duration(time.Duration(seconds * float64(time.Second)))
}
