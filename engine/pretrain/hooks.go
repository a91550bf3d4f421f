package pretrain

import (
	"context"
	"errors"
	"time"

	"defrost/engine/nn"
)

// Hooks let whoever started a run follow and steer it; those that are nil are left out.
type Hooks struct {
	Begun func(Begun)                   // before the first step of this session
	Step  func(p Progress, took Step)   // after every step
	Saved func(step int)                // after every checkpoint
	Obey  func(save func() error) error // before every step; it may wait, which takes no time of the run
}

// Begun is what a run is about to do.
type Begun struct {
	Layers      []nn.Layer
	Train, Held int // texts
	Step        int // that was reached before
}

// A Step is one step of the optimizer.
type Step struct {
	Tokens  int
	Norm    float64 // of the gradient, before clipping
	Seconds float64
}

// ErrStopped is what Obey returns when a person ends a run: it is measured and can go on later.
var ErrStopped = errors.New("pretrain: stopped by a person")

// obey asks before a step whether the run goes on.
func (l *learner) obey(ctx context.Context) error {
	if err := ctx.Err(); err != nil || l.o.Obey == nil {
		return err
	}
	at := time.Now()
	err := l.o.Obey(l.keep)
	l.began = l.began.Add(time.Since(at))
	return err
}

// keep writes a checkpoint of the unfinished run and says so.
func (l *learner) keep() error {
	err := l.save(false)
	if err == nil && l.o.Saved != nil {
		l.o.Saved(l.step)
	}
	return err
}

func (l *learner) tellBegun() {
	l.told = l.seen
	l.toldAt = l.seconds()
	if l.o.Begun != nil {
		l.o.Begun(Begun{Layers: l.layers(), Train: len(l.stream.texts), Held: len(l.held), Step: l.step})
	}
}

// layers are those of the network, with the output layer where it is one of its own.
func (l *learner) layers() []nn.Layer {
	layers := l.bb.Layers()
	if own := l.obj.params(); len(own) > 0 {
		layers = append(layers, nn.Layer{Name: "output", Kind: "head", Params: own})
	}
	return layers
}

// tellStep tells of the step that was made last.
func (l *learner) tellStep(loss float64, measured bool) {
	now := l.seconds()
	if l.o.Step != nil {
		l.o.Step(l.progress(loss, measured), Step{Tokens: l.seen - l.told, Norm: l.norm, Seconds: now - l.toldAt})
	}
	l.told, l.toldAt = l.seen, now
}

// tellMeasured tells of a measurement without a step.
func (l *learner) tellMeasured() {
	if l.o.Step != nil {
		l.o.Step(l.progress(0, true), Step{})
	}
}
