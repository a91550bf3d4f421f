// Package compare is the screen where runs stand next to each other: their curves over one another
// under one crosshair, only the settings in which they differ, their results with intervals and a
// paired test, and the examples that one run got right and the other wrong.
package compare

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
)

// A Model is the screen. It shows one of three things: the list to choose runs from, the comparison,
// or the examples the runs disagree on.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles

	runs    []engine.Summary // of the store
	marked  []string         // folders of the chosen runs, in the order they were chosen
	runList shared.List
	picking bool

	begun     []begun // comparisons, by name
	begunList shared.List
	startList shared.List

	tracks     []*track           // of the runs compared
	experiment *engine.Experiment // that they belong to, nil for runs that were marked
	result     result
	apart      bool // the loss curves stand side by side

	axis   axis
	smooth int // index into smoothings
	logY   bool
	zoom   chart.Range
	cursor *float64
	rolls  [panes]shared.List // how far the tables are scrolled

	reading bool
	sides   []side // the lists of disagreements
	side    int    // the one being read
	list    shared.List
}

// The panes of the comparison, and those of the examples.
const (
	lossPane = iota
	resultPane
	devPane
	testPane
	recipePane
	panes

	examplePane = 0
	textPane    = 1
	partPane    = 2
	readPanes   = 3

	runPane   = 0
	startPane = 1
	begunPane = 2
	pickPanes = 3
)

// Runs that can be compared at once: more curves could not be told apart.
const (
	leastRuns = 2
	mostRuns  = 4
)

// mostRows bounds how far a table can be scrolled before it is drawn and knows its length.
const mostRows = 100

// smoothings are the weights of the past that + and - go through.
var smoothings = []float64{0, 0.5, 0.8, 0.9, 0.95, 0.98}

// New makes the screen.
func New(s *shared.Session) shared.Screen { return &Model{session: s, smooth: 3, picking: true} }

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	const pick, here, read = "compare.pick", "compare", "compare.read"
	return []shared.Binding{
		{Action: "compare.mark", Where: pick, Keys: []string{" "}, Short: "mark", Help: "choose the run at the cursor, or leave it out"},
		{Action: "compare.show", Where: pick, Keys: []string{"enter"}, Short: "compare", Help: "compare the marked runs, open the comparison at the cursor, or begin the one that is proposed"},
		{Action: "compare.resume", Where: pick, Keys: []string{"R"}, Short: "go on", Help: "train the runs of the comparison that are not finished"},
		{Action: "compare.none", Where: pick, Keys: []string{"0"}, Short: "unmark all", Help: "take all marks away"},
		{Action: "compare.read", Where: here, Keys: []string{"enter"}, Short: "read examples", Help: "read the examples that one run got right and the other wrong"},
		{Action: "compare.pick", Where: here, Keys: []string{"o"}, Short: "choose runs", Help: "choose other runs to compare"},
		{Action: "compare.apart", Where: here, Keys: []string{"v"}, Short: "side by side", Help: "loss curves side by side, or over one another"},
		{Action: "compare.watch", Where: here, Keys: []string{"w"}, Help: "watch and steer the next run that trains, on the live screen"},
		{Action: "compare.goon", Where: here, Keys: []string{"R"}, Help: "train the runs of the comparison that are not finished"},
		{Action: "compare.axis", Where: here, Keys: []string{"x"}, Short: "axis", Help: "curves over steps, time or tokens"},
		{Action: "compare.smoother", Where: here, Keys: []string{"+", "="}, Short: "smooth", Help: "smooth the loss curves more"},
		{Action: "compare.rougher", Where: here, Keys: []string{"-"}, Help: "smooth the loss curves less"},
		{Action: "compare.log", Where: here, Keys: []string{"y"}, Short: "log", Help: "logarithmic or linear loss axis"},
		{Action: "compare.split", Where: here, Keys: []string{"s"}, Short: "split", Help: "compare on the test, dev or hard examples"},
		{Action: "compare.in", Where: here, Keys: []string{"["}, Help: "zoom into the curves, around the crosshair"},
		{Action: "compare.out", Where: here, Keys: []string{"]"}, Help: "zoom out of the curves"},
		{Action: "compare.reset", Where: here, Keys: []string{"0"}, Help: "show the whole curves again, without crosshair"},
		{Action: "compare.other", Where: read, Keys: []string{" "}, Short: "other list", Help: "the next list: who was right and who was wrong"},
		{Action: "compare.copy", Where: read, Keys: []string{"y"}, Short: "copy text", Help: "copy the text of the example to the clipboard"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	switch {
	case m.picking:
		return "compare.pick"
	case m.reading:
		return "compare.read"
	}
	return "compare"
}

// Close closes the examples, the crosshair, the list of runs when there is a comparison behind it, or
// the zoomed pane.
func (m *Model) Close() bool {
	switch {
	case m.reading:
		m.reading, m.tiles.Focus = false, lossPane
	case m.picking && len(m.tracks) > 0:
		m.picking = false
	case m.cursor != nil:
		m.cursor = nil
	default:
		return m.tiles.Act(shared.Back, m.panes())
	}
	return true
}

// panes is how many panes there are to go through.
func (m *Model) panes() int {
	switch {
	case m.picking:
		return pickPanes
	case m.reading:
		return readPanes
	case m.swept():
		return sweepPanes
	}
	return panes
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.ShownMsg:
		return listRuns
	case shared.RunMsg:
		if msg.Err == nil {
			m.follow(msg.Run)
		}
	case shared.ComparisonMsg:
		if m.session.Comparing() != nil && msg.Err == nil {
			return m.begin(msg.Experiment)
		}
	case shared.BeganMsg:
		m.follow(msg.Run)
	case shared.ComparedMsg:
		return tea.Batch(listRuns, m.again())
	case shared.EventsMsg:
		return m.heard(msg)
	case runsMsg:
		return m.listed(msg)
	case openedMsg:
		return m.opened(msg)
	case resultMsg:
		return m.took(msg)
	}
	return nil
}

func (m *Model) act(a shared.Action) tea.Cmd {
	switch {
	case m.picking:
		return m.actPicking(a)
	case m.reading:
		return m.actReading(a)
	case m.tiles.Act(a, m.panes()), m.look(a), m.rolls[m.tiles.Focus].Act(a, mostRows):
		return nil
	}
	switch a {
	case "compare.read":
		return m.read()
	case "compare.pick":
		m.picking = true
		return listRuns
	case "compare.split":
		return m.nextSplit()
	case "compare.apart":
		m.apart = !m.apart
	case "compare.watch":
		return m.watch()
	case "compare.goon":
		if m.experiment == nil {
			return shared.Say("these runs were marked one by one: the live screen goes on with one")
		}
		return m.session.GoOn(*m.experiment)
	case "compare.smoother":
		return m.smoothen(1)
	case "compare.rougher":
		return m.smoothen(-1)
	}
	return elsewhere(a)
}

// elsewhere answers an action of the screen that has no meaning where the person is, which only the
// palette can ask for.
func elsewhere(a shared.Action) tea.Cmd {
	switch {
	case !strings.HasPrefix(string(a), "compare."):
		return nil
	case a == "compare.mark", a == "compare.show", a == "compare.none", a == "compare.resume":
		return shared.Say("o opens the list of runs to choose from")
	}
	return shared.Say("compare two runs first: space marks them, enter compares")
}

func (m *Model) smoothen(by int) tea.Cmd {
	m.smooth = max(0, min(m.smooth+by, len(smoothings)-1))
	return shared.Say(fmt.Sprintf("smoothing %.2f", smoothings[m.smooth]))
}

// look changes how the curves are shown and says whether the action did.
func (m *Model) look(a shared.Action) bool {
	full, _ := m.lossChart().Extent()
	switch a {
	case "compare.axis":
		m.axis = (m.axis + 1) % axes
		m.zoom, m.cursor = chart.Range{}, nil
	case "compare.log":
		m.logY = !m.logY
	case "compare.in":
		m.zoom = m.zoom.Zoom(full, m.centre(full), 0.5)
	case "compare.out":
		m.zoom = m.zoom.Zoom(full, m.centre(full), 2)
	case "compare.reset":
		m.zoom, m.cursor = chart.Range{}, nil
	case shared.Left:
		m.cross(-1)
	case shared.Right:
		m.cross(1)
	default:
		return false
	}
	return true
}

func (m *Model) centre(full chart.Range) float64 {
	if m.cursor != nil {
		return *m.cursor
	}
	return full.To
}

// cross moves the crosshair of both charts; it starts at the end of the shortest run, where all have
// a value.
func (m *Model) cross(columns int) {
	x, ok := m.shortest()
	if !ok {
		return
	}
	if m.cursor != nil {
		w, h := m.tiles.Size()
		x = m.lossChart().Step(w/2, h/2, *m.cursor, columns)
	}
	m.cursor = &x
}

// shortest is where the first curve ends.
func (m *Model) shortest() (x float64, ok bool) {
	for _, t := range m.tracks {
		if end, _, has := t.curves[m.axis].loss.Last(); has && (!ok || end < x) {
			x, ok = end, true
		}
	}
	return x, ok
}
