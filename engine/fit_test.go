package engine

import (
	"context"
	"path/filepath"
	"testing"

	"defrost/engine/enginetest"
)

// smallRecipe trains a BERT of 2 layers on 28 sentences, 7 steps an epoch.
func smallRecipe(t *testing.T) Recipe {
	t.Helper()
	r := Defaults()
	r.Backbone, r.Data = enginetest.Bert(t), enginetest.Reviews(t, 40)
	r.Batch, r.Epochs, r.MaxLength, r.LR = 4, 2, 16, 0.01
	return r
}

// fitted is the log of a run of r.
func fitted(t *testing.T, r Recipe) []Event {
	t.Helper()
	run, err := Start(context.Background(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	past, _, err := reopen(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return past
}

// TestARunThatGetsNoBetterStopsEarly learns next to nothing: no evaluation is better than the first.
func TestARunThatGetsNoBetterStopsEarly(t *testing.T) {
	for _, patience := range []int{0, 1, 3} {
		r := smallRecipe(t)
		r.LR, r.HeadLR, r.Epochs, r.Patience = 1e-12, 1e-12, 6, patience
		epochs := 6
		if patience > 0 {
			epochs = 1 + patience
		}
		events := fitted(t, r)
		steps, done := of[Step](events), of[Finished](events)
		if got := steps[len(steps)-1].Epoch; got != epochs || done[0].Stopped != (patience > 0) || done[0].Steps != len(steps) {
			t.Errorf("patience %d: stopped in epoch %d with %+v, want %d", patience, got, done[0], epochs)
		}
	}
}

// of are the events of one type.
func of[E Event](events []Event) []E {
	var list []E
	for _, e := range events {
		if e, ok := e.(E); ok {
			list = append(list, e)
		}
	}
	return list
}

// losses are all numbers of a log that training computed.
func losses(events []Event) []Number {
	var list []Number
	for _, s := range of[Step](events) {
		list = append(list, s.Loss, s.GradNorm, s.LR)
	}
	for _, e := range of[Evaluated](events) {
		list = append(list, e.Loss, e.Metrics["accuracy"])
		for _, l := range e.Layers {
			list = append(list, l.Drift)
		}
	}
	return list
}

func TestEqualRecipesGiveEqualLossesOnAnyNumberOfThreads(t *testing.T) {
	defer SetThreads(Threads())
	r := smallRecipe(t)
	SetThreads(1)
	want := losses(fitted(t, r))
	for _, threads := range []int{1, 2, 3} {
		SetThreads(threads)
		got := losses(fitted(t, r))
		if len(got) != len(want) {
			t.Fatalf("%d threads: got %d numbers, want %d", threads, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%d threads: got number %d as %v, want %v", threads, i, got[i], want[i])
			}
		}
	}
}

func TestAnotherSeedGivesOtherLosses(t *testing.T) {
	r := smallRecipe(t)
	first := of[Step](fitted(t, r))[0].Loss
	r.Seed++
	if second := of[Step](fitted(t, r))[0].Loss; second == first {
		t.Errorf("got loss %v with both seeds, want two different ones", first)
	}
}

func TestFrozenLayersDoNotMove(t *testing.T) {
	for _, c := range []struct {
		train, freeze string
		moves         map[string]bool
	}{
		{"all", "", map[string]bool{"embeddings": true, "encoder.0": true, "encoder.1": true, "head": true}},
		{"last:1", "", map[string]bool{"encoder.1": true, "head": true}},
		{"head", "", map[string]bool{"head": true}},
		{"all", "encoder.1", map[string]bool{"embeddings": true, "encoder.0": true, "head": true}},
		{"encoder.0", "head", map[string]bool{"encoder.0": true}},
	} {
		r := smallRecipe(t)
		r.Train, r.Freeze = c.train, c.freeze
		evaluated := of[Evaluated](fitted(t, r))
		for _, e := range evaluated {
			for _, l := range e.Layers {
				if moved := l.Drift != 0; moved != c.moves[l.Name] {
					t.Errorf("train %q freeze %q: got drift %v of %s in epoch %d, want movement %v", c.train, c.freeze, l.Drift, l.Name, e.Epoch, c.moves[l.Name])
				}
			}
		}
		if len(evaluated[0].Layers) != 4 {
			t.Errorf("got %d layers, want 4", len(evaluated[0].Layers))
		}
	}
}

func TestGradualThawingThawsOneLayerMorePerEpoch(t *testing.T) {
	r := smallRecipe(t)
	r.Gradual, r.Epochs = 1, 4
	events := fitted(t, r)
	thawed := of[Thawed](events)
	if len(thawed) != 3 {
		t.Fatalf("got %d thawed events, want one at the start of epochs 2, 3 and 4", len(thawed))
	}
	want := [][]string{{"encoder.1", "head"}, {"encoder.0", "encoder.1", "head"}, {"embeddings", "encoder.0", "encoder.1", "head"}}
	for i, e := range thawed {
		var learns []string
		for _, l := range e.Layers {
			if !l.Frozen() {
				learns = append(learns, l.Name)
			}
		}
		if e.Epoch != i+2 || e.Step != 7*(i+1) || len(learns) != len(want[i]) || learns[0] != want[i][0] {
			t.Errorf("got epoch %d step %d with %v learning, want epoch %d step %d with %v", e.Epoch, e.Step, learns, i+2, 7*(i+1), want[i])
		}
	}
	for _, e := range of[Evaluated](events) {
		for i, l := range e.Layers {
			learns := i >= len(e.Layers)-e.Epoch // the head in the first epoch, one layer more in each that follows
			if moved := l.Drift != 0; e.Split == "dev" && moved != learns {
				t.Errorf("got drift %v of %s in epoch %d, want movement %v", l.Drift, l.Name, e.Epoch, learns)
			}
		}
	}
}

func TestThawedLayersLearnFromTheirFirstStep(t *testing.T) {
	r := smallRecipe(t)
	r.Gradual = 1
	frozen := r
	frozen.Gradual, frozen.Train = 0, "head"
	got, want := of[Step](fitted(t, r)), of[Step](fitted(t, frozen))
	for i := range 7 {
		if got[i].Loss != want[i].Loss {
			t.Errorf("got loss %v at step %d, want %v as with the head alone", got[i].Loss, i+1, want[i].Loss)
		}
	}
	if got[7].GradNorm == want[7].GradNorm {
		t.Errorf("got gradient norm %v at step 8, want another than with the head alone", got[7].GradNorm)
	}
}

func TestCancelledRunResumesAsIfNothingHadHappened(t *testing.T) {
	resumesAsIfNothingHadHappened(t, smallRecipe(t))
}

// resumesAsIfNothingHadHappened cancels a run after its first step and holds what follows against an
// undisturbed one.
func resumesAsIfNothingHadHappened(t *testing.T, r Recipe) {
	t.Helper()
	want := losses(fitted(t, r))
	ctx, cancel := context.WithCancel(context.Background())
	run, err := Start(ctx, r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	run.Wheel.Pause() // long before the data is read, so that the run waits at its first step
	run.Wheel.StepOnce()
	<-run.Log.Wait(2)
	cancel()
	if _, err := run.Wait(); err == nil {
		t.Fatal("got no error, want a run that was cancelled while it waited")
	}
	if sum, err := summarise(run.Dir); err != nil || sum.Finished || sum.Failed != "" {
		t.Errorf("got %+v (%v), want a run that neither finished nor failed", sum, err)
	}
	again, err := Resume(context.Background(), run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	past, _, err := reopen(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	got := losses(past)
	if len(got) != len(want) {
		t.Fatalf("got %d numbers, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got number %d as %v, want %v", i, got[i], want[i])
		}
	}
}

func TestRunThatCannotBeginLeavesTheFolderAsItWas(t *testing.T) {
	r := smallRecipe(t)
	r.Data = "nowhere.csv"
	dir := t.TempDir()
	enginetest.Write(t, filepath.Join(dir, "notes.txt"), "mine")
	run, err := Start(context.Background(), r, StartOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err == nil {
		t.Fatal("got no error, want one about the data")
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) != 1 || filepath.Base(found[0]) != "notes.txt" {
		t.Errorf("got %v in the folder (%v), want notes.txt alone", found, err)
	}
}
