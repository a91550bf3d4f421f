package engine

import (
	"testing"
	"time"
)

// TestRunWithALimitEndsByTheClock has more epochs than anybody would wait for.
func TestRunWithALimitEndsByTheClock(t *testing.T) {
	r := smallRecipe(t)
	r.Epochs, r.Seconds, r.Warmup = 1_000_000, 0.3, 0
	events := fitted(t, r)
	steps, done := of[Step](events), of[Finished](events)
	if len(done) != 1 || done[0].Stopped || done[0].Steps != len(steps) || len(steps) == 0 {
		t.Fatalf("got %+v after %d steps, want a run that came to its end", done, len(steps))
	}
	for i, s := range steps[1:] {
		if s.LR > steps[i].LR {
			t.Errorf("step %d: the rate is %g after %g, want it to fall with the clock", s.Step, float64(s.LR), float64(steps[i].LR))
		}
	}
}

func TestClockIsAheadOfTheSteps(t *testing.T) {
	r := Defaults()
	tr := &trainer{r: r, step: 3, started: time.Now().Add(-time.Hour)}
	tr.sched.Steps = 100
	if got := tr.place(); got != 3 {
		t.Errorf("without a limit: got place %d, want the step", got)
	}
	tr.r.Seconds = 7200
	if got := tr.place(); got != 50 {
		t.Errorf("after half the time: got place %d, want 50 of 100", got)
	}
	if tr.step = 80; tr.place() != 80 {
		t.Errorf("got place %d, want the steps when they are ahead", tr.place())
	}
}
