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
