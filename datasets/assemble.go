package datasets

import (
	"maps"
	"math"
	"slices"
	"strconv"
)

// assemble joins what the files of each part gave into a dataset and checks
// that it can be learnt from.
func assemble(name string, parts map[Part][]*harvest) (*Dataset, error) {
	d := &Dataset{Name: name, Source: name}
	agree(parts)
	var first *harvest
	for _, p := range Parts() {
		for _, h := range parts[p] {
			d.Problems = append(d.Problems, h.problems...)
			d.Skipped += h.skipped
			if first == nil {
				first, d.Kind = h, h.kind
			}
			if h.kind != d.Kind {
				if h.kind == Text { // the hidden test part of a competition
					d.Problems = append(d.Problems, Problem{File: h.file, Found: "no labels", Expected: "labels as in " + first.file + "; the file is left out"})
					continue
				}
				return nil, &Problem{File: h.file, Found: string(h.kind) + " examples", Expected: string(d.Kind) + " examples as in " + first.file}
			}
			d.append(p, h.examples)
		}
	}
	d.single()
	d.score()
	if d.Kind == Tag {
		d.mendTags()
	}
	d.Labels = d.labels()
	return d, d.check(first)
}

// append adds examples to part p, without a copy when they are its first.
func (d *Dataset) append(p Part, examples []Example) {
	slot := d.slot(p)
	if *slot == nil {
		*slot = examples
		return
	}
	*slot = append(*slot, examples...)
}

// each calls fn with every example of every part.
func (d *Dataset) each(fn func(*Example)) {
	for _, p := range Parts() {
		examples := d.Part(p)
		for i := range examples {
			fn(&examples[i])
		}
	}
}

// labels collects the classes of all parts.
func (d *Dataset) labels() []string {
	seen := map[string]bool{}
	d.each(func(e *Example) {
		for _, l := range labelsOf(e, d.Kind) {
			seen[l] = true
		}
	})
	return slices.Sorted(maps.Keys(seen))
}

// fewScores is up to how many different fractions are still taken for classes
// (half-star ratings).
const fewScores = 10

// score turns labels that are measurements into scores: all numbers, some not
// whole, and too many of them to be classes.
func (d *Dataset) score() {
	if d.Kind != Classify && d.Kind != Pair {
		return
	}
	seen, whole := map[string]float64{}, true
	numbers := true
	d.each(func(e *Example) {
		if _, ok := seen[e.Label]; ok || !numbers {
			return
		}
		x, err := strconv.ParseFloat(e.Label, 64)
		numbers = err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
		whole = whole && x == math.Trunc(x)
		seen[e.Label] = x
	})
	if !numbers || whole || len(seen) <= min(fewScores, d.Len()/2) {
		return
	}
	d.Kind = Regress
	d.each(func(e *Example) { e.Score, e.Label = seen[e.Label], "" })
}

// Limits on the number of classes: beyond them the column is not a label.
const (
	maxClasses    = 1000
	alwaysClasses = 20 // this many are never too many, unless every row has its own
)

// check refuses labels that nothing can be learnt from.
func (d *Dataset) check(h *harvest) error {
	switch d.Kind {
	case MultiLabel:
		return d.checkSeveral(h)
	case Classify, Pair:
	default:
		return nil
	}
	n, rows := len(d.Labels), d.Len()
	found := count(n, "different value") + " in " + count(rows, "row")
	switch {
	case n == 1:
		return &Problem{File: h.file, Column: h.labelColumn, Found: "one class only (" + quote(d.Labels[0]) + ") in " + count(rows, "row"), Expected: "2 classes or more"}
	case n > maxClasses, n > alwaysClasses && 2*n > rows, n == rows && n > 4:
		return &Problem{File: h.file, Column: h.labelColumn, Found: found, Expected: "labels that repeat"}
	}
	d.checkUnseen(h)
	return nil
}

// checkUnseen notes the classes that no training example has.
func (d *Dataset) checkUnseen(h *harvest) {
	if len(d.Train) == 0 {
		return
	}
	for i, n := range d.LabelCounts(Train) {
		if n == 0 {
			d.Problems = append(d.Problems, Problem{File: h.file, Column: h.labelColumn, Found: "no training example of class " + quote(d.Labels[i]), Expected: "at least one"})
		}
	}
}
