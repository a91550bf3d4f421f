package vec

import (
	"hash/fnv"
	"testing"
)

// grid is values that are the same on every machine: no float arithmetic that
// a compiler might fuse.
func grid(n int, seed uint32) []float32 {
	x := make([]float32, n)
	for i := range x {
		seed = seed*1664525 + 1013904223
		x[i] = float32(int32(seed)>>8) * 0x1p-21
	}
	return x
}

func TestResultsHaveTheSameBitsOnEveryMachine(t *testing.T) {
	const n, want = 333, uint64(0xe05785642a795390)
	eachISA(t, func(t *testing.T) {
		h := fnv.New64a()
		for _, op := range operations {
			if op.name == "LogSumExp" {
				continue // the logarithm is the standard library's
			}
			s := make([][]float32, op.n)
			for i := range s {
				s[i] = grid(n, uint32(i))
			}
			for _, x := range append(s, op.run(s)) {
				for _, v := range x {
					b := bits(v)
					h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
				}
			}
		}
		if got := h.Sum64(); got != want {
			t.Errorf("checksum got %#x, want %#x", got, want)
		}
	})
}
