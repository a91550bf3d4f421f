package engine

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// A stage is what Progress events say of one, from its first word to its last.
type stage struct {
	name  string
	total int
}

// watched fits a recipe with a word about every part of a stage; hear may end the context.
func watched(t *testing.T, ctx context.Context, r Recipe, dir string, hear func(Event)) error {
	t.Helper()
	f, err := createFolder(dir, r)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	tr := newTrainer(r, f, nil, &Wheel{}, func(e Event) {
		if _, passing := e.(Progress); !passing {
			if err := f.append(e); err != nil {
				t.Fatal(err)
			}
		}
		hear(e)
	})
	tr.beat = 0
	_, err = tr.fit(ctx)
	return err
}

func TestStagesTellHowFarTheyAre(t *testing.T) {
	var stages []stage
	var last Progress
	err := watched(t, context.Background(), smallRecipe(t), filepath.Join(t.TempDir(), "run"), func(e Event) {
		p, ok := e.(Progress)
		if !ok {
			return
		}
		if p.Done < 1 || p.Done > p.Total {
			t.Errorf("got %+v, want from 1 to the total", p)
		}
		if s := (stage{p.Stage, p.Total}); p.Stage != last.Stage || p.Done <= last.Done {
			stages = append(stages, s)
		}
		last = p
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tokenising", "reading weights", "evaluating"} {
		if !slices.ContainsFunc(stages, func(s stage) bool { return s.name == want }) {
			t.Errorf("got the stages %v, want %s among them", stages, want)
		}
	}
	if last.Stage != "evaluating" || last.Done != last.Total {
		t.Errorf("got %+v as the last word, want the end of an evaluation", last)
	}
}

// TestQuickStagesAreNotToldOf has a stage of many parts that is over before its first word is due.
func TestQuickStagesAreNotToldOf(t *testing.T) {
	told := 0
	tr := &trainer{beat: time.Hour, publish: func(Event) { told++ }}
	for f, i := tr.watch(t.Context(), "counting"), 1; i <= 1000; i++ {
		if err := f(i, 1000); err != nil {
			t.Fatal(err)
		}
	}
	if told != 0 {
		t.Errorf("got %d words about a stage far shorter than the beat, want none", told)
	}
}

// TestEveryStageCanBeBrokenOff cancels a run so that each stage finds it cancelled, every evaluation by
// itself. The run goes on as if nothing had happened.
func TestEveryStageCanBeBrokenOff(t *testing.T) {
	r := smallRecipe(t)
	want := losses(fitted(t, r))
	in := func(stage string) func(Event) bool {
		return func(e Event) bool { p, ok := e.(Progress); return ok && p.Stage == stage }
	}
	at := func(step int) func(Event) bool {
		return func(e Event) bool { s, ok := e.(Step); return ok && s.Step == step }
	}
	for _, c := range []struct {
		stage string
		after func(Event) bool // the event behind which the run is cancelled
		saved int              // step of the checkpoint, 0 for none
	}{
		{"tokenising", in("tokenising"), 0},
		{"reading weights", in("reading weights"), 0},
		{"the first evaluation", at(7), 7},
		{"the second evaluation", at(14), 14},
		{"the last evaluations", func(e Event) bool { s, ok := e.(Saved); return ok && s.Step == 14 && s.Kind == "last" }, 14},
	} {
		t.Run(c.stage, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			dir := filepath.Join(t.TempDir(), "run")
			err := watched(t, ctx, r, dir, func(e Event) {
				if c.after(e) {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("got error %v, want the run to be broken off", err)
			}
			step := 0
			if last, err := latest(filepath.Join(dir, checkpointsDir, "last")); err == nil {
				p, err := readProgress(last)
				if err != nil {
					t.Fatal(err)
				}
				step = p.Step
			}
			if step != c.saved {
				t.Errorf("got a checkpoint of step %d, want %d", step, c.saved)
			}
			run, err := Resume(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := run.Wait(); err != nil {
				t.Fatal(err)
			}
			past, _, err := reopen(dir)
			if err != nil {
				t.Fatal(err)
			}
			if got := losses(past); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
