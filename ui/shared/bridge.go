package shared

import (
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

func (p *pace) wait() {
	d := time.Duration(p.now.Load())
	if d == 0 {
		d = p.period
	}
	time.Sleep(d)
}

// listen waits until the run's log has grown past cursor, lets events gather for one frame and
// returns them. It is the only way events reach the screens.
func (s *Session) listen(run *engine.Run, cursor int) tea.Cmd {
	return func() tea.Msg {
		<-run.Log.Wait(cursor)
		s.pace.wait()
		events, next := run.Log.Since(cursor)
		return EventsMsg{run, events, next, run.Log.Done(next)}
	}
}

// follow turns to a run that was started or opened.
func (s *Session) follow(msg RunMsg) tea.Cmd {
	if msg.Err != nil {
		return Complain(msg.Err)
	}
	s.Run, s.Status, s.halt = msg.Run, Status{Phase: Preparing}, msg.halt
	return tea.Batch(s.listen(msg.Run, 0), Go("Live"))
}

// heard updates the status and waits for more.
func (s *Session) heard(msg EventsMsg) tea.Cmd {
	if msg.Run != s.Run {
		return nil
	}
	for _, e := range msg.Events {
		s.Status.take(e)
	}
	if msg.Done {
		s.Status.close()
		return nil
	}
	return s.listen(msg.Run, msg.Next)
}
