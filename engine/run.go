package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"defrost/engine/gemm"
)

// A Run is a fit on disk and in memory: its events so far, and a wheel to steer it while it is
// live. A reopened run is the same type; its log is closed.
type Run struct {
	ID, Dir string
	Log     *Log
	Wheel   *Wheel
	Past    int // events of earlier sessions, which the log begins with

	running atomic.Bool
	done    chan struct{}
	result  Finished
	err     error
}

// StartOptions say where a run lives.
type StartOptions struct {
	Dir string // run folder; "" makes a new one in the default store
}

// Start checks the recipe, makes the run folder and begins to train in a goroutine of its own.
// Cancelling ctx saves a checkpoint and ends the run.
func Start(ctx context.Context, r Recipe, o StartOptions) (*Run, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	dir, err := o.folder(r)
	if err != nil {
		return nil, err
	}
	f, err := createFolder(dir, r)
	if err != nil {
		return nil, err
	}
	if err := f.writeJSON(environmentFile, environment(r)); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return begin(ctx, r, f, nil), nil
}

func (o StartOptions) folder(r Recipe) (string, error) {
	if o.Dir != "" {
		return filepath.Abs(o.Dir)
	}
	store, err := DefaultStore()
	if err != nil {
		return "", err
	}
	return store.fresh(r)
}

// Resume goes on with a run that did not finish, from its last checkpoint. A run that trains in
// another process is refused.
func Resume(ctx context.Context, dir string) (*Run, error) {
	if !isRun(dir) {
		_, _, err := reopen(dir) // says what is missing
		return nil, err
	}
	if err := promptedResume(dir); err != nil {
		return nil, err
	}
	if exists(filepath.Join(dir, pretrainingFile)) {
		return resumePretraining(ctx, dir)
	}
	f, err := keepFolder(dir)
	if err != nil {
		return nil, err
	}
	past, r, err := reopen(dir)
	if n := len(past); err == nil && n > 0 {
		if _, finished := past[n-1].(Finished); finished {
			err = fmt.Errorf("run: %s is finished", dir)
		}
	}
	if err == nil {
		err = f.open()
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return begin(ctx, r, f, past), nil
}

// OpenRun reads a run from disk without going on with it.
func OpenRun(dir string) (*Run, error) {
	past, _, err := reopen(dir)
	if err != nil {
		return nil, err
	}
	run := newRun(dir, past)
	close(run.done)
	run.Log.Close()
	for _, e := range past {
		switch e := e.(type) {
		case Finished:
			run.result, run.err = e, nil
		case Failed:
			run.err = errors.New(e.Error)
		}
	}
	return run, nil
}

func reopen(dir string) ([]Event, Recipe, error) {
	r, err := LoadRecipe(filepath.Join(dir, recipeFile))
	if err != nil {
		return nil, r, fmt.Errorf("run: %s is not a run folder: %w", dir, err)
	}
	if _, err := os.Stat(filepath.Join(dir, eventsFile)); errors.Is(err, os.ErrNotExist) {
		return nil, r, nil
	}
	past, err := readEvents(dir)
	return past, r, err
}

func newRun(dir string, past []Event) *Run {
	run := &Run{ID: runID(dir), Dir: dir, Log: NewLog(), Wheel: &Wheel{}, Past: len(past), done: make(chan struct{})}
	for _, e := range past {
		run.Log.Append(e)
	}
	return run
}

// gcPercent lets garbage grow to a tenth of what is alive: nearly all of that is weights and
// buffers, which cost the collector nothing, and twice their size would be a laptop's memory.
const gcPercent = 10

// begin trains in a goroutine of its own.
func begin(ctx context.Context, r Recipe, f *folder, past []Event) *Run {
	debug.SetGCPercent(gcPercent)
	run := newRun(f.dir, past)
	run.launch(f, func(publish func(Event)) (Finished, error) { return fit(ctx, r, f, past, run.Wheel, publish) })
	return run
}

// launch works in a goroutine that recovers: whatever happens, the log ends with Finished or Failed.
func (run *Run) launch(f *folder, work func(publish func(Event)) (Finished, error)) {
	run.running.Store(true)
	go func() {
		defer close(run.done)
		defer run.Log.Close()
		defer run.running.Store(false)
		defer f.close()
		run.result, run.err = run.tell(f, work)
	}()
}

// tell is work with its events kept, panics turned into errors and errors into a Failed event. A run
// that failed before its first event leaves no folder: there is nothing in it to go on with.
func (run *Run) tell(f *folder, work func(publish func(Event)) (Finished, error)) (done Finished, err error) {
	step, begun := 0, !f.fresh
	var writeErr error
	curves := newBoard(f.dir)
	defer curves.close()
	var publish func(Event)
	publish = func(e Event) {
		if _, passing := e.(Progress); passing {
			run.Log.Append(e)
			return
		}
		begun = true
		if s, ok := e.(Step); ok {
			step = s.Step
		}
		if err := f.append(e); err != nil && writeErr == nil {
			writeErr = err
		}
		run.Log.Append(e)
		if err := curves.follow(e, run.Log); err != nil {
			publish(Note{Step: step, Text: err.Error()})
		}
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("fit: panic: %v\n%s", p, debug.Stack())
		}
		switch {
		case err != nil && !begun:
			err = errors.Join(err, f.discard())
			run.Log.Append(Failed{Error: err.Error()})
		case err != nil:
			publish(Failed{Error: err.Error(), Step: step})
		}
	}()
	done, err = work(publish)
	return done, errors.Join(err, writeErr)
}

// Wait returns when the run has ended.
func (run *Run) Wait() (Finished, error) {
	<-run.done
	return run.result, run.err
}

// Running says that the run is training or paused.
func (run *Run) Running() bool { return run.running.Load() }

// runID is the name of a run: that of its folder.
func runID(dir string) string { return filepath.Base(dir) }

// An Environment is what a run was made with.
type Environment struct {
	Version string    `json:"version"`
	Go      string    `json:"go"`
	System  string    `json:"system"`
	CPU     string    `json:"cpu"`
	ISA     string    `json:"isa"`
	Threads int       `json:"threads"`
	Seed    int64     `json:"seed"`
	Started time.Time `json:"started"`
}

func environment(r Recipe) Environment {
	return Environment{
		Version: Version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, CPU: cpuName(),
		ISA: gemm.ISA(), Threads: gemm.Workers(), Seed: r.Seed, Started: time.Now().UTC().Truncate(time.Second),
	}
}
