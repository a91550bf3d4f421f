package shared

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// Frame is the least time between two batches of events, Unfocused that of a terminal nobody looks
// at: the screen cannot show more, and each batch costs a drawing.
const (
	Frame     = time.Second / 30
	Unfocused = time.Second / 2
)

// An EventsMsg is what happened in a run since the last one.
type EventsMsg struct {
	Run    *engine.Run
	Events []engine.Event
	Next   int  // cursor of the following batch
	Done   bool // nothing will follow
}

// pace is how long a batch gathers; commands read it while Update may write it.
type pace struct {
	period time.Duration
	now    atomic.Int64
}

func (p *pace) set(d time.Duration) { p.now.Store(int64(d)) }

// wait lets a batch gather; several runs share the frames.
func (p *pace) wait(runs int) {
	d := time.Duration(p.now.Load())
	if d == 0 {
		d = p.period
	}
	time.Sleep(d * time.Duration(max(1, runs)))
}

// A follow is a run whose events the session hears.
type follow struct {
	run    *engine.Run
	status Status
	halt   context.CancelFunc
	heard  int  // events that every screen has heard
	done   bool // and no other will come
}

// live says that the run trains or is paused.
func (f *follow) live() bool { return f.status.Phase.Live() && f.run.Running() }

// listen waits until the run's log has grown past what was heard, lets events gather for one frame
// and returns them. It is the only way events reach the screens.
func (s *Session) listen(f *follow) tea.Cmd {
	run, cursor, runs := f.run, f.heard, s.Waiting()
	return func() tea.Msg {
		<-run.Log.Wait(cursor)
		s.pace.wait(runs)
		events, next := run.Log.Since(cursor)
		return EventsMsg{run, events, next, run.Log.Done(next)}
	}
}

// Waiting is how many commands are under way that end only with news of a run.
func (s *Session) Waiting() int {
	n := 0
	for _, f := range s.follows {
		if !f.done {
			n++
		}
	}
	if s.trials != nil {
		n++
	}
	return n
}

// follow turns to a run that was started or opened.
func (s *Session) follow(msg RunMsg) tea.Cmd {
	if msg.Err != nil {
		return Complain(msg.Err)
	}
	f := s.add(msg.Run, msg.halt)
	s.choose(f)
	return tea.Batch(s.listen(f), Go("Live"))
}

// add hears a run too; those that have ended are let go.
func (s *Session) add(run *engine.Run, halt context.CancelFunc) *follow {
	f := &follow{run: run, status: Status{Phase: Preparing}, halt: halt}
	s.follows = slices.DeleteFunc(s.follows, func(o *follow) bool { return o.done && (s.trials == nil || o.run == run) })
	s.follows = append(s.follows, f)
	return f
}

// choose makes a run the one that the screens of a single run show.
func (s *Session) choose(f *follow) { s.Run, s.Status, s.halt = f.run, f.status, f.halt }

// of is the follow of a run, nil for one that is not heard.
func (s *Session) of(run *engine.Run) *follow {
	for _, f := range s.follows {
		if f.run == run {
			return f
		}
	}
	return nil
}

// heard updates the status and waits for more.
func (s *Session) heard(msg EventsMsg) tea.Cmd {
	f := s.of(msg.Run)
	if f == nil {
		return nil
	}
	for _, e := range msg.Events {
		f.status.take(e)
	}
	f.heard, f.done = msg.Next, msg.Done
	if msg.Done {
		f.status.close()
	}
	if s.Run == f.run {
		s.Status = f.status
	}
	if msg.Done {
		return nil
	}
	return s.listen(f)
}

// Heard are the events of a run that every screen has been told of, for one that turns to it late.
func (s *Session) Heard(run *engine.Run) []engine.Event {
	f := s.of(run)
	if f == nil {
		return nil
	}
	events, _ := run.Log.Since(0)
	return events[:min(f.heard, len(events))]
}
