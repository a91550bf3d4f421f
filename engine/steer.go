package engine

import (
	"sync"
)

// A Wheel carries a person's requests to a running fit, which polls it once per step. The answer
// is an event. The zero value is ready.
type Wheel struct {
	mu    sync.Mutex
	asked []request
	wake  chan struct{}
}

// A request is one thing a person wants.
type request struct {
	action string  // pause, resume, step, lr, freeze, thaw, save, rewind, stop
	factor float64 // of lr
	layer  string
	kind   string // of the checkpoint that rewind goes back to
}

// Pause stops before the next step; Resume goes on; StepOnce runs one batch and pauses again.
func (w *Wheel) Pause()    { w.ask(request{action: "pause"}) }
func (w *Wheel) Resume()   { w.ask(request{action: "resume"}) }
func (w *Wheel) StepOnce() { w.ask(request{action: "step"}) }

// Stop ends the run after the current step, with evaluation and a checkpoint.
func (w *Wheel) Stop() { w.ask(request{action: "stop"}) }

// Save writes the last checkpoint now.
func (w *Wheel) Save() { w.ask(request{action: "save"}) }

// SetLR sets the peak learning rate of the backbone; the head's keeps its ratio to it.
func (w *Wheel) SetLR(lr float64) { w.ask(request{action: "lr", factor: lr}) }

// Freeze and Thaw change whether a layer learns from the next step on.
func (w *Wheel) Freeze(layer string) { w.ask(request{action: "freeze", layer: layer}) }
func (w *Wheel) Thaw(layer string)   { w.ask(request{action: "thaw", layer: layer}) }

func (w *Wheel) ask(r request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r)
	if w.wake != nil {
		close(w.wake)
		w.wake = nil
	}
}

// take returns what was asked since the last call.
func (w *Wheel) take() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// asking returns a channel that is closed when something is asked.
func (w *Wheel) asking() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.asked) > 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	if w.wake == nil {
		w.wake = make(chan struct{})
	}
	return w.wake
}
