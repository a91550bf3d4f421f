package engine

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/gemm"
)

// shuffle puts the values of every loaded tensor into random order. Means, variances and outliers
// stay as pre-training left them and what it knows is gone: the control group between pre-trained
// and fresh weights.
func (m *Model) shuffle(seed int64) {
	params := backbone.Params(m.bb)
	gemm.Parallel(len(params), 1, func(lo, hi int) {
		for _, p := range params[lo:hi] {
			if !slices.Contains(m.report.Fresh, p.Name) {
				shuffleValues(p.Name, p.Value, seed)
				p.Changed()
			}
		}
	})
}

// shuffleValues orders values by chance; the order depends on the seed and the tensor's name alone.
func shuffleValues(name string, values []float32, seed int64) {
	h := fnv.New64a()
	h.Write([]byte(name))
	rng := rand.New(rand.NewPCG(uint64(seed), h.Sum64()))
	rng.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
}
