package engine

import (
	"context"
	"fmt"
	"slices"

	"defrost/datasets"
	"defrost/engine/task"
)

// ProbeOptions say which layers are probed with what.
type ProbeOptions struct {
	Backbone  string
	Data      string
	Table          // how the data is read
	Scratch   bool // fresh weights: what a layer knows before it has learnt anything
	Limit     int  // training examples, 0 for all
	MaxLength int  // tokens of a text, 0 for what suits the backbone
	Seed      int64
}

// A LayerProbe is what a linear classifier makes of the states of one layer.
type LayerProbe struct {
	Layer   string  `json:"layer"`
	Penalty float64 `json:"penalty"` // L2, chosen on a fifth of the training examples
	Dev     Measure `json:"dev"`
	Test    Measure `json:"test"`
	Both    Measure `json:"both"` // dev and test together
}

// Probed is what the layers of a backbone know about a data set. Nothing was chosen by its dev or test
// examples.
type Probed struct {
	Backbone string       `json:"backbone"`
	Data     string       `json:"data"`
	Task     string       `json:"task"`
	Metric   string       `json:"metric"`
	Examples Counts       `json:"examples"`
	Layers   []LayerProbe `json:"layers"`
	Best     string       `json:"best"` // layer with the best figure on dev and test together
	Mix      MixProbe     `json:"mix"`
}

// A MixProbe is a classifier on a learnt average of all layers, as ELMo's (Peters et al. 2018).
type MixProbe struct {
	LayerProbe
	Shares []Number `json:"shares"` // softmax(s), one for each layer
}

// ProbeLayers trains a linear classifier on the frozen states of every layer of a backbone (Alain and
// Bengio 2017): on the mean over a text for labels, on the first token of each word for tags. States
// are computed once. It is synchronous and writes nothing.
func ProbeLayers(ctx context.Context, o ProbeOptions) (Probed, error) {
	p, err := newProber(ctx, o)
	if err != nil {
		return Probed{}, err
	}
	for _, s := range []*probeSplit{&p.train, &p.dev, &p.test} {
		if err := p.read(ctx, s); err != nil {
			return Probed{}, err
		}
	}
	p.standardise()
	return p.all(ctx, Probed{
		Backbone: o.Backbone, Data: o.Data, Task: p.task.Name(), Metric: p.task.Primary(),
		Examples: Counts{len(p.data.Train), len(p.data.Dev), len(p.data.Test)},
	})
}

// all probes layer by layer, then their mix.
func (p *prober) all(ctx context.Context, out Probed) (Probed, error) {
	var best Number
	for k, name := range p.layers {
		l, _, err := p.probe(ctx, []int{k})
		if err != nil {
			return out, err
		}
		l.Layer = name
		if out.Layers = append(out.Layers, l); k == 0 || Better(out.Metric, l.Both.Value, best) {
			out.Best, best = name, l.Both.Value
		}
	}
	every := make([]int, len(p.layers))
	for k := range every {
		every[k] = k
	}
	l, fit, err := p.probe(ctx, every)
	if err != nil {
		return out, err
	}
	l.Layer = "mix"
	out.Mix.LayerProbe = l
	out.Mix.Shares = sharesOf(fit.s)
	return out, nil
}

// penalties are the strengths of L2 that a probe chooses from, on standardised states.
var penalties = []float64{1e-3, 1e-2, 1e-1, 1}

// probe fits a classifier on some layers: the penalty is chosen on every fifth training example, then
// all of them are learnt from.
func (p *prober) probe(ctx context.Context, layers []int) (LayerProbe, *linearProbe, error) {
	var l LayerProbe
	learn, check := p.train.halves()
	best := 0.0
	for i, penalty := range penalties {
		if err := ctx.Err(); err != nil {
			return l, nil, fmt.Errorf("probe: %w", err)
		}
		fit := newLinearProbe(p.width, p.classes(), len(layers))
		fit.learn(p.train.states(layers), learn, penalty)
		if cost := fit.cost(p.train.states(layers), check); i == 0 || cost < best {
			l.Penalty, best = penalty, cost
		}
	}
	fit := newLinearProbe(p.width, p.classes(), len(layers))
	fit.learn(p.train.states(layers), p.train.gold, l.Penalty)
	dev, test := p.lines(&p.dev, p.data.Dev, layers, fit), p.lines(&p.test, p.data.Test, layers, fit)
	l.Dev, l.Test, l.Both = p.judge(dev), p.judge(test), p.judge(slices.Concat(dev, test))
	return l, fit, nil
}

// judge is the figure of the task with its interval; the zero Measure without examples.
func (p *prober) judge(list []PredictionLine) Measure {
	if len(list) == 0 {
		return Measure{}
	}
	return statistics(p.task.Primary(), list)[0].measure(len(list), resamples)
}

// lines are the predictions about a split.
func (p *prober) lines(s *probeSplit, examples []datasets.Example, layers []int, fit *linearProbe) []PredictionLine {
	scores := fit.scores(s.states(layers))
	var list []PredictionLine
	for _, said := range s.batches {
		n := said.rows * p.classes()
		predicted := p.task.Read(task.Said{Items: said.items, Batch: said.batch, Out: [][]float32{scores[:n]}, Head: p.head})
		scores = scores[n:]
		for i, it := range said.items {
			c := p.task.Show(examples[it.Example], predicted[i])
			list = append(list, PredictionLine{Gold: c.Gold, Predicted: c.Predicted, Detail: c.Detail})
		}
	}
	return list
}
