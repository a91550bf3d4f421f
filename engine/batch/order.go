package batch

import (
	"math/rand/v2"
	"sort"
)

// windowBatches is how many batches' worth of examples are sorted by length at a time: wide
// enough that lengths within a batch agree, narrow enough that the order stays random.
const windowBatches = 32

// Order returns the examples of each batch of one epoch. Examples are shuffled by the seed, then
// grouped by similar length within a window, so that the work of one batch is even; the order of
// the batches is shuffled again. The same seed gives the same order for any lengths that agree.
func Order(lengths []int, size int, seed uint64, shuffle bool) [][]int {
	order := make([]int, len(lengths))
	for i := range order {
		order[i] = i
	}
	if !shuffle {
		return split(order, size)
	}
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for from := 0; from < len(order); from += size * windowBatches {
		window := order[from:min(from+size*windowBatches, len(order))]
		sort.SliceStable(window, func(i, j int) bool { return lengths[window[i]] < lengths[window[j]] })
	}
	batches := split(order, size)
	rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	return batches
}

func split(order []int, size int) [][]int {
	var batches [][]int
	for from := 0; from < len(order); from += size {
		batches = append(batches, order[from:min(from+size, len(order))])
	}
	return batches
}
