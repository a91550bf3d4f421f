package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sort"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/optim"
)

// A BenchOptions says what Bench measures.
type BenchOptions struct {
	Configs    []string // names of BenchConfigs; nil for all
	Modes      []string // all, last2, last1, head; nil for all
	Batch, Seq int
	Budget     time.Duration // per measurement
}

// A Measurement is the median step of one configuration in one mode, dropout 0.1, AdamW, clipping.
type Measurement struct {
	Config           string  `json:"config"`
	Mode             string  `json:"mode"`
	Batch            int     `json:"batch"`
	Seq              int     `json:"seq"`
	Threads          int     `json:"threads"`
	ISA              string  `json:"isa"`
	StepSeconds      float64 `json:"step_seconds"`
	ForwardSeconds   float64 `json:"forward_seconds"`  // the same batch without gradients
	BackwardSeconds  float64 `json:"backward_seconds"` // training pass minus forward
	OptimizerSeconds float64 `json:"optimizer_seconds"`
	TokensPerSecond  float64 `json:"tokens_per_second"`
	GFLOPS           float64 `json:"gflops"` // of the matrix products alone
	PeakRSS          int     `json:"peak_rss_bytes"`
	AllocatedPerStep int     `json:"allocated_per_step_bytes"`
	Steps            int     `json:"steps"`
}

// benchShapes are the shapes of the published models that the field measures with.
var benchShapes = map[string]struct{ layers, width, heads, ffn, vocabulary, positions int }{
	"bert-tiny": {2, 128, 2, 512, 30522, 512},
	"bert-mini": {4, 256, 4, 1024, 30522, 512},
	"minilm":    {6, 384, 12, 1536, 30522, 512},
	"bert-base": {12, 768, 12, 3072, 30522, 512},
}

// BenchConfigs lists what can be measured, smallest first.
func BenchConfigs() []string { return []string{"bert-tiny", "bert-mini", "minilm", "bert-base"} }

// BenchModes lists what can be trained, most first.
func BenchModes() []string { return []string{"all", "last2", "last1", "head"} }

// benchSpecs are the freeze plans of the modes.
var benchSpecs = map[string]optim.Spec{"all": "all", "last2": "last:2", "last1": "last:1", "head": "head"}

// Bench measures training steps on random weights and tokens of fixed shapes.
func Bench(ctx context.Context, o BenchOptions, report func(Measurement)) error {
	for _, config := range o.Configs {
		for _, mode := range o.Modes {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("bench: %w", err)
			}
			m, err := measure(ctx, config, mode, o)
			if err != nil {
				return err
			}
			report(m)
		}
	}
	return nil
}

// A rig is one configuration ready to step.
type rig struct {
	layers []nn.Layer
	train  *nn.Program
	eval   *nn.Program
	groups []optim.Group
	opt    optim.Optimizer
	batch  *batch.Batch
	step   int
}

func measure(ctx context.Context, config, mode string, o BenchOptions) (Measurement, error) {
	m := Measurement{Config: config, Mode: mode, Batch: o.Batch, Seq: o.Seq, Threads: gemm.Workers(), ISA: gemm.ISA()}
	r, err := newRig(config, mode, o)
	if err != nil {
		return m, err
	}
	runtime.GC()
	steps, forwards, updates, err := r.times(ctx, o.Budget)
	if err != nil {
		return m, err
	}
	m.Steps, m.StepSeconds, m.ForwardSeconds, m.OptimizerSeconds = len(steps), median(steps), median(forwards), median(updates)
	m.BackwardSeconds = max(0, m.StepSeconds-m.ForwardSeconds-m.OptimizerSeconds)
	m.TokensPerSecond = float64(o.Batch*o.Seq) / m.StepSeconds
	m.GFLOPS = r.flops(config, o) / m.StepSeconds / 1e9
	m.PeakRSS = peakRSS()
	m.AllocatedPerStep, err = r.allocated()
	return m, err
}

func newRig(config, mode string, o BenchOptions) (*rig, error) {
	bb, err := benchBackbone(config)
	if err != nil {
		return nil, err
	}
	spec, ok := benchSpecs[mode]
	if !ok {
		return nil, fmt.Errorf("bench: mode is %q, expected one of %v", mode, BenchModes())
	}
	top := head.NewClassifier("linear", bb.Shape().Width, 2, 0.1)
	r := &rig{layers: append(bb.Layers(), top.Layer()), batch: randomBatch(bb.Shape().Vocabulary, o)}
	for _, l := range r.layers {
		for _, p := range l.Params {
			p.Reset(7)
		}
	}
	plan := optim.FreezePlan{Train: spec, LR: 2e-5, HeadLR: 2e-5}
	learns, err := plan.Learns(r.layers)
	if err != nil {
		return nil, err
	}
	optim.Apply(r.layers, learns)
	r.groups = plan.Groups(r.layers)
	if r.opt, err = optim.New("adamw", optim.Options{WeightDecay: 0.01}); err != nil {
		return nil, err
	}
	if r.train, err = benchProgram(bb, top, true); err != nil {
		return nil, err
	}
	r.eval, err = benchProgram(bb, top, false)
	return r, err
}

func benchBackbone(config string) (backbone.Backbone, error) {
	s, ok := benchShapes[config]
	if !ok {
		return nil, fmt.Errorf("bench: config is %q, expected one of %v", config, BenchConfigs())
	}
	data, err := json.Marshal(map[string]any{
		"model_type": "bert", "vocab_size": s.vocabulary, "hidden_size": s.width, "num_hidden_layers": s.layers,
		"num_attention_heads": s.heads, "intermediate_size": s.ffn, "max_position_embeddings": s.positions,
	})
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	bb, _, err := backbone.FromConfig(data)
	return bb, err
}

func benchProgram(bb backbone.Backbone, top *head.Classifier, train bool) (*nn.Program, error) {
	b := nn.NewBuilder(train)
	logits := top.Logits(b, bb.Summary(b, bb.Build(b), op.PoolFirst))
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, logits)
	return b.Build(loss)
}

func randomBatch(vocabulary int, o BenchOptions) *batch.Batch {
	rng := rand.New(rand.NewPCG(7, 7))
	seqs := make([]batch.Sequence, o.Batch)
	classes := make([]int32, o.Batch)
	for i := range seqs {
		seqs[i].IDs = make([]int32, o.Seq)
		for j := range seqs[i].IDs {
			seqs[i].IDs[j] = int32(rng.IntN(vocabulary))
		}
		classes[i] = int32(rng.IntN(2))
	}
	b := batch.Pack(seqs)
	b.Classes = classes
	return b
}

// warmSteps run before anything is timed.
const warmSteps = 2

// times steps until the budget is spent, at least three times.
func (r *rig) times(ctx context.Context, budget time.Duration) (steps, forwards, updates []float64, err error) {
	began := time.Now()
	for i := 0; i < warmSteps+3 || time.Since(began) < budget; i++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, nil, fmt.Errorf("bench: %w", err)
		}
		step, update, err := r.once()
		if err != nil {
			return nil, nil, nil, err
		}
		at := time.Now()
		if _, err := r.eval.Run(r.batch, nn.Step{}); err != nil {
			return nil, nil, nil, err
		}
		if i >= warmSteps {
			steps, updates, forwards = append(steps, step), append(updates, update), append(forwards, time.Since(at).Seconds())
		}
	}
	return steps, forwards, updates, nil
}

// once makes one training step and returns its seconds and those of clipping and update.
func (r *rig) once() (step, update float64, err error) {
	began := time.Now()
	if _, err := r.train.Run(r.batch, nn.Step{Train: true, Seed: 7, Step: uint64(r.step)}); err != nil {
		return 0, 0, err
	}
	ran := time.Now()
	norms := optim.Measure(r.groups)
	r.opt.Step(r.groups, 1, optim.ClipScale(norms.Global, 1))
	optim.ZeroGrad(r.groups)
	r.step++
	return time.Since(began).Seconds(), time.Since(ran).Seconds(), nil
}

// allocated is the bytes that one step allocates, averaged over a few.
func (r *rig) allocated() (int, error) {
	const n = 3
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		if _, _, err := r.once(); err != nil {
			return 0, err
		}
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / n, nil
}

// flops counts two operations for every multiplication of a matrix product: forward once for every
// layer, and twice more for what is thawed and what lies above it.
func (r *rig) flops(config string, o BenchOptions) float64 {
	s := benchShapes[config]
	tokens := float64(o.Batch * o.Seq)
	layer := 2 * tokens * float64(4*s.width*s.width+2*s.width*s.ffn+2*o.Seq*s.width)
	total, live := 0.0, false
	for _, l := range r.layers {
		live = live || !l.Frozen()
		if l.Kind == "encoder" {
			total += layer
			if live {
				total += 2 * layer
			}
		}
	}
	return total
}

func median(x []float64) float64 {
	sort.Float64s(x)
	if len(x) == 0 {
		return 0
	}
	return x[len(x)/2]
}
