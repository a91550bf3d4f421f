package gemm

const (
	thinRows   = 512 // rows of C up to which a product is thin: a block of A is half the second cache
	thinPanels = 4   // panels of B between two visits to a block of A
	thinEach   = 4   // units per worker that make up for uneven speed
	thinSteps  = 64  // steps of A that a worker packs at a time, a part of a block
)

// A thinJob is a product whose C has few rows, so that packing B is a large part of it. A is packed
// once, by all workers. Then a worker packs one panel of B at a time and multiplies it at once, while
// the panel is in its own caches: nothing is written for the last level, and nobody waits in between.
type thinJob struct {
	c, a, b Matrix
	o       Options
	packed  []float32 // A: blocks of 256 steps, in them tiles of 12 rows, in them the 12 values of a step
	panels  int       // of a unit
	whole   int       // units of that size; those behind them have one panel

	pack, run func(lo, hi int)
}

func newThinJob() *thinJob {
	j := new(thinJob)
	j.pack = func(lo, hi int) {
		for i := lo; i < hi; i++ {
			j.packA(i * thinSteps)
		}
	}
	j.run = func(lo, hi int) {
		s := scratches.Get()
		for i := lo; i < hi; i++ {
			j.unit(i, s)
		}
		scratches.Put(s)
	}
	return j
}

// isThin says that C (rows, cols) is computed by a thinJob: few rows, but enough of them for a worker
// to pack B for, and more columns than A is read in place for.
func isThin(rows, cols int, f format) bool {
	return f == float32s && rows > tileRows && rows <= thinRows && cols > directPanels*panelCols
}

// mulThin computes C = A B where isThin.
func mulThin(c, a, b Matrix, o Options) {
	j := thinJobs.Get()
	j.c, j.a, j.b, j.o = c, a, b, o
	if need := j.tiles() * tileRows * b.Rows; cap(j.packed) < need {
		j.packed = Floats(need)
	}
	j.packed = j.packed[:cap(j.packed)]
	parts := (b.Rows + thinSteps - 1) / thinSteps
	all := (b.Cols + panelCols - 1) / panelCols
	j.panels = min(all, thinPanels)
	if o.Serial || 2*float64(c.Rows)*float64(b.Cols)*float64(b.Rows) < serialFlops {
		j.whole = (all + j.panels - 1) / j.panels
		j.pack(0, parts)
		j.run(0, j.whole)
	} else {
		j.panels = max(1, min(j.panels, all/(thinEach*Workers())))
		j.whole = max(0, all/j.panels-Workers()) // the last ones are small, so that workers end at about the same time
		share(parts, 1, j.pack)
		share(j.whole+all-j.whole*j.panels, 1, j.run)
	}
	j.c, j.a, j.b, j.o = Matrix{}, Matrix{}, Matrix{}, Options{}
	thinJobs.Put(j)
}

func (j *thinJob) tiles() int { return (j.c.Rows + tileRows - 1) / tileRows }

// block is the part of the packed A in the kc steps from k0, a multiple of 256.
func (j *thinJob) block(k0, kc int) []float32 {
	rows := j.tiles() * tileRows
	return j.packed[k0*rows : (k0+kc)*rows]
}

// packA packs the steps from k on.
func (j *thinJob) packA(k int) {
	k0 := k / depth * depth
	kc := min(depth, j.b.Rows-k0)
	packTiles(j.block(k0, kc), j.a.View(0, j.c.Rows, k0, k0+kc), k-k0, min(k-k0+thinSteps, kc))
}

// unit computes the columns of C that are unit i's and calls Finish on them.
func (j *thinJob) unit(i int, s *scratch) {
	first, panels := i*j.panels, j.panels
	if i >= j.whole {
		first, panels = j.whole*j.panels+i-j.whole, 1
	}
	from := first * panelCols
	to := min(from+panels*panelCols, j.b.Cols)
	for k0 := 0; k0 < j.b.Rows; k0 += depth {
		for c := from; c < to; c += panelCols {
			b := j.source(k0, c)
			packPanel(s.panel[:b.Rows*panelCols], b)
			j.multiply(s, k0, c, b, j.after(k0, c, from, to))
		}
	}
	if j.o.Finish != nil {
		j.o.Finish(0, j.c.Rows, from, to)
	}
}

// source is what a panel is packed from: up to 256 rows of B from k0 and 32 columns from c.
func (j *thinJob) source(k0, c int) Matrix {
	return j.b.View(k0, min(k0+depth, j.b.Rows), c, min(c+panelCols, j.b.Cols))
}

// after is the source of the panel that a worker packs after that at k0 and c, whose unit has the
// columns [from, to): the next columns, the next rows, or the neighbouring unit; empty at the end.
func (j *thinJob) after(k0, c, from, to int) Matrix {
	switch {
	case c+panelCols < to:
		return j.source(k0, c+panelCols)
	case k0+depth < j.b.Rows:
		return j.source(k0+depth, from)
	case to < j.b.Cols:
		return j.source(0, to)
	}
	return Matrix{}
}

// multiply adds to C's columns from c what b gives, whose packed panel is in the scratch, and asks
// for the rows that next is stored in, some with every tile.
func (j *thinJob) multiply(s *scratch, k0, c int, b, next Matrix) {
	t, a, kc := &s.tile, j.block(k0, b.Rows), b.Rows
	*t = tile{kc: kc, b: s.panel[:kc*panelCols], bStep: panelCols, aDown: 1, aStep: tileRows, cStep: j.c.Stride,
		alpha: j.o.alpha(), add: k0 > 0 || j.o.Accumulate}
	if next.Trans {
		next = next.T()
	}
	for i := range j.tiles() {
		if from, to := i*next.Rows/j.tiles(), (i+1)*next.Rows/j.tiles(); from < to {
			current.pack.ahead(next.Data[from*next.Stride:], next.Stride, to-from, next.Cols)
		}
		r := i * tileRows
		t.m, t.a, t.c = min(tileRows, j.c.Rows-r), a[r*kc:], j.c.Data[r*j.c.Stride+c:]
		if b.Cols == panelCols {
			current.tile(t)
		} else {
			t.narrow(b.Cols, &s.edge, current.tile)
		}
	}
}

var thinJobs = Stock[thinJob]{Fresh: newThinJob}
