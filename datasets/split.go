package datasets

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// stream is the second half of the seed of every shuffle here, so that they
// do not repeat those of the training loop under the same seed.
const stream = 0x5d4c3b2a

// order returns the indices of examples shuffled so that every prefix and
// every stretch holds the labels in about their overall shares: example i of
// the n of its label stands at i/n, and ties are broken by chance.
func order(examples []Example, k Kind, seed int64) []int {
	rng := rand.New(rand.NewPCG(uint64(seed), stream))
	total, seen := map[string]int{}, map[string]int{}
	for i := range examples {
		total[stratum(&examples[i], k)]++
	}
	at, tie := make([]float64, len(examples)), make([]uint32, len(examples))
	shuffled := rng.Perm(len(examples))
	for _, i := range shuffled {
		s := stratum(&examples[i], k)
		at[i] = float64(seen[s]) / float64(total[s])
		tie[i] = rng.Uint32()
		seen[s]++
	}
	slices.SortStableFunc(shuffled, func(a, b int) int {
		return cmp.Or(cmp.Compare(at[a], at[b]), cmp.Compare(tie[a], tie[b]))
	})
	return shuffled
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

// group is what must stay in one part: questions about one paragraph, and
// examples with equal input.
func group(e *Example, k Kind) string {
	if k == QA {
		return e.Context
	}
	return e.key()
}

// deal moves shares of the training examples into the dev and test parts, the
// same for the same seed. Running text is cut in its order. A part with a
// share gets at least one example when there are three or more.
func (d *Dataset) deal(dev, test float64, seed int64) {
	if len(d.Train) < 3 {
		return
	}
	all := d.Train
	leaders, followers := d.groups(all)
	ranked := order(leaders, d.Kind, seed)
	if d.Kind == Text {
		slices.Sort(ranked)
	}
	nDev, nTest := shareOf(len(leaders), dev), shareOf(len(leaders), test)
	part := make([]Part, len(leaders))
	for rank, i := range ranked {
		switch {
		case rank >= len(ranked)-nTest:
			part[i] = Test
		case rank >= len(ranked)-nTest-nDev:
			part[i] = Dev
		default:
			part[i] = Train
		}
	}
	d.Train = nil
	for i, e := range all {
		slot := d.slot(part[followers[i]])
		*slot = append(*slot, e)
	}
}

// groups returns the first example of every group, and for each example the
// index of its group.
func (d *Dataset) groups(examples []Example) (leaders []Example, member []int) {
	index := make(map[string]int, len(examples))
	member = make([]int, len(examples))
	for i := range examples {
		g := group(&examples[i], d.Kind)
		at, ok := index[g]
		if !ok {
			at = len(leaders)
			index[g] = at
			leaders = append(leaders, examples[i])
		}
		member[i] = at
	}
	return leaders, member
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
	for _, i := range order(d.Train, d.Kind, seed)[:max(n, 0)] {
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
	seen := make(map[string]place, d.Len())
	var leaks []Leak
	for _, p := range Parts() {
		examples := d.Part(p)
		for i := range examples {
			k := examples[i].key()
			if at, ok := seen[k]; !ok {
				seen[k] = place{p, i}
			} else if at.part != p {
				leaks = append(leaks, Leak{at.part, p, at.index, i})
			}
		}
	}
	return leaks
}
