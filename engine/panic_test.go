package engine

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/task"
)

// fuse is how many batches a fragile task collates before it panics; below 1 it never does.
var fuse atomic.Int32

// A fragile task classifies, and has a bug.
type fragile struct{ task.Task }

func (f fragile) Collate(items []task.Item) *batch.Batch {
	if fuse.Add(-1) == 0 {
		panic("a bug in the engine")
	}
	return f.Task.Collate(items)
}

func init() {
	task.Register(task.Kind{
		Name: "fragile", Data: []datasets.Kind{datasets.Classify},
		New: func(d *datasets.Dataset, o task.Options) (task.Task, error) {
			t, err := task.New("classify", d, o)
			return fragile{t}, err
		},
	})
}

// TestPanicInARunKeepsItsFolder lets a run panic before its first step, in the middle of an epoch and
// in an evaluation. What is on disk is read afterwards and gone on with.
func TestPanicInARunKeepsItsFolder(t *testing.T) {
	r := smallRecipe(t)
	r.Task = "fragile"
	fuse.Store(0)
	want := losses(fitted(t, r))
	for _, c := range []struct {
		where       string
		batches     int32 // that go well
		steps, last int   // in the log, and of the checkpoint that is there; 0 for none
	}{
		{"its first step", 0, 0, 0}, {"an epoch", 4, 4, 0}, {"an evaluation", 7, 7, 0}, {"its second epoch", 10, 9, 7},
	} {
		t.Run("in "+c.where, func(t *testing.T) {
			fuse.Store(c.batches + 1)
			run, err := Start(context.Background(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "runs", "fragile-01")})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = run.Wait(); err == nil || !strings.Contains(err.Error(), "panic: a bug in the engine") {
				t.Fatalf("got error %v, want the panic", err)
			}
			list, err := Store{filepath.Dir(run.Dir)}.List()
			if err != nil || len(list) != 1 || list[0].Finished || !strings.HasPrefix(list[0].Failed, "fit: panic: a bug") || list[0].Steps != c.steps {
				t.Fatalf("got %+v (%v), want a run that failed after %d steps", list, err, c.steps)
			}
			if dir, err := latest(filepath.Join(run.Dir, checkpointsDir, "last")); c.last > 0 {
				if p, err := readProgress(dir); err != nil || p.Step != c.last {
					t.Errorf("got a checkpoint of step %d (%v), want %d", p.Step, err, c.last)
				}
			} else if err == nil {
				t.Errorf("got a checkpoint in %s, want none so early", dir)
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
			if got := losses(past); len(got) != len(want) || got[len(got)-1] != want[len(want)-1] {
				t.Errorf("got %d numbers that end with %v, want the %d of a run without the bug, which end with %v", len(got), got[len(got)-1], len(want), want[len(want)-1])
			}
		})
	}
}
