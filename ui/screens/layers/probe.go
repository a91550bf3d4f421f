package layers

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// settle is how long a recipe stays as it is before its epoch is timed, so that moving the freeze
// line over ten layers does not start ten measurements.
const settle = 700 * time.Millisecond

// probes are the measured epochs, by what they depend on.
type probes struct {
	seconds map[engine.Recipe]float64
	now     engine.Recipe // being measured, the zero Recipe for none
	failed  map[engine.Recipe]error
	cancel  context.CancelFunc
}

type (
	probeDueMsg struct{ key engine.Recipe }
	probedMsg   struct {
		key     engine.Recipe
		seconds float64
		err     error
	}
)

// probeKey leaves out of a recipe what does not change the time of a step.
func probeKey(r engine.Recipe) engine.Recipe {
	return engine.Recipe{
		Backbone: r.Backbone, Data: r.Data, Also: r.Also, Task: r.Task, Text: r.Text, Pair: r.Pair, Label: r.Label, Limit: r.Limit,
		Train: r.Train, Freeze: r.Freeze,
		Gradual: r.Gradual, Scratch: r.Scratch, Head: r.Head, Pool: r.Pool, Batch: r.Batch, MaxLength: r.MaxLength,
		Optimizer: r.Optimizer, Precision: r.Precision,
	}
}

// probeSoon asks for a measurement once the recipe has settled.
func (m *Model) probeSoon() tea.Cmd {
	key := probeKey(m.session.Recipe)
	if _, known := m.probes.seconds[key]; known || m.session.NoProbe || m.session.Budget == nil || m.probes.failed[key] != nil {
		return nil
	}
	return tea.Tick(settle, func(time.Time) tea.Msg { return probeDueMsg{key} })
}

// probe times an epoch when that is still wanted: the recipe is the same, the screen is looked at,
// and no run needs the machine.
func (m *Model) probe(msg probeDueMsg) tea.Cmd {
	s := m.session
	if msg.key != probeKey(s.Recipe) || msg.key == m.probes.now || s.Top != "Layers" || s.Training() || s.Model == nil || s.Data == nil {
		return nil
	}
	m.probes.cancel()
	ctx, cancel := context.WithCancel(s.Context())
	m.probes.cancel, m.probes.now = cancel, msg.key
	model, data, r := s.Model, s.Data, s.Recipe
	return func() tea.Msg {
		took, err := engine.Probe(ctx, model, data, r)
		if err == nil && took == 0 {
			err = context.Canceled
		}
		return probedMsg{msg.key, took, err}
	}
}

// probed keeps a measurement; one that was given up is forgotten.
func (m *Model) probed(msg probedMsg) tea.Cmd {
	if m.probes.now == msg.key {
		m.probes.now = engine.Recipe{}
	}
	switch {
	case errors.Is(msg.err, context.Canceled):
		return m.probeSoon()
	case msg.err != nil:
		if m.probes.failed == nil {
			m.probes.failed = map[engine.Recipe]error{}
		}
		m.probes.failed[msg.key] = msg.err
	default:
		m.probes.seconds[msg.key] = msg.seconds
	}
	return nil
}
