package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"defrost/engine/checkpoint"
)

// beat is how long a stage takes before it is told of, and the least time between two words about it:
// what is over sooner needs no bar.
const beat = 250 * time.Millisecond

// A told hears how far a stage has come, and answers with an error when it is to end. The nil told
// hears nothing.
type told func(done, total int) error

func (f told) at(done, total int) error {
	if f == nil {
		return nil
	}
	return f(done, total)
}

// watch tells of a stage in Progress events, and ends it when ctx does. A stage may come again: it
// begins where what is done falls.
func (t *trainer) watch(ctx context.Context, stage string) told {
	last, before := time.Now(), 0
	return func(done, total int) error {
		if ctx.Err() != nil {
			return fmt.Errorf("fit: stopped while %s: %w", stage, ctx.Err())
		}
		now := time.Now()
		if done <= before {
			last = now
		}
		before = done
		if t.publish != nil && now.Sub(last) >= t.beat {
			last = now
			t.publish(Progress{Stage: stage, Done: done, Total: total})
		}
		return nil
	}
}

// counted is a checkpoint whose tensors are counted while they are read.
type counted struct {
	checkpoint.Source
	told        told
	done, total int
}

// counting counts the tensors of src.
func counting(src checkpoint.Source, f told) checkpoint.Source {
	return &counted{Source: src, told: f, total: len(src.Tensors())}
}

// Read fills dst with a tensor, unless the loading is to end.
func (c *counted) Read(name string, dst []float32) error {
	c.done++
	if err := c.told.at(c.done, c.total); err != nil {
		return err
	}
	return c.Source.Read(name, dst)
}

// owe saves a run whose evaluation was broken off, so that it is made first when the run goes on.
func (t *trainer) owe(err error) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	t.progress.Owed = true
	return errors.Join(t.saveLast(), err)
}

// repay makes the evaluation that a run owes from the session before.
func (t *trainer) repay() error {
	if !t.progress.Owed {
		return nil
	}
	t.progress.Owed = false
	return t.endEpoch(t.step / t.perEpoch())
}

// epoch is the one that the next step belongs to, or the one whose evaluation is owed.
func (t *trainer) epoch() int {
	if t.progress.Owed {
		return t.step / t.perEpoch()
	}
	return t.step/t.perEpoch() + 1
}
