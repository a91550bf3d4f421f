package datasets

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
