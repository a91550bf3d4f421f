//go:build !(arm64 || ppc64 || ppc64le || riscv64 || s390x || loong64)

package vec

import "math"

// fma is a*b + c rounded once. The product is exact in float64, so only the
// sum is rounded there; a second rounding to float32 would go wrong where the
// first one landed on a tie, and there the sum is rounded to odd instead.
func fma(a, b, c float32) float32 {
	const tie, rest = 1 << 28, 1<<29 - 1 // the bits of a float64 that float32 has not
	p := float64(a) * float64(b)
	s := p + float64(c)
	if math.Float64bits(s)&rest == tie || math.Abs(s) < 0x1p-126 {
		return float32(roundToOdd(p, float64(c), s))
	}
	return float32(s)
}

// roundToOdd is p + c, given s, the nearest float64: where s is not exact and
// its last bit is 0, the neighbour on the side of the true sum.
func roundToOdd(p, c, s float64) float64 {
	t := s - p
	lost := (p - (s - t)) + (c - t) // Knuth's two-sum
	if bits := math.Float64bits(s); lost != 0 && bits&1 == 0 {
		if (lost > 0) == (s > 0) {
			return math.Float64frombits(bits + 1)
		}
		return math.Float64frombits(bits - 1)
	}
	return s
}
