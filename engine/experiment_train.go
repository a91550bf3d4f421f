package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// mostTogether is how many runs train at the same time when nobody says: each needs its own memory.
const mostTogether = 4

// Train trains the runs of an experiment that was created or opened, those that are finished left as
// they stand and the others from their last checkpoints, and returns when all have ended. As many
// runs as Together train at the same time; they share the threads, and each computes what it would
// compute alone, to the last bit. began is told of every run as it begins, one call at a time; those
// that are finished already come first. When ctx ends, the runs save their checkpoints; when queue
// ends, those that train go on and no other begins.
func (e Experiment) Train(ctx, queue context.Context, began func(i int, run *Run)) error {
	if e.Path == "" {
		return errors.New("comparison: not created yet, expected one with run folders")
	}
	var waiting []int
	for i, entry := range e.Entries {
		run, err := OpenRun(entry.Dir)
		switch {
		case err != nil:
			return fmt.Errorf("comparison: %w", err)
		case run.result.Run != "":
			began(i, run)
		default:
			waiting = append(waiting, i)
		}
	}
	return e.work(ctx, queue, waiting, began)
}

// work trains the waiting runs, each of its goroutines one after the other, and waits for them.
func (e Experiment) work(ctx, queue context.Context, waiting []int, began func(int, *Run)) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	failed := make([]error, len(e.Entries))
	next := make(chan int, len(waiting))
	for _, i := range waiting {
		next <- i
	}
	close(next)
	for range min(len(waiting), e.together()) {
		all.Go(func() {
			for i := range next {
				if ctx.Err() == nil && queue.Err() == nil {
					failed[i] = e.trainOne(ctx, i, func(run *Run) {
						mu.Lock()
						defer mu.Unlock()
						began(i, run)
					})
				}
			}
		})
	}
	all.Wait()
	return errors.Join(append(failed, ctx.Err())...)
}

// trainOne goes on with a run and waits for it; a panic in began is an error.
func (e Experiment) trainOne(ctx context.Context, i int, began func(*Run)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("comparison: panic: %v\n%s", p, debug.Stack())
		}
	}()
	run, err := Resume(ctx, e.Entries[i].Dir)
	if err != nil {
		return err
	}
	began(run)
	if _, err = run.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", e.Entries[i].Name, err)
	}
	return nil
}

// together is how many runs train at the same time.
func (e Experiment) together() int {
	if e.Together > 0 {
		return e.Together
	}
	return min(Threads(), mostTogether)
}

// Trials are the runs of an experiment while they go on, for a front end that hears of them one by
// one.
type Trials struct {
	Experiment Experiment

	began chan trial
	hold  context.CancelFunc
	err   error
}

type trial struct {
	index int
	run   *Run
}

// Start trains the experiment in a goroutine; Next tells what it begins.
func (e Experiment) Start(ctx context.Context) *Trials {
	queue, hold := context.WithCancel(ctx)
	t := &Trials{Experiment: e, began: make(chan trial, len(e.Entries)), hold: hold}
	go func() {
		defer close(t.began)
		defer hold()
		t.err = e.Train(ctx, queue, func(i int, run *Run) { t.began <- trial{i, run} })
	}()
	return t
}

// Next waits for the next run to begin, those that were finished before included, and says which
// entry it belongs to. It is not ok once all have ended; err says then what failed.
func (t *Trials) Next() (index int, run *Run, ok bool, err error) {
	b, ok := <-t.began
	if !ok {
		return 0, nil, false, t.err
	}
	return b.index, b.run, true, nil
}

// Hold lets the runs that train go on and no other begin.
func (t *Trials) Hold() { t.hold() }
