package gemm

// Blocks of C: a worker's unit of work.
const (
	blockRows   = 96  // rows of A that a worker packs at once: 96 x 256 floats stay in L2
	blockPanels = 24  // at most 768 columns, so that the block is in L2 for Finish
	minPanels   = 4   // splitting columns further costs more in packing A than it gives
	minRows     = 24  // and splitting rows further more in reading B
	blocksEach  = 3   // blocks per worker that make up for uneven speed
	lastRows    = 24  // rows of the last blocks, so that workers end at about the same time
	finelyEach  = 12  // the same where A is a tile at most: nothing is lost by cutting B finely then
	serialFlops = 1e6 // products below this are not worth waking a worker

	directPanels = 4   // with so few panels, packing A costs more than it gives
	conflict     = 512 // but rows 2 KiB apart would push each other out of the first cache
)

// A blockJob is one product cut into blocks, kept so that run is made once.
type blockJob struct {
	c, a      Matrix
	b         *Packed
	c0        int // column of C where b starts
	o         Options
	rows      int // rows of a block
	panels    int // panels of a block
	rowBlocks int
	whole     int  // blocks of that size; those behind them have lastRows rows
	direct    bool // read A where it lies
	run       func(lo, hi int)
}

func newBlockJob() *blockJob {
	j := new(blockJob)
	j.run = func(lo, hi int) {
		s := scratches.Get()
		for i := lo; i < hi; i++ {
			j.block(i, s)
		}
		scratches.Put(s)
	}
	return j
}

// runBlocks computes the columns of C from c0 that meet b.
func runBlocks(c, a Matrix, b *Packed, c0 int, o Options) {
	j := blockJobs.Get()
	j.c, j.a, j.b, j.c0, j.o = c, a, b, c0, o
	workers := Workers()
	if o.Serial || 2*float64(c.Rows)*float64(b.n)*float64(b.k) < serialFlops {
		workers = 1
	}
	n := j.end(j.cut(workers), workers)
	j.direct = b.format == float32s && (c.Rows <= tileRows || j.panels <= directPanels && a.Stride%conflict != 0)
	if workers == 1 {
		j.run(0, n)
	} else {
		share(n, 1, j.run)
	}
	j.c, j.a, j.b, j.o = Matrix{}, Matrix{}, nil, Options{}
	blockJobs.Put(j)
}

// cut chooses the size of a block and returns how many there are.
func (j *blockJob) cut(workers int) int {
	all := j.b.panels()
	j.rows, j.panels = blockRows, min(all, blockPanels)
	blocks := func() int {
		j.rowBlocks = (j.c.Rows + j.rows - 1) / j.rows
		return j.rowBlocks * ((all + j.panels - 1) / j.panels)
	}
	each, least := blocksEach, minPanels
	if j.c.Rows <= tileRows {
		each, least = finelyEach, 1
	}
	for workers > 1 && blocks() < each*workers {
		switch {
		case j.panels > least:
			j.panels = (j.panels + 1) / 2
		case j.rows > minRows:
			j.rows /= 2
		default:
			return blocks()
		}
	}
	return blocks()
}

// end cuts the last of n blocks, one for each worker but no more than a quarter, into low ones and
// returns how many blocks there are then.
func (j *blockJob) end(n, workers int) int {
	j.whole = n
	last := min(workers, n/4, j.rowBlocks)
	if workers == 1 || last == 0 || j.rows <= lastRows {
		return n
	}
	j.whole -= last
	left := j.c.Rows - (j.rowBlocks-last)*j.rows
	return j.whole + (left+lastRows-1)/lastRows
}

// place is the rows and the panels of block i.
func (j *blockJob) place(i int) (r0, r1, p0, p1 int) {
	rows, low := j.rows, 0
	if i >= j.whole {
		i, rows, low = j.whole, lastRows, i-j.whole
	}
	r0, p0 = i%j.rowBlocks*j.rows+low*lastRows, i/j.rowBlocks*j.panels
	return r0, min(r0+rows, j.c.Rows), p0, min(p0+j.panels, j.b.panels())
}

// block computes block i of C and calls Finish on it.
func (j *blockJob) block(i int, s *scratch) {
	r0, r1, p0, p1 := j.place(i)
	steps, deep := j.b.steps(), j.b.format.depth()
	for from, to := p0, p1; from < p1; from = to {
		if j.c.Rows == 1 || j.direct && j.c.Rows <= tileRows {
			to = from + 1 // a whole panel at a time: it is one stretch of memory
		}
		for k0 := 0; k0 < steps; k0 += deep {
			kc := min(deep, steps-k0)
			if !j.direct {
				j.packA(s, r0, r1, k0, kc)
			}
			for p := from; p < to; p++ {
				j.panel(s, r0, r1, k0, kc, p)
			}
		}
	}
	if j.o.Finish != nil {
		j.o.Finish(r0, r1, j.c0+p0*panelCols, min(j.c0+p1*panelCols, j.c0+j.b.n))
	}
}

// packA packs rows [r0, r1) of A, kc steps from k0, into the worker's scratch.
func (j *blockJob) packA(s *scratch, r0, r1, k0, kc int) {
	if j.b.format != float32s {
		j.packPairs(s, r0, r1, k0, kc)
		return
	}
	s.down, s.step = 1, tileRows
	packTiles(s.a, j.a.View(r0, r1, k0, k0+kc), 0, kc)
}

// packPairs is packA for rows rounded to bfloat16.
func (j *blockJob) packPairs(s *scratch, r0, r1, k0, kc int) {
	f := j.b.format
	if need := blockRows * kc; len(s.a) < need {
		s.a = make([]float32, need)
	}
	for r := r0; r < r1; r += tileRows {
		a := j.a.View(r, min(r+tileRows, r1), k0*f.rows(), min((k0+kc)*f.rows(), j.b.k))
		s.down, s.step = packRowsBF16(f, s.a[(r-r0)*kc:], a)
	}
}

// panel adds kc steps from k0 to the tiles of rows [r0, r1) in panel p of C.
func (j *blockJob) panel(s *scratch, r0, r1, k0, kc, p int) {
	b := j.b.panel(k0, kc, p)
	n := min(panelCols, j.b.n-p*panelCols)
	t, kernel := &s.tile, j.b.format.kernel()
	*t = tile{kc: kc, b: b, bStep: panelCols, aDown: s.down, aStep: s.step,
		alpha: j.o.alpha(), add: k0 > 0 || j.o.Accumulate}
	if j.direct {
		t.aDown, t.aStep = j.a.steps()
	}
	for r := r0; r < r1; r += tileRows {
		t.m = min(tileRows, r1-r)
		if j.direct {
			t.a = j.a.Data[j.a.index(r, k0):]
		} else {
			t.a = s.a[(r-r0)*kc:]
		}
		t.c, t.cStep = j.c.Data[r*j.c.Stride+j.c0+p*panelCols:], j.c.Stride
		if n == panelCols {
			kernel(t)
		} else {
			t.narrow(n, &s.edge, kernel)
		}
	}
}

// A scratch is what one worker needs besides registers.
type scratch struct {
	a    []float32                     // packed rows of A
	down int                           // how far apart rows are there
	step int                           // and steps along K
	tile tile                          // here, because the kernel is called through a pointer
	edge [tileRows * panelCols]float32 // a tile that reaches over C's right border

	panel [depth * panelCols]float32 // of B, for a thin product
}

func newScratch() *scratch {
	return &scratch{a: make([]float32, blockRows*depth)}
}

// Everything a product needs is kept between products.
var (
	slabs     = Stock[Packed]{Fresh: func() *Packed { return new(Packed) }}
	packJobs  = Stock[packJob]{Fresh: newPackJob}
	blockJobs = Stock[blockJob]{Fresh: newBlockJob}
	scratches = Stock[scratch]{Fresh: newScratch}
)
