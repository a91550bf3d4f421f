package shared

import (
	"context"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// quick is a session that gathers events for a moment only.
func quick() *Session {
	s := NewSession(context.Background(), NewKeys(), Styles{}, engine.Defaults())
	s.pace.set(time.Microsecond)
	return s
}

func TestEventsArriveInOrderAndNoneIsLost(t *testing.T) {
	const n = 5000
	s, run := quick(), &engine.Run{Log: engine.NewLog(), Wheel: &engine.Wheel{}}
	s.Update(RunMsg{Run: run})
	go func() {
		for i := range n {
			run.Log.Append(engine.Step{Step: i + 1})
		}
		run.Log.Close()
	}()
	seen := 0
	for next := s.listen(s.of(run)); next != nil; {
		msg := next().(EventsMsg)
		for _, e := range msg.Events {
			if seen++; e.(engine.Step).Step != seen {
				t.Fatalf("event %d is step %d", seen, e.(engine.Step).Step)
			}
		}
		next = s.Update(msg)
	}
	if seen != n || s.Status.Last.Step != n {
		t.Errorf("saw %d events up to step %d, want %d", seen, s.Status.Last.Step, n)
	}
	if s.Status.Phase != Broken {
		t.Errorf("phase %v of a log without a last word, want interrupted", s.Status.Phase)
	}
}

func TestEventsOfAnotherRunAreNotFollowed(t *testing.T) {
	s := quick()
	run := &engine.Run{Log: engine.NewLog(), Wheel: &engine.Wheel{}}
	s.Update(RunMsg{Run: run})
	old := &engine.Run{Log: engine.NewLog()}
	if cmd := s.Update(EventsMsg{Run: old, Events: []engine.Event{engine.Step{Step: 9}}}); cmd != nil || s.Status.Last.Step == 9 {
		t.Error("the events of a run that is not followed any more were taken")
	}
}

func TestUnfocusedTerminalsAreDrawnRarely(t *testing.T) {
	s := quick()
	s.Update(tea.BlurMsg{})
	if got := time.Duration(s.pace.now.Load()); got != Unfocused {
		t.Errorf("unfocused: a batch gathers for %v, want %v", got, Unfocused)
	}
	s.Update(tea.FocusMsg{})
	if got := time.Duration(s.pace.now.Load()); got != Frame {
		t.Errorf("focused: a batch gathers for %v, want %v", got, Frame)
	}
}

func TestPhasesFollowTheEvents(t *testing.T) {
	var s Status
	steps := []struct {
		event engine.Event
		want  Phase
	}{
		{engine.Started{Steps: 3}, Preparing}, {engine.Loaded{}, Training}, {engine.Step{Step: 1, Took: 2}, Training},
		{engine.Steered{Action: "pause"}, Paused}, {engine.Steered{Action: "step"}, Paused}, {engine.Step{Step: 2, Took: 2}, Paused},
		{engine.Steered{Action: "lr"}, Paused}, {engine.Steered{Action: "resume"}, Training}, {engine.Step{Step: 3, Took: 2}, Judging}, {engine.Finished{}, Finished},
	}
	for _, step := range steps {
		if s.take(step.event); s.Phase != step.want {
			t.Fatalf("after %+v: %v, want %v", step.event, s.Phase, step.want)
		}
		if s.Last.Step == 2 && s.Left() != 2 {
			t.Errorf("%v seconds left after two of three steps of 2 s, want 2", s.Left())
		}
	}
}

func TestOldPlansAreNotShown(t *testing.T) {
	s := quick()
	old := s.Recipe
	s.Change(func(r *engine.Recipe) { r.Train = "head" })
	s.Update(BudgetMsg{Recipe: old})
	if s.Budget != nil {
		t.Error("the budget of another recipe is shown")
	}
	s.Update(BudgetMsg{Recipe: s.Recipe, Budget: engine.Budget{Steps: 7}})
	if s.Budget == nil || s.Budget.Steps != 7 {
		t.Error("the budget of the recipe is not shown")
	}
}
