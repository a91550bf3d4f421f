package engine

import (
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
)

// batches are the examples of each batch of an epoch. They depend on the texts, the batch size and
// the seed and on nothing of the backbone: runs with different tokenizers learn from the same
// examples in the same order, and their losses can be compared step by step. Of a text that is cut
// into windows, how many these are depends on the tokenizer; each is an item of its own, as long as
// its share of the text's tokens.
func (t *trainer) batches(epoch int) [][]int {
	tokens := make([]int, len(t.data.Train)) // by example
	for _, it := range t.items.train {
		tokens[it.Example] += len(it.Sequence.IDs)
	}
	extents := make([]int, len(t.items.train))
	for i, it := range t.items.train {
		extents[i] = extent(&t.data.Train[it.Example]) * len(it.Sequence.IDs) / max(tokens[it.Example], 1)
	}
	return batch.Order(extents, t.r.Batch, uint64(t.r.Seed)<<20+uint64(epoch), true)
}

// extent is how long an example is for every tokenizer alike: the words of its texts.
func extent(e *datasets.Example) int {
	n := len(e.Words)
	for _, text := range []string{e.Text, e.Pair, e.Context, e.Question, e.Target} {
		n += len(strings.Fields(text))
	}
	return n
}
