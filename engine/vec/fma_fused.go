//go:build arm64 || ppc64 || ppc64le || riscv64 || s390x || loong64

package vec

// fma is a*b + c rounded once: the compiler fuses the two on these machines. The
// conversion keeps it from fusing c instead, where c is a product.
func fma(a, b, c float32) float32 { return a*b + float32(c) }
