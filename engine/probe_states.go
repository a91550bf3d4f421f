package engine

import (
	"context"
	"fmt"
	"math"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/task"
)

// A prober is a backbone whose layers are asked about a data set.
type prober struct {
	data   *datasets.Dataset
	model  *Model
	task   task.Task
	head   task.Head // untrained: it says how scores are read
	max    int       // tokens of a text
	layers []string
	prog   *nn.Program // says the states of every layer
	width  int         // H

	train, dev, test probeSplit
}

// A probeSplit is the states of a split: a row for each text, or for each word that has a tag.
type probeSplit struct {
	examples []datasets.Example
	batches  []probeBatch
	x        [][]float32 // by layer, (R, H)
	gold     []int32     // (R), batch.Ignore for none
}

// A probeBatch is some examples and their number of rows.
type probeBatch struct {
	items []task.Item
	batch *batch.Batch
	rows  int
}

func newProber(ctx context.Context, o ProbeOptions) (p *prober, err error) {
	r, err := DefaultsFor(o.Backbone)
	if err != nil {
		return nil, err
	}
	r.Data, r.Limit, r.Seed = o.Data, o.Limit, o.Seed
	if p = (&prober{max: r.MaxLength}); o.MaxLength > 0 {
		p.max = o.MaxLength
	}
	if p.data, err = OpenData(o.Data, r.with(o.Table).DataOptions()); err != nil {
		return nil, err
	}
	if p.task, err = task.New("", p.data, task.Options{}); err != nil {
		return nil, err
	}
	if p.model, err = openFor(ctx, o.Backbone, p.data); err != nil {
		return nil, err
	}
	if positions := p.model.Shape().Positions; positions > 0 {
		p.max = min(p.max, positions)
	}
	p.train.examples, p.dev.examples, p.test.examples = p.data.Train, p.data.Dev, p.data.Test
	if err := p.model.Load(o.Seed, o.Scratch); err != nil {
		return nil, err
	}
	return p, p.build()
}

// build makes the program of all layers' states, in the form that the task reads them.
func (p *prober) build() (err error) {
	if p.head, err = p.model.newHead(p.task, "linear", string(op.PoolMean), 0); err != nil {
		return err
	}
	b := nn.NewBuilder(false)
	hidden := p.model.bb.Build(b)
	var out []*nn.Node
	for _, states := range hidden.All {
		switch p.task.(type) {
		case *task.Classify:
			out = append(out, p.model.bb.Summary(b, backbone.Hidden{All: hidden.All, Last: states}, op.PoolMean))
		case *task.Tag:
			out = append(out, b.Apply(&op.Gather{Rows: func(b *batch.Batch) []int32 { return b.Firsts }, Cols: states.Width}, states))
		default:
			return fmt.Errorf("probe: %s is for the task %s, expected data with one label for each text, or with tags", p.data.Name, p.task.Name())
		}
	}
	p.layers, p.width = stateNames(p.model.bb.Layers(), len(out)), out[0].Width
	p.prog, err = b.Build(nil, out...)
	return err
}

// stateNames are the layers that n states come from: the embeddings, then one after another.
func stateNames(layers []nn.Layer, n int) []string {
	names := []string{"embeddings"}
	for _, l := range layers {
		if l.Kind == "encoder" {
			names = append(names, l.Name)
		}
	}
	return names[:min(n, len(names))]
}

func (p *prober) classes() int { return len(p.task.Labels()) }

// read computes the states of a split.
func (p *prober) read(ctx context.Context, s *probeSplit) error {
	items := encodeAll(p.task, p.model.tok, s.examples, p.max)
	s.x = make([][]float32, len(p.layers))
	asker := examiner{model: p.model, task: p.task}
	for _, at := range evalBatches(items, evalTokens) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("probe: %w", err)
		}
		picked := pick(items, at)
		readable, err := asker.readable(picked)
		if err != nil {
			return err
		}
		b := p.model.collate(p.task, readable)
		if _, err := p.prog.Run(b, nn.Step{}); err != nil {
			return err
		}
		gold := goldOf(b)[:rowsOf(b, len(picked))]
		for k := range s.x {
			s.x[k] = append(s.x[k], p.prog.Output(k)[:len(gold)*p.width]...)
		}
		s.gold = append(s.gold, gold...)
		s.batches = append(s.batches, probeBatch{picked, b, len(gold)})
	}
	return nil
}

// goldOf are the labels of a batch's rows: tags of words, or classes.
func goldOf(b *batch.Batch) []int32 {
	if b.Spans != nil {
		return b.Tags
	}
	return b.Classes
}

// rowsOf is how many rows belong to the first n sequences.
func rowsOf(b *batch.Batch, n int) int {
	if b.Spans != nil {
		return int(b.Spans[n])
	}
	return n
}

// states are those of some layers.
func (s *probeSplit) states(layers []int) [][]float32 {
	list := make([][]float32, len(layers))
	for i, k := range layers {
		list[i] = s.x[k]
	}
	return list
}

// halves splits the labels into those to learn from and, of every fifth example, those to check by;
// what is not in a half is batch.Ignore there.
func (s *probeSplit) halves() (learn, check []int32) {
	row, example := 0, 0
	for _, b := range s.batches {
		for i := range b.items {
			for range rowsOf(b.batch, i+1) - rowsOf(b.batch, i) {
				mine, other := &learn, &check
				if example%5 == 4 {
					mine, other = other, mine
				}
				*mine, *other = append(*mine, s.gold[row]), append(*other, batch.Ignore)
				row++
			}
			example++
		}
	}
	return learn, check
}

// standardise gives every column of every layer mean 0 and deviation 1 over the training rows, so that
// layers of different scales are learnt from alike.
func (p *prober) standardise() {
	for k, x := range p.train.x {
		mean, scale := columnMoments(x, p.width)
		for _, s := range []*probeSplit{&p.train, &p.dev, &p.test} {
			for i := range s.x[k] {
				c := i % p.width
				s.x[k][i] = (s.x[k][i] - mean[c]) * scale[c]
			}
		}
	}
}

// columnMoments are the means of columns of (R, h) and what brings their deviations to 1; constant
// columns become 0.
func columnMoments(x []float32, h int) (mean, scale []float32) {
	sum, squares := make([]float64, h), make([]float64, h)
	n := float64(max(1, len(x)/h))
	for i, v := range x {
		sum[i%h] += float64(v) / n
	}
	for i, v := range x {
		d := float64(v) - sum[i%h]
		squares[i%h] += d * d / n
	}
	mean, scale = make([]float32, h), make([]float32, h)
	for c := range mean {
		mean[c] = float32(sum[c])
		if deviation := math.Sqrt(squares[c]); deviation > 1e-6 {
			scale[c] = float32(1 / deviation)
		}
	}
	return mean, scale
}
