package datasets

import "slices"

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
	nTest := min(shareOf(len(leaders), test), len(leaders)-1)
	nDev := min(shareOf(len(leaders), dev), len(leaders)-1-nTest)
	part := make([]byte, len(d.Train)) // of leaders: 0 stays, 1 becomes dev, 2 test
	for rank := len(ranked) - nTest - nDev; rank < len(ranked); rank++ {
		part[ranked[rank]] = 1
		if rank >= len(ranked)-nTest {
			part[ranked[rank]] = 2
		}
	}
	var leave [3]int
	for _, at := range leader {
		leave[part[at]]++
	}
	d.Dev, d.Test = slices.Grow(d.Dev, leave[1]), slices.Grow(d.Test, leave[2])
	kept := d.Train[:0]
	for i, e := range d.Train {
		switch part[leader[i]] {
		case 0:
			kept = append(kept, e)
		case 1:
			d.Dev = append(d.Dev, e)
		case 2:
			d.Test = append(d.Test, e)
		}
	}
	clear(d.Train[len(kept):])
	d.Train = kept
}

// groups returns the first training example of every group, and for each
// example the first one of its group.
func (d *Dataset) groups() (leaders, leader []int) {
	keys := make([]keyed, len(d.Train))
	for i := range d.Train {
		keys[i] = keyed{d.Train[i].key(d.Kind == QA), i}
	}
	sortKeys(keys)
	leader = make([]int, len(keys))
	for i, k := range keys {
		leader[k.index] = k.index
		if i > 0 && keys[i-1].key == k.key {
			leader[k.index] = leader[keys[i-1].index]
		}
	}
	for i, at := range leader {
		if at == i {
			leaders = append(leaders, i)
		}
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
