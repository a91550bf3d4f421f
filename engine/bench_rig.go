package engine

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/optim"
)

// benchSpecs are the freeze plans of the modes. A language model's head is the frozen embeddings: in
// mode head only the norm below it learns.
var benchSpecs = map[string]optim.Spec{"all": "all", "last2": "last:2", "last1": "last:1", "head": "last:0"}

// A rig is one configuration ready to step.
type rig struct {
	bb     backbone.Backbone
	top    *head.Classifier // nil for a language model
	words  *head.LM
	layers []nn.Layer
	train  *nn.Program
	groups []optim.Group
	opt    optim.Optimizer
	batch  *batch.Batch
	labels []int32 // of a language model
	step   int
}

func newRig(m *Measurement) (*rig, error) {
	shape := benchShapes[m.Config]
	bb, err := shape.backbone()
	if err != nil {
		return nil, err
	}
	setPrecision(bb, m.Precision)
	r := &rig{bb: bb, batch: shape.batch(m.Batch, m.Seq), layers: bb.Layers()}
	r.putHead(shape)
	if err := r.freeze(m.Mode); err != nil {
		return nil, err
	}
	if r.opt, err = optim.New("adamw", optim.Options{WeightDecay: 0.01}); err != nil {
		return nil, err
	}
	r.train, err = r.program(true)
	return r, err
}

// putHead adds what the shape is trained with: two classes, or the next word.
func (r *rig) putHead(s benchShape) {
	const classes = 2
	switch s.family {
	case "gpt2":
		r.labels = nextTokens(r.batch)
		r.words = head.NewCausalLM(r.bb.(backbone.Speaker).Output().Words)
		return
	case "elmo":
		r.top = head.NewClassifier("linear", r.bb.Shape().Width, classes, 0) // the mix has dropout of its own
	default:
		r.top = head.NewClassifier("linear", r.bb.Shape().Width, classes, 0.1)
	}
	top := r.top.Layer()
	for _, p := range top.Params {
		p.Reset(benchSeed)
	}
	r.layers = append(r.layers, top)
}

func (r *rig) freeze(mode string) error {
	plan := optim.FreezePlan{Train: benchSpecs[mode], LR: 2e-5, HeadLR: 2e-5}
	learns, err := plan.Learns(r.layers)
	if err != nil {
		return err
	}
	optim.Apply(r.layers, learns)
	r.groups = plan.Groups(r.layers)
	return nil
}

// program is the network with its loss.
func (r *rig) program(train bool) (*nn.Program, error) {
	b := nn.NewBuilder(train)
	h := r.bb.Build(b)
	if r.words != nil {
		labels := func(*batch.Batch) []int32 { return r.labels }
		return b.Build(b.Apply(&op.LabelledMean{Labels: labels}, r.words.Costs(b, h.Last, labels)))
	}
	summary := r.bb.Summary(b, h, op.PoolFirst)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, r.top.Logits(b, summary))
	return b.Build(loss)
}

func (r *rig) close() { _ = r.train.Close() } // frees memory only

const (
	warmSteps    = 2 // run before anything is timed
	leastSteps   = 3 // are timed whatever the budget
	forwardShare = 3 // of the budget goes to what does not train
)

// repeat times f until the budget is spent.
func repeat(ctx context.Context, budget time.Duration, f func(timed bool) error) error {
	began := time.Now()
	for i := 0; i < warmSteps+leastSteps || time.Since(began) < budget; i++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if err := f(i >= warmSteps); err != nil {
			return err
		}
	}
	return nil
}

// steps trains; it returns the seconds of each step and of its clipping and update.
func (r *rig) steps(ctx context.Context, budget time.Duration) (steps, updates []float64, err error) {
	err = repeat(ctx, budget, func(timed bool) error {
		step, update, err := r.once()
		if timed {
			steps, updates = append(steps, step), append(updates, update)
		}
		return err
	})
	return steps, updates, err
}

// once makes one training step and returns its seconds and those of clipping and update.
func (r *rig) once() (step, update float64, err error) {
	began := time.Now()
	if _, err := r.train.Run(r.batch, nn.Step{Train: true, Seed: benchSeed, Step: uint64(r.step)}); err != nil {
		return 0, 0, err
	}
	ran := time.Now()
	norms := optim.Measure(r.groups)
	r.opt.Step(r.groups, 1, optim.ClipScale(norms.Global, 1))
	optim.ZeroGrad(r.groups)
	r.step++
	return time.Since(began).Seconds(), time.Since(ran).Seconds(), nil
}

// forwards times the same batch without gradients.
func (r *rig) forwards(ctx context.Context, budget time.Duration) (seconds []float64, err error) {
	eval, err := r.program(false)
	if err != nil {
		return nil, err
	}
	defer eval.Close()
	err = repeat(ctx, budget, func(timed bool) error {
		at := time.Now()
		_, err := eval.Run(r.batch, nn.Step{})
		if timed {
			seconds = append(seconds, time.Since(at).Seconds())
		}
		return err
	})
	return seconds, err
}

// allocated is the bytes that one step allocates, the median of a few.
func (r *rig) allocated() (int, error) {
	var bytes []int
	for range leastSteps {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, _, err := r.once(); err != nil {
			return 0, err
		}
		runtime.ReadMemStats(&after)
		bytes = append(bytes, int(after.TotalAlloc-before.TotalAlloc))
	}
	return median(bytes), nil
}
