package datasets

import (
	"maps"
	"slices"
)

// join adds a further set to the training part: the whole of a single file, of a folder or a set
// that ships its training part. Examples that stand in d's own dev, test or hard part are left out,
// so that those still say what was learnt.
func (d *Dataset) join(name string, o Options) error {
	o.Also, o.Limit, o.DevShare, o.TestShare = "", 0, -1, -1
	more, err := o.open(name)
	switch {
	case err != nil:
		return err
	case more.Kind != d.Kind:
		return &Problem{File: name, Found: string(more.Kind) + " examples", Expected: string(d.Kind) + " examples as in " + d.Name}
	case len(more.Train) == 0:
		return &Problem{File: name, Found: "no training examples", Expected: "some to join those of " + d.Name}
	}
	judged := map[uint64]bool{}
	for _, p := range []Part{Dev, Test, Hard} {
		for i := range d.Part(p) {
			judged[d.Part(p)[i].key(false)] = true
		}
	}
	all := len(more.Train)
	fresh := slices.DeleteFunc(more.Train, func(e Example) bool { return judged[e.key(false)] })
	if left := all - len(fresh); left > 0 {
		d.Problems = append(d.Problems, Problem{File: name, Found: count(left, "example") + " that " + d.Name + " is judged on", Expected: "others; they are left out"})
	}
	d.Train = append(slices.Clip(d.Train), fresh...)
	d.Problems, d.Skipped = append(d.Problems, more.Problems...), d.Skipped+more.Skipped
	labels := map[string]bool{}
	for _, l := range append(slices.Clone(d.Labels), more.Labels...) {
		labels[l] = true
	}
	d.Labels = slices.Sorted(maps.Keys(labels))
	return nil
}
