package learn

import (
	"context"

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
