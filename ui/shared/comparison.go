package shared

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// Messages of a comparison whose runs train together.
type (
	// ComparisonMsg says that the run folders of a comparison exist; its runs begin.
	ComparisonMsg struct {
		Experiment engine.Experiment
		Err        error
	}
	// BeganMsg says that a run of the comparison has begun, or was finished before.
	BeganMsg struct {
		Index int
		Run   *engine.Run
	}
	// ComparedMsg says that all runs of the comparison have ended.
	ComparedMsg struct {
		Experiment engine.Experiment
		Err        error
	}
	// ChosenMsg turns the screens of a single run to one that is heard already.
	ChosenMsg struct{ Run *engine.Run }
)

// Versus begins the comparison of two backbones on the current data, both at once and each with what
// is usual for its family.
func (s *Session) Versus() tea.Cmd {
	return s.Compare(engine.Against(s.Recipe, s.Rivals...))
}

// Compare begins a comparison.
func (s *Session) Compare(e engine.Experiment) tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	ctx := s.ctx
	return tea.Batch(Say("preparing the comparison..."), func() tea.Msg {
		e, err := e.Create(ctx)
		return ComparisonMsg{Experiment: e, Err: err}
	})
}

// GoOn opens a comparison that was begun and trains what is not finished.
func (s *Session) GoOn(e engine.Experiment) tea.Cmd {
	if s.Busy() {
		return Complain(errBusy)
	}
	return func() tea.Msg { return ComparisonMsg{Experiment: e} }
}

// begun trains the runs of a comparison.
func (s *Session) begun(msg ComparisonMsg) tea.Cmd {
	switch {
	case msg.Err != nil:
		return Complain(msg.Err)
	case s.Busy():
		return Complain(errBusy)
	}
	ctx, end := context.WithCancel(s.ctx)
	s.trials, s.endAll = msg.Experiment.Start(ctx), end
	return tea.Batch(s.next(), Go("Compare"), Say(""))
}

// next waits for the next run of the comparison.
func (s *Session) next() tea.Cmd {
	trials := s.trials
	return func() tea.Msg {
		i, run, ok, err := trials.Next()
		if !ok {
			return ComparedMsg{trials.Experiment, err}
		}
		return BeganMsg{i, run}
	}
}

// began hears a run of the comparison; the first that trains is the one that the live screen shows.
func (s *Session) began(msg BeganMsg) tea.Cmd {
	if s.trials == nil {
		return nil
	}
	turn := msg.Run.Running() && !s.Training()
	f := s.add(msg.Run, s.endAll)
	cmds := []tea.Cmd{s.listen(f), s.next()}
	if turn {
		cmds = append(cmds, s.Choose(msg.Run))
	}
	return tea.Batch(cmds...)
}

// compared lets the comparison go; what failed is said.
func (s *Session) compared(msg ComparedMsg) tea.Cmd {
	s.trials, s.endAll = nil, nil
	if msg.Err != nil && s.ctx.Err() == nil {
		return Complain(msg.Err)
	}
	return nil
}

// Choose turns the screens of a single run to one that is heard.
func (s *Session) Choose(run *engine.Run) tea.Cmd {
	return func() tea.Msg { return ChosenMsg{run} }
}

func (s *Session) chosen(msg ChosenMsg) tea.Cmd {
	if f := s.of(msg.Run); f != nil {
		s.choose(f)
	}
	return nil
}

// Comparing is the comparison whose runs train, nil for none.
func (s *Session) Comparing() *engine.Trials { return s.trials }

// Busy says that a run trains or that a comparison has runs to train.
func (s *Session) Busy() bool { return s.trials != nil || len(s.Live()) > 0 }

// Live are the runs that train or are paused.
func (s *Session) Live() []*engine.Run {
	var runs []*engine.Run
	for _, f := range s.follows {
		if f.live() {
			runs = append(runs, f.run)
		}
	}
	return runs
}

// StatusOf is where a run is that is heard; the zero Status for another.
func (s *Session) StatusOf(run *engine.Run) Status {
	if f := s.of(run); f != nil {
		return f.status
	}
	return Status{}
}

// StopAll ends every run after its step and lets no other begin.
func (s *Session) StopAll() {
	if s.trials != nil {
		s.trials.Hold()
	}
	for _, run := range s.Live() {
		run.Wheel.Stop()
	}
}

// Settle waits until everything that trains has saved its checkpoint; the session's context has
// ended. It returns the comparison that was broken off, nil for none.
func (s *Session) Settle() *engine.Trials {
	if s.trials == nil {
		return nil
	}
	for {
		if _, _, ok, _ := s.trials.Next(); !ok {
			return s.trials
		}
	}
}
