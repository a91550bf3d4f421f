package engine

import (
	"os"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// bytesPerFloat is the size of every number the engine keeps.
const bytesPerFloat = 4

// memory accounts for a run's memory: weights of all layers; gradients and moments of what learns;
// activations of the largest batches; what is remembered of a frozen prefix. Sparse tables count
// by the pages that training can touch.
func (t *trainer) memory() Memory {
	trainable, total := count(t.layers)
	moments := 2
	if t.r.Optimizer == "sgd" {
		moments = 1
	}
	learning := bytesPerFloat * t.touched()
	m := Memory{
		Weights: bytesPerFloat * total, Gradients: learning, Optimizer: moments * learning,
		Activations: t.activations(), Prefix: t.prefixBytes(),
	}
	if t.r.Average > 0 {
		m.Optimizer += bytesPerFloat * trainable
	}
	m.Process = programBytes + m.Total()*gcPercent/100
	return m
}

// programBytes is what a process holds besides the numbers of a run: code that is touched, text and
// tokens, the kernels' packing buffers.
const programBytes = 56 << 20

// touched is the number of values whose gradient and moments come to lie in memory: all of a dense
// parameter, of word embeddings the pages that hold a row of the training text.
func (t *trainer) touched() int {
	n := 0
	for _, l := range t.layers {
		for _, p := range l.Params {
			switch {
			case p.Frozen():
			case l.Kind == "embeddings" && len(p.Shape) == 2 && p.Shape[0] == t.model.Shape().Vocabulary:
				n += touchedPages(p, t.items.train)
			default:
				n += p.Len()
			}
		}
	}
	return n
}

// touchedPages is the number of values on the pages of a table that rows of items' tokens lie on.
func touchedPages(p *nn.Param, items []task.Item) int {
	perPage := os.Getpagesize() / bytesPerFloat
	pages := map[int]bool{}
	for _, it := range items {
		for _, id := range it.Sequence.IDs {
			for at := int(id) * p.Shape[1]; at < (int(id)+1)*p.Shape[1]; at += perPage {
				pages[at/perPage] = true
			}
			pages[((int(id)+1)*p.Shape[1]-1)/perPage] = true
		}
	}
	return min(len(pages)*perPage, p.Len())
}

// arenaPercent is the arena over what its kernels keep: buffers fit loosely (measured: 15 to 25%).
const arenaPercent = 120

// activations is the size of the arenas of a transformer's training and evaluation programs. The
// largest batch is that of the longest texts, since batches are formed by length.
func (t *trainer) activations() int {
	lengths := slices.Sorted(slices.Values(t.lengths))
	longest := lengths[len(lengths)-1]
	tokens := 0
	for _, n := range lengths[max(0, len(lengths)-t.r.Batch):] {
		tokens += n
	}
	s := t.model.Shape()
	floats := liveLayers(t.layers)*keptPerLayer(s, tokens, longest) + passing(s, tokens) + passing(s, t.evalTokens())
	return bytesPerFloat * floats / 100 * arenaPercent
}

// liveLayers is the number of encoder layers that keep activations: from the lowest thawed layer up.
func liveLayers(layers []nn.Layer) int {
	live, started := 0, false
	for _, l := range layers {
		started = started || !l.Frozen()
		if started && l.Kind == "encoder" {
			live++
		}
	}
	return live
}

// keptPerLayer is the floats a layer keeps until its backward pass. Per token: query, key and value
// (3H), context, projection, sum and norm (4H), feed-forward before and after its activation (2I),
// projection, sum and norm (3H); per head a row of probabilities.
func keptPerLayer(s backbone.Shape, tokens, longest int) int {
	return tokens * (10*s.Width + 2*s.FFN + s.Heads*longest)
}

// passing is the floats in flight outside what is kept: a layer without gradients reuses the
// buffers of the one below.
func passing(s backbone.Shape, tokens int) int {
	return tokens * (7*s.Width + s.FFN)
}

// evalTokens is the size of the largest batch of an evaluation.
func (t *trainer) evalTokens() int {
	most := 0
	for _, items := range [][]task.Item{t.items.dev, t.items.test, t.items.hard} {
		for _, at := range evalBatches(items, evalTokensOf(t.task)) {
			n := 0
			for _, i := range at {
				n += len(items[i].Sequence.IDs)
			}
			most = max(most, n)
		}
	}
	return most
}

// prefixBytes is the memory of a frozen prefix: one row per token below the lowest thawed layer,
// one per example when only the head learns and pooling is frozen too.
func (t *trainer) prefixBytes() int {
	if !t.r.Cache || !t.layers[0].Frozen() {
		return 0
	}
	rows := 0
	for _, n := range t.lengths {
		rows += n
	}
	if liveLayers(t.layers) == 0 && pooling(t.head) != "" {
		rows = len(t.lengths)
	}
	return min(bytesPerFloat*rows*t.model.Shape().Width, prefixBudget)
}
