package engine

import (
	"fmt"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/task"
)

// publishedHeads are the names that transformers gives, by family and kind, to heads that compute
// what ours do. Under them its classes for sequence classification open our checkpoints.
var publishedHeads = map[string]map[string]string{
	"roberta mlp":  {"classifier.weight": "classifier.out_proj.weight", "classifier.bias": "classifier.out_proj.bias"},
	"xlnet linear": {"classifier.weight": "logits_proj.weight", "classifier.bias": "logits_proj.bias"},
}

// newHead makes the head of a task on the model, or says why it cannot. dropout is of no account for
// predictions.
func (m *Model) newHead(tk task.Task, kind, pool string, dropout float64) (task.Head, error) {
	h, err := tk.NewHead(task.HeadOptions{
		Kind: kind, Pool: pool, Width: m.Shape().Width, Layers: m.Shape().Layers, Dropout: float32(dropout), Names: publishedHeads[m.family.Name+" "+kind],
		Output: m.output(),
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return h, nil
}

// Fits says that a recipe's task and head can be trained on a kind of data with the model, which may
// be nil: one that is not known yet is taken for one that can do everything.
func (m *Model) Fits(r Recipe, data datasets.Kind) bool {
	o := task.HeadOptions{Kind: r.Head, Layers: 1, Output: &task.Output{}}
	if m != nil {
		o.Layers, o.Output = m.Shape().Layers, m.output()
	}
	return task.Fits(r.Task, data, o)
}

// output is the model's own output layer, nil where it has none.
func (m *Model) output() *task.Output {
	s, speaks := m.bb.(backbone.Speaker)
	if !speaks {
		return nil
	}
	o := s.Output()
	return &task.Output{Family: m.family.Name, Words: o.Words, Act: o.Act, Eps: o.Eps, Causal: o.Causal}
}

// forTask is the model as a task's own programs are built on it.
func (m *Model) forTask() task.Backbone {
	s := m.Shape()
	bb := task.Backbone{
		Tokenizer: m.tok, Layers: s.Layers, Positions: s.Positions,
		Build: func(b *nn.Builder) task.Features { return featuresOf(m.bb, b) },
	}
	if c, causal := m.bb.(backbone.Continuer); causal {
		bb.Continue = func(b *nn.Builder, caches []*op.KV) task.Features { return offer(m.bb, b, c.BuildOn(b, caches)) }
	}
	return bb
}

// featuresOf adds a backbone to a program.
func featuresOf(bb backbone.Backbone, b *nn.Builder) task.Features { return offer(bb, b, bb.Build(b)) }

func offer(bb backbone.Backbone, b *nn.Builder, hidden backbone.Hidden) task.Features {
	return task.Features{
		Tokens:  hidden.Last,
		Words:   hidden.All[0],
		Summary: func(pool string) *nn.Node { return bb.Summary(b, hidden, op.Pooling(pool)) },
	}
}

// pooling is how a head turns a text into one vector, "" for one that reads all tokens.
func pooling(h task.Head) string {
	if p, ok := h.(task.Pooled); ok {
		return p.Pooling()
	}
	return ""
}

// usedLayers are the layers of a backbone below h: without a pooler that it does not read.
func usedLayers(bb backbone.Backbone, h task.Head) []nn.Layer {
	pooled := op.Pooling(pooling(h)) == op.PoolFirst
	var used []nn.Layer
	for _, l := range bb.Layers() {
		if l.Kind != "pooler" || pooled {
			used = append(used, l)
		}
	}
	return used
}
