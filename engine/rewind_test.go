package engine

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// A ride is a run that a test steers step by step.
type ride struct {
	t      *testing.T
	run    *Run
	cursor int
	cancel context.CancelFunc
}

// ridden starts a run that waits at its first step.
func ridden(t *testing.T, r Recipe) *ride {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	run, err := Start(ctx, r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	run.Wheel.Pause() // long before the data is read
	return &ride{t: t, run: run, cancel: cancel}
}

// until reads the log on to an event of which ok is true.
func (d *ride) until(what string, ok func(Event) bool) {
	d.t.Helper()
	limit := time.After(time.Minute)
	for {
		events, next := d.run.Log.Since(d.cursor)
		for i, e := range events {
			if ok(e) {
				d.cursor += i + 1
				return
			}
		}
		d.cursor = next
		select {
		case <-d.run.Log.Wait(next):
		case <-limit:
			d.t.Fatalf("waited in vain for %s", what)
		}
		if d.run.Log.Done(next) {
			d.t.Fatalf("the run ended before %s", what)
		}
	}
}

func (d *ride) steps(n int) {
	d.t.Helper()
	for range n {
		d.run.Wheel.StepOnce()
		d.until("a step", func(e Event) bool { _, ok := e.(Step); return ok })
	}
}

func (d *ride) steered(action string) {
	d.t.Helper()
	d.until(action, func(e Event) bool { s, ok := e.(Steered); return ok && s.Action == action })
}

// TestRewoundRunGoesTheSameWayAgain saves after 3 steps, goes on to 5, rewinds, and compares with a
// run that was never touched; the second half is done by another session.
func TestRewoundRunGoesTheSameWayAgain(t *testing.T) {
	r := smallRecipe(t)
	whole := of[Step](fitted(t, r))
	d := ridden(t, r)
	d.steps(3)
	d.run.Wheel.Save()
	d.steered("save")
	d.steps(2)
	d.run.Wheel.Rewind("last")
	d.steered("rewind")
	d.steps(1)
	d.cancel()
	_, _ = d.run.Wait()
	again, err := Resume(context.Background(), d.run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	past, _, err := reopen(d.run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	got := of[Step](past)
	want := append(append([]Step(nil), whole[:5]...), whole[3:]...)
	if len(got) != len(want) {
		t.Fatalf("got %d steps, want 5, then those from the 4th on: %d", len(got), len(want))
	}
	for i := range want {
		if got[i].Step != want[i].Step || got[i].Loss != want[i].Loss || got[i].LR != want[i].LR {
			t.Errorf("entry %d: got step %d with loss %v, want step %d with %v", i, got[i].Step, got[i].Loss, want[i].Step, want[i].Loss)
		}
	}
}

func TestRewindingToTheBestKeepsItsWeights(t *testing.T) {
	d := ridden(t, smallRecipe(t))
	d.steps(7) // an epoch
	d.until("the best checkpoint", func(e Event) bool { s, ok := e.(Saved); return ok && s.Kind == "best" })
	d.steps(2)
	d.run.Wheel.Save()
	d.steered("save")
	d.run.Wheel.Rewind("best")
	d.steered("rewind")
	events, _ := d.run.Log.Since(0)
	at := of[Steered](events)
	if got := at[len(at)-1]; got.Step != 7 || got.Value != "to the best checkpoint" {
		t.Errorf("got %+v, want to stand at step 7", got)
	}
	last, err := latest(filepath.Join(d.run.Dir, checkpointsDir, "last"))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := readProgress(last); err != nil || p.Step != 7 {
		t.Errorf("a crash now would go on from step %d (%v), want 7", p.Step, err)
	}
	d.run.Wheel.Resume()
	if done, err := d.run.Wait(); err != nil || done.Steps != 14 {
		t.Errorf("ended after %d steps with %v, want 14", done.Steps, err)
	}
}

func TestRewindingWithoutACheckpointIsRefused(t *testing.T) {
	d := ridden(t, smallRecipe(t))
	d.steps(1)
	d.run.Wheel.Rewind("last")
	d.until("a refusal", func(e Event) bool {
		n, ok := e.(Note)
		return ok && n.Text == "rewind refused: there is no last checkpoint yet"
	})
	d.cancel()
	_, _ = d.run.Wait()
}
