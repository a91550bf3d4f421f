package datasets

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Subset returns the dataset with n of its training examples (all of them when
// n is larger), chosen so that labels keep their shares and that subsets are
// nested: the first 50 of 100 are the same 50. The other parts are shared with
// d, so that results on them can be compared.
func (d *Dataset) Subset(n int, seed int64) *Dataset {
	s := *d
	if n >= len(d.Train) {
		return &s
	}
	s.Train = make([]Example, 0, max(n, 0))
	all := make([]int, len(d.Train))
	for i := range all {
		all[i] = i
	}
	for _, i := range d.order(d.Train, all, seed)[:max(n, 0)] {
		s.Train = append(s.Train, d.Train[i])
	}
	return &s
}

// stream is the second half of the seed of every shuffle here, so that they
// do not repeat those of the training loop under the same seed.
const stream = 0x5d4c3b2a

// order returns the given indices of examples, shuffled so that every prefix
// and every stretch holds the labels in about their overall shares: example i
// of the n of its label stands at i/n, and ties are broken by chance.
func (d *Dataset) order(examples []Example, indices []int, seed int64) []int {
	rng := rand.New(rand.NewPCG(uint64(seed), stream))
	total, seen := map[string]int{}, map[string]int{}
	stratum := d.strata(examples, indices)
	for _, i := range indices {
		total[stratum(&examples[i])]++
	}
	type place struct {
		at    float64
		tie   uint32
		index int
	}
	places := make([]place, len(indices))
	for to, from := range rng.Perm(len(indices)) {
		i := indices[from]
		s := stratum(&examples[i])
		places[to] = place{float64(seen[s]) / float64(total[s]), rng.Uint32(), i}
		seen[s]++
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.tie, b.tie))
	})
	ordered := make([]int, len(places))
	for i, p := range places {
		ordered[i] = p.index
	}
	return ordered
}

// strata tells the group of an example whose share is kept: its class, if there
// is one, and of several labels the one that the fewest examples have (the idea
// of Sechidis, Tsoumakas and Vlahavas 2011: frequent labels spread by themselves).
func (d *Dataset) strata(examples []Example, indices []int) func(*Example) string {
	have := map[string]int{}
	if d.Kind == MultiLabel {
		for _, i := range indices {
			for _, l := range examples[i].Labels {
				have[l]++
			}
		}
	}
	return func(e *Example) string {
		switch {
		case d.Kind == Classify || d.Kind == Pair:
			return e.Label
		case d.Kind == MultiLabel && len(e.Labels) > 0:
			return slices.MinFunc(e.Labels, func(a, b string) int { return cmp.Or(cmp.Compare(have[a], have[b]), cmp.Compare(a, b)) })
		case d.Kind == QA && e.Impossible:
			return "impossible"
		}
		return ""
	}
}
