// Package live is the screen of a run in progress: its curves, what has happened, how long it will
// take, and the wheel to steer it. Everything drawn is computed from the run's events, so a run that
// is over and one that goes on look the same.
package live

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	run     *engine.Run
	story   story

	smooth  int // index into smoothings
	logY    bool
	zoom    chart.Range
	cursor  *float64
	events  shared.List
	flips   shared.List
	asking  string // the question that is open: stop, rewind, or "" for none
	typing  bool   // a learning rate
	text    shared.Text
	runs    []engine.Summary
	list    shared.List
	listing bool // the list of runs is shown
}

// The panes.
const (
	lossPane = iota
	statusPane
	devPane
	eventPane
	flipPane
	ratePane
	confusionPane
	panes
)

// smoothings are the weights of the past that + and - go through.
var smoothings = []float64{0, 0.5, 0.8, 0.9, 0.95, 0.98}

// New makes the screen.
func New(s *shared.Session) shared.Screen { return &Model{session: s, smooth: 3} }

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	return []shared.Binding{
		{Action: "live.pause", Where: "live", Keys: []string{" "}, Short: "pause", Help: "pause the run before its next step, or go on"},
		{Action: "live.step", Where: "live", Keys: []string{"."}, Short: "one step", Help: "run one batch and pause again"},
		{Action: "live.lr", Where: "live", Keys: []string{"L"}, Short: "set rate", Help: "set the peak learning rate of the run"},
		{Action: "live.freeze", Where: "live", Keys: []string{"f"}, Short: "freeze map", Help: "open the run's freeze map to freeze or thaw layers now"},
		{Action: "live.save", Where: "live", Keys: []string{"S"}, Short: "save", Help: "write a checkpoint now"},
		{Action: "live.stop", Where: "live", Keys: []string{"s"}, Short: "stop", Help: "stop the run: after this step, now, or keep going"},
		{Action: "live.rewind", Where: "live", Keys: []string{"w"}, Help: "go back to a checkpoint and train on from there"},
		{Action: "live.runs", Where: "live", Keys: []string{"o"}, Short: "runs", Help: "open a run that is on disk"},
		{Action: "live.choose", Where: "live", Keys: []string{"enter"}, Help: "open the run at the cursor of the list"},
		{Action: "live.resume", Where: "live", Keys: []string{"R"}, Help: "go on with a run that was cut short, from its last checkpoint"},
		{Action: "live.smoother", Where: "live", Keys: []string{"+", "="}, Help: "smooth the loss curve more"},
		{Action: "live.rougher", Where: "live", Keys: []string{"-"}, Help: "smooth the loss curve less"},
		{Action: "live.log", Where: "live", Keys: []string{"y"}, Help: "logarithmic or linear loss axis"},
		{Action: "live.in", Where: "live", Keys: []string{"["}, Help: "zoom into the curve, around the crosshair"},
		{Action: "live.out", Where: "live", Keys: []string{"]"}, Help: "zoom out of the curve"},
		{Action: "live.reset", Where: "live", Keys: []string{"0"}, Help: "show the whole curve again, without crosshair"},
		{Action: "stop.after", Where: "ask.stop", Keys: []string{"a"}, Short: "after this step", Help: "stop after this step, evaluate and save"},
		{Action: "stop.now", Where: "ask.stop", Keys: []string{"n"}, Short: "now", Help: "save a checkpoint and stop now; defrost resume goes on"},
		{Action: "stop.keep", Where: "ask.stop", Keys: []string{"enter", "k"}, Short: "keep going", Help: "keep training"},
		{Action: "rewind.best", Where: "ask.rewind", Keys: []string{"b"}, Short: "to the best", Help: "go back to the best checkpoint; the optimizer begins anew"},
		{Action: "rewind.last", Where: "ask.rewind", Keys: []string{"l"}, Short: "to the last", Help: "go back to the checkpoint that was written last"},
		{Action: "rewind.stay", Where: "ask.rewind", Keys: []string{"enter"}, Short: "stay", Help: "go on from here"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	switch {
	case m.asking != "":
		return "ask." + m.asking
	case m.typing:
		return "type.text"
	}
	return "live"
}

// Close closes the question, the text box, the list, the crosshair or the zoomed pane.
func (m *Model) Close() bool {
	if m.asking != "" || m.typing || m.listing || m.cursor != nil {
		m.asking, m.typing, m.listing, m.cursor = "", false, false, nil
		return true
	}
	return m.tiles.Act(shared.Back, panes)
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case tea.KeyMsg:
		m.text.Update(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.ShownMsg:
		if m.run == nil {
			return listRuns
		}
	case shared.RunMsg:
		m.begin(msg)
	case shared.ChosenMsg:
		m.begin(shared.RunMsg{Run: msg.Run})
		m.story.take(m.session.Heard(msg.Run))
	case shared.EventsMsg:
		if msg.Run == m.run {
			m.story.take(msg.Events)
		}
	case runsMsg:
		m.runs = msg.runs
		m.list.Clamp(len(m.runs))
		if msg.err != nil {
			return shared.Complain(msg.err)
		}
	}
	return nil
}

// begin follows a run from its first event.
func (m *Model) begin(msg shared.RunMsg) {
	if msg.Err != nil {
		return
	}
	m.run, m.story = msg.Run, newStory()
	m.zoom, m.cursor, m.listing = chart.Range{}, nil, false
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if m.move(a) || m.tiles.Act(a, panes) {
		return nil
	}
	if cmd, done := m.look(a); done {
		return cmd
	}
	switch a {
	case "live.runs":
		m.listing = true
		return listRuns
	case "live.choose":
		return m.choose()
	case "live.resume":
		return m.resume()
	case shared.Accept:
		return m.setRate()
	case "stop.keep", "rewind.stay":
		m.asking = ""
	default:
		return m.steer(a)
	}
	return nil
}

// move moves the cursor of the list with the focus.
func (m *Model) move(a shared.Action) bool {
	switch {
	case m.choosing():
		return m.list.Act(a, len(m.runs))
	case m.tiles.Focus == flipPane:
		return m.flips.Act(a, len(m.story.flips))
	}
	return m.events.Act(a, len(m.story.lines))
}

// choosing says that the list of runs is what is shown.
func (m *Model) choosing() bool { return m.listing || m.run == nil }

// choose opens the run at the cursor of the list.
func (m *Model) choose() tea.Cmd {
	if !m.choosing() || m.list.Cursor >= len(m.runs) {
		return nil
	}
	dir := m.runs[m.list.Cursor].Dir
	for _, run := range m.session.Live() {
		if run.Dir == dir {
			return m.session.Choose(run)
		}
	}
	if m.session.Busy() {
		return shared.Complain(errors.New("a run is training: stop it before another one is opened"))
	}
	return shared.OpenRun(dir)
}

// resume goes on with the run at the cursor of the list, or with the one that is shown.
func (m *Model) resume() tea.Cmd {
	switch {
	case !m.choosing():
		return m.session.Resume(m.run.Dir)
	case m.list.Cursor < len(m.runs):
		return m.session.Resume(m.runs[m.list.Cursor].Dir)
	}
	return nil
}

// steer asks the run for something; the answer is an event.
func (m *Model) steer(a shared.Action) tea.Cmd {
	if place, _, _ := strings.Cut(string(a), "."); place != "live" && place != "stop" && place != "rewind" {
		return nil
	}
	m.asking = ""
	if a == "live.freeze" && m.run != nil {
		return shared.Go("Layers")
	}
	if !m.session.Training() {
		return shared.Say("no run is training; r starts one")
	}
	wheel := m.run.Wheel
	switch a {
	case "live.pause":
		if m.session.Status.Phase == shared.Paused {
			wheel.Resume()
		} else {
			wheel.Pause()
		}
	case "live.step":
		wheel.StepOnce()
	case "live.lr":
		m.typing = true
		m.text.Set("")
	case "live.save":
		wheel.Save()
	case "live.stop":
		m.asking = "stop"
	case "live.rewind":
		m.asking = "rewind"
	case "rewind.best", "rewind.last":
		wheel.Rewind(strings.TrimPrefix(string(a), "rewind."))
	case "stop.after":
		wheel.Stop()
		return shared.Say("stopping after this step...")
	case "stop.now":
		m.session.Halt()
		return shared.Say("saving a checkpoint and stopping...")
	}
	return nil
}

// setRate gives the run the learning rate that was typed.
func (m *Model) setRate() tea.Cmd {
	lr, err := strconv.ParseFloat(strings.TrimSpace(m.text.String()), 64)
	if err != nil || !(lr > 0 && lr < 100) {
		return shared.Complain(fmt.Errorf("learning rate: found %q, expected a number above 0 such as 1e-4", m.text.String()))
	}
	m.typing = false
	if !m.session.Training() {
		return shared.Say("the run has ended")
	}
	m.run.Wheel.SetLR(lr)
	return nil
}

// look changes how the curves are shown.
func (m *Model) look(a shared.Action) (cmd tea.Cmd, done bool) {
	full, _ := m.story.loss.Extent()
	switch a {
	case "live.smoother", "live.rougher":
		if a == "live.smoother" {
			m.smooth++
		} else {
			m.smooth--
		}
		m.smooth = max(0, min(m.smooth, len(smoothings)-1))
		return shared.Say(fmt.Sprintf("smoothing %.2f", smoothings[m.smooth])), true
	case "live.log":
		m.logY = !m.logY
	case "live.in":
		m.zoom = m.zoom.Zoom(full, m.centre(full), 0.5)
	case "live.out":
		m.zoom = m.zoom.Zoom(full, m.centre(full), 2)
	case "live.reset":
		m.zoom, m.cursor = chart.Range{}, nil
	case shared.Left:
		m.cross(-1)
	case shared.Right:
		m.cross(1)
	default:
		return nil, false
	}
	return nil, true
}

func (m *Model) centre(full chart.Range) float64 {
	if m.cursor != nil {
		return *m.cursor
	}
	return full.To
}

// cross moves the crosshair, which starts at the newest point.
func (m *Model) cross(columns int) {
	x, _, ok := m.story.loss.Last()
	if !ok {
		return
	}
	if m.cursor != nil {
		w, h := m.tiles.Size()
		x = m.lossChart().Step(w/2, h/2, *m.cursor, columns)
	}
	m.cursor = &x
}

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
