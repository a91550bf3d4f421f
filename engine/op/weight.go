package op

import (
	"defrost/engine/gemm"
)

// A Weight is one parameter as kernels see it: a value, and a gradient while it is thawed.
type Weight struct {
	Name  string    // unique within a model, as in the checkpoint
	Shape []int     // row-major
	Value []float32 // product of Shape entries
	Grad  []float32 // same length; nil while frozen

	Sparse bool // gradient touches only the rows listed in Rows (embedding tables)
	Rows   RowSet

	Precision Precision // see SetPrecision

	dense  bool // see Dense
	packed map[packedPart]*gemm.Packed
	norms  []float32 // see roundings
	losses []float32
}

// LookUp says that a lookup reads the weight: its gradient is sparse, unless it is tied.
func (w *Weight) LookUp() { w.Sparse = !w.dense }

// Dense says that an operation reads the whole weight. That holds for good: where a table is tied
// to an output layer, a later lookup does not make its gradient sparse again.
func (w *Weight) Dense() { w.dense, w.Sparse = true, false }

// Frozen says that the weight takes no gradient.
func (w *Weight) Frozen() bool { return w.Grad == nil }

// Len is the number of values.
func (w *Weight) Len() int { return len(w.Value) }

// Matrix views the weight as (rows, cols), folding leading or trailing axes.
func (w *Weight) Matrix(rows, cols int) gemm.Matrix { return gemm.Of(w.Value, rows, cols) }

// A part is some rows of a weight, transposed or not.
type part struct {
	from, to   int
	transposed bool
}

// A packedPart is a part as float32 or as bfloat16.
type packedPart struct {
	part
	bf16 bool
}

// packedRows returns some rows of the weight, read as a matrix with cols columns, as a packed
// right-hand operand. It may only be called while the weight is frozen: the packing is kept until
// Changed.
func (w *Weight) packedRows(cols int, rows part, bf16 bool) *gemm.Packed {
	key := packedPart{rows, bf16}
	if p, ok := w.packed[key]; ok {
		return p
	}
	if w.packed == nil {
		w.packed = map[packedPart]*gemm.Packed{}
	}
	pack := gemm.Pack
	if bf16 {
		pack = gemm.PackBF16
	}
	p := pack(w.rows(cols, rows))
	w.packed[key] = p
	return p
}

// rows is the part of the weight, read as a matrix with cols columns.
func (w *Weight) rows(cols int, rows part) gemm.Matrix {
	m := w.Matrix(len(w.Value)/cols, cols).View(rows.from, rows.to, 0, cols)
	if rows.transposed {
		return m.T()
	}
	return m
}

// A packing is a weight packed for one pass: the weight's own packing while it is frozen, memory
// that is filled again for every pass while it learns.
type packing struct{ own gemm.Packed }

func (k *packing) of(w *Weight, cols int, rows part) *gemm.Packed {
	if w.Frozen() {
		return w.packedRows(cols, rows, false)
	}
	k.own.Repack(w.rows(cols, rows))
	return &k.own
}

// roundings are, of each row of cols values, the norm and that of what rounding to bfloat16 takes off
// it. They are kept until Changed.
func (w *Weight) roundings(cols int) (norms, losses []float32) {
	if w.norms == nil {
		rows := len(w.Value) / cols
		w.norms, w.losses = make([]float32, rows), make([]float32, rows)
		gemm.Parallel(rows, rowGrain(cols), func(lo, hi int) {
			for r := lo; r < hi; r++ {
				whole, lost := rounding(row(w.Value, int32(r), cols))
				w.norms[r], w.losses[r] = float32(whole), float32(lost)
			}
		})
	}
	return w.norms, w.losses
}

// Changed drops packed copies after Value was written.
func (w *Weight) Changed() { w.packed, w.norms, w.losses = nil, nil, nil }

// A RowSet collects distinct row numbers in the order of their first appearance.
type RowSet struct {
	List []int32
	seen []bool
}

// Add notes row of a table with rows rows and says whether it is new.
func (s *RowSet) Add(row int32, rows int) bool {
	if s.seen == nil {
		s.seen = make([]bool, rows)
	}
	if s.seen[row] {
		return false
	}
	s.seen[row] = true
	s.List = append(s.List, row)
	return true
}

// Clear forgets all rows.
func (s *RowSet) Clear() {
	for _, r := range s.List {
		s.seen[r] = false
	}
	s.List = s.List[:0]
}
