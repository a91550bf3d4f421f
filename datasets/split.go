package datasets

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
