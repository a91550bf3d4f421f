package datasets

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// stream is the second half of the seed of every shuffle here, so that they
// do not repeat those of the training loop under the same seed.
const stream = 0x5d4c3b2a

// order returns the given indices of examples, shuffled so that every prefix
// and every stretch holds the labels in about their overall shares: example i
// of the n of its label stands at i/n, and ties are broken by chance.
func (d *Dataset) order(examples []Example, indices []int, seed int64) []int {
	rng := rand.New(rand.NewPCG(uint64(seed), stream))
	total, seen := map[string]int{}, map[string]int{}
	for _, i := range indices {
		total[stratum(&examples[i], d.Kind)]++
	}
	type place struct {
		at    float64
		tie   uint32
		index int
	}
	places := make([]place, len(indices))
	for to, from := range rng.Perm(len(indices)) {
		i := indices[from]
		s := stratum(&examples[i], d.Kind)
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

// stratum is the group whose share is kept: the class, if there is one.
func stratum(e *Example, k Kind) string {
	switch {
	case k == Classify || k == Pair:
		return e.Label
	case k == QA && e.Impossible:
		return "impossible"
	}
	return ""
}

// deal moves shares of the training examples into the dev and test parts, the
// same for the same seed. Examples with equal input, and questions about one
// paragraph, stay together. Running text is cut in its order. A part with a
// share gets at least one example when there are three or more.
func (d *Dataset) deal(dev, test float64, seed int64) {
	if len(d.Train) < 3 {
		return
	}
	leaders, leader := d.groups()
	ranked := leaders
	if d.Kind != Text {
		ranked = d.order(d.Train, leaders, seed)
	}
	nDev, nTest := shareOf(len(leaders), dev), shareOf(len(leaders), test)
	part := make(map[int]Part, nDev+nTest) // of the leaders that leave
	for rank := len(ranked) - nTest - nDev; rank < len(ranked); rank++ {
		part[ranked[rank]] = Dev
		if rank >= len(ranked)-nTest {
			part[ranked[rank]] = Test
		}
	}
	kept := d.Train[:0]
	for i, e := range d.Train {
		if p, leaves := part[leader[i]]; leaves {
			slot := d.slot(p)
			*slot = append(*slot, e)
		} else {
			kept = append(kept, e)
		}
	}
	clear(d.Train[len(kept):])
	d.Train = kept
}

// groups returns the first training example of every group, and for each
// example the first one of its group.
func (d *Dataset) groups() (leaders, leader []int) {
	first := make(map[uint64]int, len(d.Train))
	leader = make([]int, len(d.Train))
	for i := range d.Train {
		k := d.Train[i].key(d.Kind == QA)
		at, ok := first[k]
		if !ok {
			at = i
			first[k] = i
			leaders = append(leaders, i)
		}
		leader[i] = at
	}
	return leaders, leader
}

// shareOf is the nearest whole number to n*share, at least one of three.
func shareOf(n int, share float64) int {
	if share <= 0 || n < 3 {
		return 0
	}
	return max(1, int(float64(n)*share+0.5))
}

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

// A Leak is one input that two parts share: examples First of part From and
// Second of part To.
type Leak struct {
	From, To      Part
	First, Second int // indices into the parts
}

// Leaks finds inputs that occur in two parts; case and spacing do not count.
// The earlier part (train, dev, test, hard) is From.
func (d *Dataset) Leaks() []Leak {
	type place struct {
		part  Part
		index int
	}
	seen := make(map[uint64]place, d.Len())
	var leaks []Leak
	for _, p := range Parts() {
		examples := d.Part(p)
		for i := range examples {
			k := examples[i].key(false)
			if at, ok := seen[k]; !ok {
				seen[k] = place{p, i}
			} else if at.part != p {
				leaks = append(leaks, Leak{at.part, p, at.index, i})
			}
		}
	}
	return leaks
}
