package engine

import (
	"context"
	"fmt"
	"time"
)

// obey answers a person's requests between two steps, and waits while the run is paused.
func (t *trainer) obey(ctx context.Context) error {
	if err := t.cancelled(ctx); err != nil {
		return err
	}
	return t.answer(ctx, t.wheel.take())
}

// cancelled saves before giving up, so that the run can be resumed where it is.
func (t *trainer) cancelled(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	if err := t.saveLast(); err != nil {
		return err
	}
	return fmt.Errorf("fit: stopped at step %d, `defrost resume %s` goes on: %w", t.step, t.folder.dir, ctx.Err())
}

func (t *trainer) answer(ctx context.Context, asked []request) error {
	once := false
	for i, r := range asked {
		if err := t.perform(r); err != nil {
			return err
		}
		switch r.action {
		case "resume":
			t.stepping = false
		case "step":
			t.stepping, once = true, true
		case "pause":
			return t.wait(ctx, asked[i+1:])
		}
	}
	if t.stepping && !once {
		return t.wait(ctx, nil)
	}
	return nil
}

// perform grants one request and says so, or says why not.
func (t *trainer) perform(r request) error {
	value, err := t.grant(r)
	if err != nil {
		t.emit(Note{Step: t.step, Text: err.Error()})
		return nil
	}
	t.emit(Steered{Step: t.step, Action: r.action, Value: value})
	if r.action == "stop" {
		return errStopped
	}
	return nil
}

// grant does what one request asks, apart from pausing and stopping.
func (t *trainer) grant(r request) (string, error) {
	switch r.action {
	case "lr":
		if r.factor <= 0 {
			return "", fmt.Errorf("learning rate %g refused, expected a number above 0", r.factor)
		}
		t.progress.LR = Number(r.factor)
		t.setRates()
		return fmt.Sprintf("%g", r.factor), nil
	case "freeze", "thaw":
		return r.layer, t.force(r.layer, r.action == "thaw")
	case "save":
		return "", t.saveLast()
	case "rewind":
		return t.rewind(r.kind)
	}
	return "", nil
}

// force freezes or thaws one layer from the next step on.
func (t *trainer) force(layer string, thaw bool) error {
	known := false
	for _, l := range t.layers {
		known = known || l.Name == layer
	}
	if !known {
		return fmt.Errorf("layer %q refused, expected one of the freeze map", layer)
	}
	before, had := t.progress.Forced[layer]
	t.progress.Forced[layer] = thaw
	epoch := t.step/t.perEpoch() + 1
	if err := t.thaw(epoch); err != nil {
		delete(t.progress.Forced, layer)
		if had {
			t.progress.Forced[layer] = before
		}
		return err
	}
	t.emit(Thawed{Step: t.step, Epoch: epoch, Layers: t.states(), Why: "person"})
	return nil
}

// wait holds the run until it may go on: resume, one step, or stop.
func (t *trainer) wait(ctx context.Context, asked []request) error {
	began := time.Now()
	defer func() { t.paused += time.Since(began) }()
	for {
		for i, r := range asked {
			switch r.action {
			case "resume":
				t.stepping = false
				t.emit(Steered{Step: t.step, Action: "resume"})
				return t.answer(ctx, asked[i+1:])
			case "step":
				t.stepping = true
				t.emit(Steered{Step: t.step, Action: "step"})
				return nil
			case "pause":
			default:
				if err := t.perform(r); err != nil {
					return err
				}
			}
		}
		select {
		case <-ctx.Done():
			return t.cancelled(ctx)
		case <-t.wheel.asking():
			asked = t.wheel.take()
		}
	}
}
