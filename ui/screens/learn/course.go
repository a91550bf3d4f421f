package learn

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/labs"
	"defrost/ui/shared"
)

// A course is a person's way through one lab.
type course struct {
	lab      labs.Lab
	progress labs.Progress
	missing  error
	opened   bool // what is on disk was read

	tracks  []*track
	at      int         // index of the run that was begun last
	run     *engine.Run // that run
	running bool        // it has not ended
	halt    context.CancelFunc
	busy    bool  // something is on its way that ends in news
	err     error // why the runs do not go on
	outcome *labs.Outcome

	asking bool // a question is open
	again  bool // whether to start over is
	choice int  // the answer at the cursor, from 0
	text   shared.Text
	cursor *float64 // of the chart
}

// A courseMsg is news of a course; that of one which was left is not heard.
type courseMsg struct {
	of   *course
	news any
}

// The news of a course.
type (
	openedNews struct {
		progress labs.Progress
		tracks   []*track
		missing  error
		err      error
	}
	progressNews struct { // an answer was taken, or all was forgotten
		progress labs.Progress
		err      error
	}
	begunNews struct {
		progress labs.Progress
		step     labs.Step
		halt     context.CancelFunc
		err      error
	}
	eventsNews struct {
		run    *engine.Run
		events []engine.Event
		next   int
		done   bool
	}
	outcomeNews struct {
		outcome labs.Outcome
		err     error
	}
)

func newCourse(l labs.Lab) *course {
	c := &course{lab: l}
	c.clear()
	return c
}

// clear is a course without runs.
func (c *course) clear() {
	c.tracks, c.outcome, c.err, c.cursor, c.choice = nil, nil, nil, nil, 0
	for range c.lab.Runs {
		c.tracks = append(c.tracks, newTrack())
	}
}

// open reads how far the person is and what the runs have done so far.
func (c *course) open(ctx context.Context) tea.Cmd {
	c.busy = true
	l := c.lab
	return func() tea.Msg {
		news := openedNews{}
		if news.progress, news.err = l.Progress(); news.err != nil {
			return courseMsg{c, news}
		}
		for _, s := range l.Standings(news.progress) {
			t := newTrack()
			if s.Begun {
				t.replay(s.Dir, l)
			}
			news.tracks = append(news.tracks, t)
		}
		if l.State(news.progress) < labs.Ran {
			news.missing = l.Missing(ctx)
		}
		return courseMsg{c, news}
	}
}

// replay draws a run that is on disk.
func (t *track) replay(dir string, l labs.Lab) {
	run, err := engine.OpenRun(dir)
	if err != nil {
		t.failed = err.Error()
		return
	}
	events, _ := run.Log.Since(0)
	t.take(events, l.Measure, l.Chart.Show, l.Chart.Over)
}

// live says that a run of the lab trains, or will in a moment.
func (c *course) live() bool { return c.running || c.busy && c.answered() && c.outcome == nil }

func (c *course) answered() bool { return c.progress.Answer != "" }

// typed says that the open question takes a number instead of a choice.
func (c *course) typed() bool { return !c.answered() && c.lab.Predict.Number != "" }

// command runs the lab without a screen.
func (c *course) command() string {
	if c.lab.Path != "" {
		return "defrost lab " + c.lab.Path
	}
	return "defrost lab " + c.lab.Name
}

// ran says that all runs have finished.
func (c *course) ran() bool {
	for _, t := range c.tracks {
		if !t.finished {
			return false
		}
	}
	return c.opened
}

// courseUpdate hears the news of the course.
func (m *Model) courseUpdate(msg courseMsg) tea.Cmd {
	c := m.course
	if c == nil || msg.of != c {
		return nil
	}
	switch news := msg.news.(type) {
	case openedNews:
		return m.opened(news)
	case progressNews:
		return m.progressed(news)
	case begunNews:
		return m.begun(news)
	case eventsNews:
		return m.heard(news)
	case outcomeNews:
		c.busy, c.err = false, news.err
		if news.err == nil {
			c.outcome = &news.outcome
			m.arrange()
		}
		return m.list()
	}
	return nil
}

func (m *Model) opened(news openedNews) tea.Cmd {
	c := m.course
	c.busy, c.opened = false, true
	if news.err != nil {
		c.err = news.err
		return shared.Complain(news.err)
	}
	c.progress, c.tracks, c.missing = news.progress, news.tracks, news.missing
	if c.answered() && c.ran() {
		return c.judge()
	}
	return nil
}

// goOn is the next step of a lab: a question, a run, or the next lab.
func (m *Model) goOn() tea.Cmd {
	c := m.course
	switch {
	case c.busy, c.running:
		return shared.Say("the lab is at work; s stops its run")
	case !c.opened:
		return nil
	case !c.answered() && c.missing != nil:
		return shared.Complain(c.missing)
	case !c.answered():
		c.ask(0)
		m.focus(askPane)
	case !c.ran():
		return m.begin()
	case c.outcome == nil:
		return c.judge()
	case c.progress.Check == 0:
		c.ask(0)
		m.focus(checkPane)
	default:
		return m.openNext()
	}
	return nil
}

// ask opens the question that is next.
func (c *course) ask(choice int) {
	c.asking, c.choice = true, choice
	c.text.Set("")
}

// focus gives the focus to a pane that is shown.
func (m *Model) focus(pane int) {
	for i, p := range m.shown() {
		if p == pane {
			m.tiles.Focus = i
		}
	}
}

// answers moves between the answers of the open question and says whether the action did.
func (c *course) answers(a shared.Action) bool {
	if !c.asking {
		return false
	}
	n := len(c.lab.Predict.Choices)
	if c.answered() {
		n = len(c.lab.Check.Choices)
	}
	switch a {
	case "learn.up":
		c.choice--
	case "learn.down":
		c.choice++
	default:
		for i := range digits {
			if a == digitAction(i) {
				if i < n {
					c.choice = i
				}
				return true
			}
		}
		return false
	}
	c.choice = max(0, min(c.choice, n-1))
	return true
}

// commit takes the answer: to the question before the runs, which then start, or to the one after them.
func (m *Model) commit() tea.Cmd {
	c := m.course
	if !c.asking || c.busy {
		return shared.Say("enter opens the question first")
	}
	l, p, answer := c.lab, c.progress, strconv.Itoa(c.choice+1)
	take := l.Answer
	switch {
	case c.answered():
		take = l.CheckAnswer
	case c.typed():
		answer = c.text.String()
	}
	c.busy = true
	return func() tea.Msg {
		p, err := take(p, answer)
		return courseMsg{c, progressNews{p, err}}
	}
}

// progressed takes what was answered; a first answer starts the runs.
func (m *Model) progressed(news progressNews) tea.Cmd {
	c := m.course
	c.busy = false
	if news.err != nil {
		return shared.Complain(news.err)
	}
	first := !c.answered() && news.progress.Answer != ""
	c.progress, c.asking, c.again = news.progress, false, false
	if first {
		m.arrange()
		return m.begin()
	}
	if !c.answered() {
		c.clear()
		m.arrange()
	}
	return m.list()
}

// begin starts the next run, or goes on with one that was left.
func (m *Model) begin() tea.Cmd {
	c := m.course
	if m.session.Training() {
		return shared.Complain(errors.New("a run is training: stop it on the live screen, then enter starts the lab's runs"))
	}
	c.busy, c.err = true, nil
	ctx, halt := context.WithCancel(m.session.Context())
	l, p := c.lab, c.progress
	return func() tea.Msg {
		p, step, err := l.Begin(ctx, p)
		return courseMsg{c, begunNews{p, step, halt, err}}
	}
}

func (m *Model) begun(news begunNews) tea.Cmd {
	c := m.course
	c.busy, c.progress = false, news.progress
	switch {
	case news.err != nil:
		news.halt()
		c.err = news.err
		return shared.Complain(news.err)
	case news.step.Run == nil:
		news.halt()
		return c.judge()
	}
	c.at, c.run, c.running, c.halt = news.step.Index, news.step.Run, true, news.halt
	c.tracks[c.at] = newTrack() // the log of a run that goes on begins with what it did before
	return m.pace.listen(c, c.run, 0)
}

// heard draws events and waits for more; after a run's end comes the next.
func (m *Model) heard(news eventsNews) tea.Cmd {
	c := m.course
	if news.run != c.run {
		return nil
	}
	t := c.tracks[c.at]
	t.take(news.events, c.lab.Measure, c.lab.Chart.Show, c.lab.Chart.Over)
	if !news.done {
		return m.pace.listen(c, c.run, news.next)
	}
	c.running = false
	c.halt()
	if t.finished {
		return m.begin()
	}
	c.err = fmt.Errorf("run %s stopped: %s", c.lab.Runs[c.at].Name, t.failed)
	return m.list()
}

// stop ends the run now; its checkpoint is what enter goes on from.
func (c *course) stop() tea.Cmd {
	if !c.running {
		return shared.Say("no run of this lab is training")
	}
	c.halt()
	return shared.Say("saving a checkpoint and stopping; enter goes on from it")
}

// Settle waits until the run of a lab that was left has saved its checkpoint, and says how to go on.
func (m *Model) Settle() string {
	c := m.course
	if c == nil || !c.running {
		return ""
	}
	_, _ = c.run.Wait() // an interrupted run ends with an error; its folder holds what counts
	return "lab saved, go on with: " + c.command()
}

// judge computes what came out.
func (c *course) judge() tea.Cmd {
	c.busy = true
	l, p := c.lab, c.progress
	return func() tea.Msg {
		out, err := l.Outcome(p)
		return courseMsg{c, outcomeNews{out, err}}
	}
}

// askAgain asks whether to start over.
func (m *Model) askAgain() tea.Cmd {
	switch c := m.course; {
	case c.running || c.busy:
		return shared.Say("a run of this lab is training; s stops it first")
	case !c.answered():
		return shared.Say("this lab has not begun")
	default:
		c.again = true
	}
	return nil
}

// forget begins the lab anew.
func (m *Model) forget() tea.Cmd {
	c := m.course
	c.busy, c.again = true, false
	l := c.lab
	return func() tea.Msg {
		p, err := l.Again()
		return courseMsg{c, progressNews{p, err}}
	}
}

// cross moves the crosshair of the chart, which starts at the newest point.
func (m *Model) cross(a shared.Action) bool {
	c := m.course
	columns := map[shared.Action]int{shared.Left: -1, shared.Right: 1}[a]
	if columns == 0 || !c.answered() {
		return false
	}
	ch := m.chart()
	full, ok := ch.Extent()
	if !ok {
		return true
	}
	x := full.To
	if c.cursor != nil {
		w, h := m.tiles.Size()
		x = ch.Step(w/2, h/2, *c.cursor, columns)
	}
	c.cursor = &x
	return true
}
