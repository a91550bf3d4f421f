package gemm

import (
	"hash/fnv"
	"math"
	"runtime"
	"testing"
)

// grid is values that are the same on every machine: no float arithmetic that
// a compiler might fuse.
func grid(n int, seed uint32) []float32 {
	x := make([]float32, n)
	for i := range x {
		seed = seed*1664525 + 1013904223
		x[i] = float32(int32(seed)>>8) * 0x1p-22
	}
	return x
}

func TestProductHasTheSameBitsOnEveryMachine(t *testing.T) {
	const m, n, k, want = 31, 45, 300, uint64(0xb80a38a9d71e6f91)
	for _, isa := range ISAs() {
		if isa == "portable" && runtime.GOARCH != "arm64" {
			continue // rounds twice where the compiler does not fuse
		}
		c := grid(m*n, 3)
		restore := Use(isa)
		Mul(Of(c, m, n), Of(grid(m*k, 1), m, k), Of(grid(k*n, 2), n, k).T(), Options{Accumulate: true, Alpha: 0.7})
		restore()
		if got := checksum(c); got != want {
			t.Errorf("%s: checksum got %#x, want %#x", isa, got, want)
		}
	}
}

func TestBF16ProductHasTheSameBitsOnEveryMachine(t *testing.T) {
	const m, n, k, want = 31, 45, 1301, uint64(0xb48b5ce30a4c22d2)
	for _, isa := range ISAs() {
		c := grid(m*n, 3)
		restore := Use(isa)
		MulBF16(Of(c, m, n), Of(grid(m*k, 1), m, k), Of(grid(k*n, 2), n, k).T(), Options{Accumulate: true})
		restore()
		if got := checksum(c); got != want {
			t.Errorf("%s: checksum got %#x, want %#x", isa, got, want)
		}
	}
}

// checksum depends on every bit of x.
func checksum(x []float32) uint64 {
	h := fnv.New64a()
	for _, v := range x {
		b := math.Float32bits(v)
		h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	return h.Sum64()
}
