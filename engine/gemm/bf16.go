package gemm

import (
	"fmt"
	"math"
)

// A format is how a Packed holds its values.
type format int

// Formats. Products of the last two are the same to the last bit, as long as no sum is smaller
// than 2^-126, which VDPBF16PS makes zero. A product of two bfloat16 values is exact in float32,
// and that instruction adds the odd one of two neighbours first, then the even one, rounding after
// each: a float32 kernel does the same when neighbours change places.
const (
	float32s format = iota
	pairs           // two neighbours along K as bfloat16 in the 32 bits of one value
	rounded         // float32 values that are bfloat16, neighbours along K exchanged
)

// pairKernels are the loops of bfloat16 products on a machine with VDPBF16PS.
type pairKernels struct {
	tile func(t *tile)
	// round writes rows x cols values of src, rows stride apart, as rows of pairs, width apart.
	round func(dst []float32, width int, src []float32, stride, rows, cols int)
	// zip writes rows x cols values of src, rows stride apart, as rows/2 rows of pairs, each of
	// one column, width apart.
	zip func(dst []float32, width int, src []float32, stride, rows, cols int)
}

// BF16 says what computes bfloat16 products: "avx512-bf16", or "rounded" where float32 kernels
// multiply rounded values, which gives the same numbers and saves no time.
func BF16() string {
	if FastBF16() {
		return "avx512-bf16"
	}
	return "rounded"
}

// FastBF16 says that bfloat16 products take less time than those of float32.
func FastBF16() bool { return current.pairs != nil }

// MulBF16 is Mul with the values of A and B rounded to bfloat16 and sums in float32.
func MulBF16(c, a, b Matrix, o Options) {
	if a.Cols != b.Rows || c.Cols != b.Cols {
		panic(fmt.Sprintf("gemm: C %dx%d = A %dx%d times B %dx%d does not fit", c.Rows, c.Cols, a.Rows, a.Cols, b.Rows, b.Cols))
	}
	mul(c, a, b, bf16Format(), o)
}

// PackBF16 copies b, rounded to bfloat16, into packed order: MulPacked with it is MulBF16.
func PackBF16(b Matrix) *Packed {
	p := new(Packed)
	p.RepackBF16(b)
	return p
}

// RepackBF16 is Repack for a B rounded to bfloat16.
func (p *Packed) RepackBF16(b Matrix) {
	b.check("B")
	p.format = bf16Format()
	p.pack(b, false)
}

func bf16Format() format {
	if current.pairs != nil {
		return pairs
	}
	return rounded
}

// steps is how many values of a column of a packed matrix with k rows stand one after the other.
func (f format) steps(k int) int {
	switch f {
	case pairs:
		return (k + 1) / 2
	case rounded:
		return (k + 1) / 2 * 2
	}
	return k
}

// depth is how many of those lie between two visits to a tile of C: 512 rows in bfloat16.
func (f format) depth() int {
	if f == rounded {
		return 2 * depth
	}
	return depth
}

// kernel computes a tile of C.
func (f format) kernel() func(t *tile) {
	if f == pairs {
		return current.pairs.tile
	}
	return current.tile
}

// rows is how many rows of B make one step.
func (f format) rows() int {
	if f == pairs {
		return 2
	}
	return 1
}

// RoundBF16 is x rounded to the nearest bfloat16, to even on a tie. As in the processor, numbers
// below 2^-126 become zero.
func RoundBF16(x float32) float32 {
	const exponent, fraction, quiet = 0x7f800000, 0x007fffff, 0x00400000
	bits := math.Float32bits(x)
	switch {
	case bits&exponent == 0:
		bits &= 1 << 31
	case bits&exponent == exponent && bits&fraction != 0:
		bits |= quiet
	default:
		bits += 0x7fff + bits>>16&1
	}
	return math.Float32frombits(bits &^ 0xffff)
}

// pair is two values in the 32 bits of one, the even neighbour below.
func pair(even, odd float32) float32 {
	return math.Float32frombits(math.Float32bits(RoundBF16(even))>>16 | math.Float32bits(RoundBF16(odd)))
}
