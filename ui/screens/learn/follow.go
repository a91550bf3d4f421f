package learn

import (
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
)

// pace is how long a batch of events gathers; commands read it while Update may write it.
type pace struct{ period atomic.Int64 }

func (p *pace) set(d time.Duration) { p.period.Store(int64(d)) }

func (p *pace) wait() {
	d := time.Duration(p.period.Load())
	if d == 0 {
		d = shared.Frame
	}
	time.Sleep(d)
}

// listen waits until the log of the course's run has grown past cursor, lets events gather for one
// frame and returns them.
func (p *pace) listen(c *course, run *engine.Run, cursor int) tea.Cmd {
	return func() tea.Msg {
		<-run.Log.Wait(cursor)
		p.wait()
		events, next := run.Log.Since(cursor)
		return courseMsg{c, eventsNews{run, events, next, run.Log.Done(next)}}
	}
}

// A track is one run of a lab as its events draw it.
type track struct {
	steps, epochs int
	last          engine.Step
	rate          float64 // seconds per step of late
	tokens        float64
	curve         *chart.Series
	best          float64
	judged        bool // best holds a figure
	finished      bool
	failed        string
}

func newTrack() *track { return &track{curve: &chart.Series{}} }

// recent is the weight of the newest step in the time per step.
const recent = 0.05

// take learns from events. show and over are those of the lab's chart.
func (t *track) take(events []engine.Event, measure, show, over string) {
	for _, e := range events {
		switch e := e.(type) {
		case engine.Started:
			t.steps, t.epochs, t.failed = e.Steps, e.Recipe.Epochs, ""
		case engine.Step:
			t.step(e)
			if show == "loss" {
				t.curve.Add(t.x(over), float64(e.Loss))
			}
		case engine.Evaluated:
			t.evaluated(e, measure, show, over)
		case engine.Finished:
			t.finished = true
		case engine.Failed:
			t.failed = e.Error
		}
	}
}

func (t *track) step(e engine.Step) {
	if t.rate == 0 {
		t.rate = e.Took
	}
	t.rate += recent * (e.Took - t.rate)
	t.last = e
	t.tokens += float64(e.Tokens)
}

// x is where the run is now on the chart's axis.
func (t *track) x(over string) float64 {
	switch over {
	case "time":
		return t.last.Seconds
	case "tokens":
		return t.tokens
	}
	return float64(t.last.Step)
}

func (t *track) evaluated(e engine.Evaluated, measure, show, over string) {
	if e.Split != "dev" {
		return
	}
	value, ok := e.Metrics[measure]
	if ok && (!t.judged || float64(value) > t.best) {
		t.best, t.judged = float64(value), true
	}
	switch {
	case show == "dev_loss":
		t.curve.Add(t.x(over), float64(e.Loss))
	case show == "measure" && ok:
		t.curve.Add(t.x(over), float64(value))
	}
}

// share is how much of the run is done, 0 to 1.
func (t *track) share() float64 {
	switch {
	case t.finished:
		return 1
	case t.steps == 0:
		return 0
	}
	return float64(t.last.Step) / float64(t.steps)
}

// left is the time the remaining steps will take, in seconds.
func (t *track) left() float64 { return t.rate * float64(max(0, t.steps-t.last.Step)) }
