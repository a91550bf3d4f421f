package engine

import (
	"context"
	"time"

	"defrost/datasets"
	"defrost/engine/optim"
	"defrost/engine/task"
)

// A Budget is what a recipe costs before it runs.
type Budget struct {
	Layers    []LayerState `json:"layers"` // the freeze map, head included
	Trainable int          `json:"trainable"`
	Total     int          `json:"total"`
	Memory    Memory       `json:"memory"`
	PerEpoch  int          `json:"per_epoch"` // steps
	Steps     int          `json:"steps"`
	Cut       float64      `json:"cut"` // share of training texts longer than max_length
}

// Plan computes the freeze map of a recipe and its cost. It reads no weights.
func Plan(m *Model, d *datasets.Dataset, r Recipe) (Budget, error) {
	t, err := sketch(m, d, r)
	if err != nil {
		return Budget{}, err
	}
	budget := Budget{
		Layers: t.states(), PerEpoch: t.perEpoch(), Steps: t.perEpoch() * r.Epochs, Cut: t.cutShare(),
		Memory: t.memory(),
	}
	budget.Trainable, budget.Total = count(t.layers)
	return budget, nil
}

// sketch is a trainer without weights: enough to see layers, groups and lengths. The model's own
// parameters are not touched.
func sketch(m *Model, d *datasets.Dataset, r Recipe) (*trainer, error) {
	own, err := m.again(d)
	if err != nil {
		return nil, err
	}
	own.setPrecision(r.Precision)
	t := &trainer{r: r, model: own, data: d}
	if t.task, err = task.New(r.Task, d, r.taskOptions()); err != nil {
		return nil, err
	}
	if err := t.putHead(); err != nil {
		return nil, err
	}
	if err := t.encodeSplits(nil); err != nil {
		return nil, err
	}
	if err := t.makeOptimizer(nil); err != nil {
		return nil, err
	}
	learns, err := t.plan.Learns(t.layers)
	if err != nil {
		return nil, err
	}
	optim.Apply(t.layers, learns)
	t.setRates()
	return t, nil
}

func (t *trainer) cutShare() float64 {
	cut := 0
	for _, it := range t.items.train {
		if it.Cut {
			cut++
		}
	}
	return float64(cut) / float64(max(len(t.items.train), 1))
}

// probeTime is how long Probe measures.
const probeTime = 2 * time.Second

// Probe trains on a copy for about two seconds and returns the seconds an epoch would take.
func Probe(ctx context.Context, m *Model, d *datasets.Dataset, r Recipe) (float64, error) {
	t, err := sketch(m, d, r)
	if err != nil {
		return 0, err
	}
	if err := t.model.Load(r.Seed, r.Scratch); err != nil {
		return 0, err
	}
	for _, p := range t.head.Layer().Params {
		p.Reset(uint64(r.Seed))
	}
	if err := t.buildTrain(); err != nil {
		return 0, err
	}
	t.publish = func(Event) {}
	t.order = t.batches(1)
	return t.timeSteps(ctx)
}

func (t *trainer) timeSteps(ctx context.Context) (float64, error) {
	began, tokens, all := time.Now(), 0, 0
	for _, n := range t.lengths {
		all += n
	}
	for i := 0; i < len(t.order) && time.Since(began) < probeTime && ctx.Err() == nil; i++ {
		if i == 1 {
			began, tokens = time.Now(), 0 // the first step warms caches up
		}
		if err := t.learn(t.order[i], 1); err != nil {
			return 0, err
		}
		for _, j := range t.order[i] {
			tokens += t.lengths[j]
		}
	}
	if tokens == 0 || ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return time.Since(began).Seconds() * float64(all) / float64(tokens), nil
}

// ScheduleAt is the share of the peak learning rate that step, from 0, of a recipe uses.
func ScheduleAt(r Recipe, step, steps int) float64 {
	return optim.Schedule{Kind: r.Schedule, Warmup: r.Warmup, Steps: steps}.Factor(step)
}
