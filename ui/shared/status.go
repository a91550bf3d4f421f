package shared

import (
	"fmt"

	"defrost/engine"
)

// A Phase is where a run is in its life.
type Phase int

// The phases of a run. Broken is a run whose log ends without a last word: it was killed.
const (
	Preparing Phase = iota
	Training
	Paused
	Judging // a stop was asked for, or all steps are done; the last evaluation is on
	Finished
	Failed
	Broken
)

// Live says that the run still goes on.
func (p Phase) Live() bool { return p < Finished }

// String is the phase in a word.
func (p Phase) String() string {
	return [...]string{"preparing", "training", "paused", "judging", "finished", "failed", "interrupted"}[p]
}

// A Status is what the events of a run say about where it is.
type Status struct {
	Phase   Phase
	Started engine.Started
	Last    engine.Step
	Stage   engine.Progress // what takes a while just now; the zero Progress for nothing
	Rate    float64         // seconds per step of late
	Result  engine.Finished
	Error   string
}

// take learns from one event.
func (s *Status) take(e engine.Event) {
	if _, passing := e.(engine.Note); !passing {
		s.Stage = engine.Progress{}
	}
	switch e := e.(type) {
	case engine.Progress:
		s.Stage = e
	case engine.Started:
		s.Started, s.Phase, s.Error = e, Preparing, ""
	case engine.Loaded:
		s.Phase = Training
	case engine.Step:
		s.step(e)
	case engine.Steered:
		s.steered(e.Action)
	case engine.Finished:
		s.Phase, s.Result = Finished, e
	case engine.Failed:
		s.Phase, s.Error = Failed, e.Error
	}
}

// recent is the weight of the newest step in the time per step.
const recent = 0.05

func (s *Status) step(e engine.Step) {
	if s.Rate == 0 {
		s.Rate = e.Took
	}
	s.Rate += recent * (e.Took - s.Rate)
	s.Last = e
	if s.Phase == Preparing {
		s.Phase = Training
	}
	if s.Started.Steps > 0 && e.Step >= s.Started.Steps && !s.Started.Pretrains() { // whose steps are an estimate
		s.Phase = Judging
	}
}

func (s *Status) steered(action string) {
	switch action {
	case "pause", "step":
		s.Phase = Paused
	case "resume":
		s.Phase = Training
	case "stop":
		s.Phase = Judging
	}
}

// close says that the log has ended.
func (s *Status) close() {
	s.Stage = engine.Progress{}
	if s.Phase.Live() {
		s.Phase = Broken
	}
}

// Doing is what the run does just now, in words: its phase, or the stage that takes a while.
func (s Status) Doing() string {
	if s.Stage.Stage == "" || !s.Phase.Live() {
		return s.Phase.String()
	}
	return s.Stage.Stage + " " + s.Stage.Percent()
}

// Share is how much of the planned steps, or of the time the recipe gives, is done: 0 to 1.
func (s Status) Share() float64 {
	share := 0.0
	if s.Started.Steps > 0 {
		share = min(1, float64(s.Last.Step)/float64(s.Started.Steps))
	}
	if limit := s.Started.Recipe.Seconds; limit > 0 {
		share = min(1, max(share, s.Last.Seconds/limit))
	}
	return share
}

// Place is the step that the run has reached, of those that are known to come.
func (s Status) Place() string {
	if s.Started.Steps == 0 {
		return fmt.Sprintf("step %d", s.Last.Step)
	}
	return fmt.Sprintf("step %d of %d", s.Last.Step, s.Started.Steps)
}

// Left is the time that remains, in seconds.
func (s Status) Left() float64 {
	left := s.Rate * float64(max(0, s.Started.Steps-s.Last.Step))
	limit := s.Started.Recipe.Seconds
	switch {
	case limit > 0 && s.Started.Steps == 0:
		return max(0, limit-s.Last.Seconds)
	case limit > 0:
		return max(0, min(left, limit-s.Last.Seconds))
	}
	return left
}
