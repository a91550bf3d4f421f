package op

import "defrost/engine/gemm"

// A Precision says in which numbers the products with a weight are computed. The weight itself, its
// gradient and the sums are float32 always.
type Precision int

// Precisions.
const (
	Float32    Precision = iota
	BF16Frozen           // bfloat16 while the weight is frozen
	BF16                 // bfloat16: forward, and the gradients of input and weight
)

// InBF16 says that products with the weight round both factors to bfloat16, as things are now.
func (w *Weight) InBF16() bool {
	return w.Precision == BF16 || w.Precision == BF16Frozen && w.Frozen()
}

// SetPrecision changes what later products are computed in.
func (w *Weight) SetPrecision(p Precision) {
	w.Precision = p
	w.Changed()
}

// multiply is  C = A W  with a part of the weight, read as a matrix with cols columns. With keep, a
// frozen weight is packed once: always in bfloat16, where the copy has half the size.
func (w *Weight) multiply(c, a gemm.Matrix, cols int, rows part, keep bool, o gemm.Options) {
	switch {
	case keep && w.Frozen():
		gemm.MulPacked(c, a, w.packedRows(cols, rows, w.InBF16()), o)
	case w.InBF16():
		gemm.MulBF16(c, a, w.rows(cols, rows), o)
	default:
		gemm.Mul(c, a, w.rows(cols, rows), o)
	}
}

// product is  C = A B  in the weight's precision, with factors that are not packed for later.
func (w *Weight) product(c, a, b gemm.Matrix, o gemm.Options) {
	if w.InBF16() {
		gemm.MulBF16(c, a, b, o)
	} else {
		gemm.Mul(c, a, b, o)
	}
}
