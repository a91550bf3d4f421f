package gemm

// largePage is the size from which large pages pay: one of them.
const largePage = 2 << 20

// Floats returns n zeros, on large pages where the system has them and n is large: a product reads
// matrices faster than the processor can look up small ones.
func Floats(n int) []float32 {
	x := make([]float32, n)
	if 4*n >= 2*largePage {
		adviseLargePages(x)
	}
	return x
}
