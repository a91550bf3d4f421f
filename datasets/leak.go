package datasets

import (
	"cmp"
	"slices"
)

// A Leak is one input that two parts share: examples First of part From and
// Second of part To.
type Leak struct {
	From, To      Part
	First, Second int // indices into the parts
}

// Leaks finds inputs that occur in two parts; case and spacing do not count.
// The earlier part (train, dev, test, hard) is From.
func (d *Dataset) Leaks() []Leak {
	keys := make([]keyed, 0, d.Len())
	for _, p := range Parts() {
		examples := d.Part(p)
		for i := range examples {
			keys = append(keys, keyed{examples[i].key(false), len(keys)})
		}
	}
	sortKeys(keys)
	var leaks []Leak
	for i, first := 0, 0; i < len(keys); i++ {
		if keys[i].key != keys[first].key {
			first = i
		}
		from, at := d.at(keys[first].index)
		if to, second := d.at(keys[i].index); to != from {
			leaks = append(leaks, Leak{from, to, at, second})
		}
	}
	order := map[Part]int{}
	for i, p := range Parts() {
		order[p] = i
	}
	slices.SortFunc(leaks, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(order[a.To], order[b.To]), cmp.Compare(a.Second, b.Second))
	})
	return leaks
}

// at is the part of the dataset's i-th example, and its index there.
func (d *Dataset) at(i int) (Part, int) {
	for _, p := range Parts() {
		if n := len(d.Part(p)); i >= n {
			i -= n
		} else {
			return p, i
		}
	}
	return "", i
}
