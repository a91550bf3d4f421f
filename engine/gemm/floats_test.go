package gemm

import "testing"

func TestFloatsAreZerosOfAnyNumber(t *testing.T) {
	for _, n := range []int{0, 1, largePage/2 - 1, largePage / 2, largePage + 12345} {
		x := Floats(n)
		if len(x) != n {
			t.Fatalf("got %d values, want %d", len(x), n)
		}
		for i, v := range x {
			if v != 0 {
				t.Fatalf("value %d of %d: got %v, want 0", i, n, v)
			}
		}
		for i := range x {
			x[i] = 1 // every page can be written
		}
	}
}
