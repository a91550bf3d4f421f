package gemm

// Sizes of the blocking. They are the same for every instruction set, because
// depth decides where the sum over K is broken and so the rounding.
const (
	tileRows  = 12  // rows of C in registers
	panelCols = 32  // columns of C in registers, the width of a panel of B
	depth     = 256 // steps of K between two visits to a tile of C
)

// A Packed is a matrix B (K,N) in the order in which the kernels read it: cut
// into panels of 32 columns, the last one padded with zeros; in a panel the 32
// values of one row lie side by side, rows one after the other. Packing pays
// when one B meets many A: frozen weights, recurrent weights. It is read-only.
type Packed struct {
	data   []float32
	k, n   int
	format format
}

// Pack copies b into packed order. Later changes of b do not reach the copy.
func Pack(b Matrix) *Packed {
	b.check("B")
	p := new(Packed)
	p.pack(b, false)
	return p
}

// Repack makes p the packed form of b, in the memory that p has if it is enough:
// for a B that changes with every step.
func (p *Packed) Repack(b Matrix) {
	b.check("B")
	p.format = float32s
	p.pack(b, false)
}

// Bytes is the memory that p holds.
func (p *Packed) Bytes() int { return 4 * cap(p.data) }

// Rows is K, the number of rows of the packed matrix.
func (p *Packed) Rows() int { return p.k }

// Cols is N, the number of columns of the packed matrix.
func (p *Packed) Cols() int { return p.n }

// pack makes p the packed form of b, in memory that p already has if it is enough.
func (p *Packed) pack(b Matrix, serial bool) {
	p.k, p.n = b.Rows, b.Cols
	need := p.steps() * p.panels() * panelCols
	if cap(p.data) < need {
		p.data = Floats(need)
	}
	p.data = p.data[:need]
	job := packJobs.Get()
	job.p, job.b = p, b
	if serial {
		job.run(0, p.panels())
	} else {
		Parallel(p.panels(), panelGrain(p.k), job.run)
	}
	job.p, job.b = nil, Matrix{}
	packJobs.Put(job)
}

// panelGrain is how many panels are worth a worker's while.
func panelGrain(k int) int {
	const values = 1 << 15
	return max(1, values/(panelCols*max(k, 1)))
}

// steps is how many values of a column lie in a panel: K, or pairs of them.
func (p *Packed) steps() int { return p.format.steps(p.k) }

func (p *Packed) panels() int { return (p.n + panelCols - 1) / panelCols }

// panel is the part of panel j in the kc steps from k0.
func (p *Packed) panel(k0, kc, j int) []float32 {
	at := (j*p.steps() + k0) * panelCols
	return p.data[at : at+kc*panelCols]
}

// A packJob is the packing of some panels, kept so that run is made once.
type packJob struct {
	p   *Packed
	b   Matrix
	run func(lo, hi int)
}

func newPackJob() *packJob {
	j := new(packJob)
	j.run = func(lo, hi int) {
		s := pairScratches.Get()
		steps, deep := j.p.steps(), j.p.format.depth()
		for i := lo; i < hi; i++ {
			for k0 := 0; k0 < steps; k0 += deep {
				j.panel(k0, min(deep, steps-k0), i, s)
			}
		}
		pairScratches.Put(s)
	}
	return j
}

// panel packs kc steps from k0 of panel i.
func (j *packJob) panel(k0, kc, i int, s *pairScratch) {
	f, c0 := j.p.format, i*panelCols
	b := j.b.View(k0*f.rows(), min((k0+kc)*f.rows(), j.p.k), c0, min(c0+panelCols, j.p.n))
	if f == float32s {
		packPanel(j.p.panel(k0, kc, i), b)
	} else {
		packPanelBF16(f, j.p.panel(k0, kc, i), b, s)
	}
}

// packPanel copies b (kc, n<=32) into dst (kc, 32), padding with zeros.
func packPanel(dst []float32, b Matrix) {
	if b.Cols < panelCols {
		clear(dst)
	}
	if b.Trans {
		current.pack.transpose(dst, panelCols, b.Data, b.Stride, b.Rows, b.Cols)
	} else {
		current.pack.copy(dst, panelCols, b.Data, b.Stride, b.Rows, b.Cols)
	}
}

// packTiles packs steps [from, to) of a (m, kc), tile after tile of 12 rows: step k of tile t is at
// dst[(t*kc+k)*12].
func packTiles(dst []float32, a Matrix, from, to int) {
	for r := 0; r < a.Rows; r += tileRows {
		packRows(dst[r*a.Cols+from*tileRows:], a.View(r, min(r+tileRows, a.Rows), from, to))
	}
}

// packRows copies a (m<=12, kc) into dst (kc, 12): the m values of one step
// of K lie side by side. The rest of each step is left as it is.
func packRows(dst []float32, a Matrix) {
	if a.Trans {
		current.pack.copy(dst, tileRows, a.Data, a.Stride, a.Cols, a.Rows)
	} else {
		current.pack.transpose(dst, tileRows, a.Data, a.Stride, a.Cols, a.Rows)
	}
}

// portableTranspose is the loop that the assembly replaces.
func portableTranspose(dst []float32, width int, src []float32, stride, rows, cols int) {
	for j := range cols {
		for i, v := range src[j*stride:][:rows] {
			dst[i*width+j] = v
		}
	}
}

// portableCopy is the loop that the assembly replaces.
func portableCopy(dst []float32, width int, src []float32, stride, rows, cols int) {
	for i := range rows {
		copy(dst[i*width:][:cols], src[i*stride:])
	}
}

// portableAhead reads nothing: compilers have no instruction for it.
func portableAhead([]float32, int, int, int) {}
