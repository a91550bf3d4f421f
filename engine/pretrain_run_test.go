package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// pretrainOptions learn next words of regular text in a moment.
func pretrainOptions(t *testing.T) PretrainOptions {
	t.Helper()
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "The film was good and the %d books were very bright and warm.\n", i)
	}
	o, shape := PretrainDefaults(), t.TempDir()
	enginetest.Write(t, filepath.Join(shape, "config.json"), `{"model_type": "gpt2", "vocab_size": 1, "n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 64}`)
	o.Backbone, o.Files, o.Out = shape, []string{filepath.Join(t.TempDir(), "corpus.txt")}, filepath.Join(t.TempDir(), "out")
	enginetest.Write(t, o.Files[0], text.String())
	o.Objective, o.Vocabulary, o.Tokens, o.BatchTokens, o.EvalTokens, o.LR = "clm", 300, 6000, 256, 1000, 0.01
	return o
}

func pretrained(t *testing.T, o PretrainOptions) *Run {
	t.Helper()
	run, err := StartPretraining(context.Background(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	return run
}

// stepsOf are the steps that a run tells.
func stepsOf(events []Event) (losses []Number) {
	for _, e := range events {
		if s, ok := e.(Step); ok {
			losses = append(losses, s.Loss)
			if s.Step != len(losses) {
				return nil // a step is missing or told twice
			}
		}
	}
	return losses
}

func TestPretrainingIsARunThatOpensAgain(t *testing.T) {
	run := pretrained(t, pretrainOptions(t))
	again, err := OpenRun(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	events := eventsOf(again)
	started, ok := events[0].(Started)
	if !ok || !started.Pretrains() || started.JudgedBy() != "perplexity" || started.Steps == 0 {
		t.Errorf("got %+v, want the start of a run judged by perplexity", events[0])
	}
	var perplexity []Number
	for _, e := range events {
		if e, ok := e.(Evaluated); ok {
			perplexity = append(perplexity, e.Metrics["perplexity"])
		}
	}
	if len(perplexity) < 4 || perplexity[len(perplexity)-1] >= perplexity[0] {
		t.Errorf("got perplexities %v, want them to fall", perplexity)
	}
	if len(stepsOf(events)) < 15 {
		t.Errorf("got steps %v, want all in order", stepsOf(events))
	}
	if _, err := Resume(context.Background(), run.Dir); err == nil || !strings.Contains(err.Error(), "is finished") {
		t.Errorf("got error %v, want a finished run to be refused", err)
	}
}

// TestPretrainingIsSteeredAndGoesOnWithTheSameLosses pauses a run, makes one step, stops it, and resumes
// it.
func TestPretrainingIsSteeredAndGoesOnWithTheSameLosses(t *testing.T) {
	want := stepsOf(eventsOf(pretrained(t, pretrainOptions(t))))
	run := steered(t, pretrainOptions(t))
	again, err := Resume(context.Background(), run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := again.Wait(); err != nil || done.Stopped {
		t.Fatalf("got %+v (%v), want the run to come to its end", done, err)
	}
	if got := stepsOf(eventsOf(again)); !slices.Equal(got, want) {
		t.Errorf("got losses %v, want %v", got, want)
	}
}

// steered pauses a run, lets it make one step, asks for what it cannot do, and stops it.
func steered(t *testing.T, o PretrainOptions) *Run {
	t.Helper()
	run, err := StartPretraining(context.Background(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	run.Wheel.Pause()
	steps := 0
	heard(t, run, func(e Event) bool {
		if _, ok := e.(Step); ok {
			steps++
		}
		s, ok := e.(Steered)
		return ok && s.Action == "pause"
	})
	run.Wheel.StepOnce()
	heard(t, run, func(e Event) bool { s, ok := e.(Step); return ok && s.Step == steps+1 })
	run.Wheel.SetLR(1)
	run.Wheel.Stop()
	heard(t, run, func(e Event) bool { n, ok := e.(Note); return ok && strings.Contains(n.Text, "lr refused") })
	if done, err := run.Wait(); err != nil || !done.Stopped || done.Steps != steps+1 {
		t.Fatalf("got %+v (%v), want a stop after step %d", done, err, steps+1)
	}
	return run
}

// heard waits for an event.
func heard(t *testing.T, run *Run, is func(Event) bool) {
	t.Helper()
	for cursor := 0; !run.Log.Done(cursor); {
		<-run.Log.Wait(cursor)
		events, next := run.Log.Since(cursor)
		if slices.ContainsFunc(events, is) {
			return
		}
		cursor = next
	}
	t.Fatal("the run ended before what was waited for")
}

// TestAKilledPretrainingTellsNoStepTwice takes a folder as it was when its process was killed.
func TestAKilledPretrainingTellsNoStepTwice(t *testing.T) {
	want := stepsOf(eventsOf(pretrained(t, pretrainOptions(t))))
	o := pretrainOptions(t)
	ctx, cancel := context.WithCancel(context.Background())
	o.ReportEvery = 1
	run, err := StartPretraining(ctx, o, func(p PretrainProgress) {
		if p.Step == 7 {
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = run.Wait()
	path := filepath.Join(run.Dir, eventsFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	extra := `{"type":"step","step":8,"epoch":1,"loss":` + fmt.Sprint(float64(want[7])) + `}` + "\n" // told, and lost with the process
	enginetest.Write(t, path, string(data)+extra+`{"type":"st`)
	again, err := Resume(context.Background(), run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := stepsOf(eventsOf(again)); !slices.Equal(got, want) {
		t.Errorf("got losses %v, want %v", got, want)
	}
}
