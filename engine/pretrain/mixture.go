package pretrain

import (
	"math"
	"math/rand/v2"
	"sort"
)

// A placed is a text's place in a stream.
type placed struct {
	at           float64
	source, text int
}

// place shuffles one reading of a source, the epoch-th, into the stream: the larger its share, the
// closer its texts lie.
func (s *Source) place(all []placed, source, epoch int, rng *rand.Rand) []placed {
	n := len(s.Sentences)
	share := math.Sqrt(float64(n))
	for i, j := range rng.Perm(n) {
		all = append(all, placed{(float64(epoch*n+i) + rng.Float64()) / share, source, j})
	}
	return all
}

// Mixture shuffles the sources into one stream as Mix does and cuts the same held texts off, but
// keeps the proportions until the largest source runs out: the others begin again meanwhile, in
// another order. A long run would else end on the largest file alone and forget the rest.
func Mixture(corpus []Source, seed uint64, held int) (train, dev []string) {
	rng := rand.New(rand.NewPCG(seed, 0xc0))
	var all []placed
	most := 0
	for i := range corpus {
		all = corpus[i].place(all, i, 0, rng)
		most = max(most, len(corpus[i].Sentences))
	}
	end := math.Sqrt(float64(most))
	byPlace := func(i, j int) bool { return all[i].at < all[j].at }
	sort.SliceStable(all, byPlace)
	held = min(held, len(all)/10)
	out := map[[2]int]bool{}
	for _, p := range all[:held] {
		out[[2]int{p.source, p.text}] = true
		dev = append(dev, corpus[p.source].Sentences[p.text])
	}
	for i := range corpus {
		for epoch := 1; float64(epoch)*math.Sqrt(float64(len(corpus[i].Sentences))) < end; epoch++ {
			all = corpus[i].place(all, i, epoch, rng)
		}
	}
	sort.SliceStable(all, byPlace)
	for _, p := range all {
		if p.at < end && !out[[2]int{p.source, p.text}] {
			train = append(train, corpus[p.source].Sentences[p.text])
		}
	}
	return train, dev
}
