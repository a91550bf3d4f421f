// Package vec has the element-wise and row-wise loops of the engine: the
// functions of a network, their gradients, normalisation, the optimizer.
//
// Everything works on slices of equal length, on the calling goroutine; dst may
// be one of the inputs unless the comment says otherwise. Callers split long
// ranges with gemm.Parallel.
//
// Every implementation gives the same bits: fused multiply-adds in the same
// places, and sums in 16 lanes (element i goes to lane i mod 16) that are
// folded 8+8, 4+4, 2+2, 1+1 at the end. The portable twins, named after their
// loops, are always compiled and are what the assembly is tested against;
// gemm.Use switches both packages.
package vec

// Add is  for i := range dst { dst[i] = a[i] + b[i] }
func Add(dst, a, b []float32) { add(dst, a[:len(dst)], b[:len(dst)]) }

// AddTo is  for i := range dst { dst[i] += x[i] }
func AddTo(dst, x []float32) { add(dst, dst, x[:len(dst)]) }

// Sub is  for i := range dst { dst[i] = a[i] - b[i] }
func Sub(dst, a, b []float32) { sub(dst, a[:len(dst)], b[:len(dst)]) }

// Mul is  for i := range dst { dst[i] = a[i] * b[i] }
func Mul(dst, a, b []float32) { mul(dst, a[:len(dst)], b[:len(dst)]) }

// MulAdd is  for i := range dst { dst[i] += a[i] * b[i] }, fused.
func MulAdd(dst, a, b []float32) { mulAdd(dst, a[:len(dst)], b[:len(dst)]) }

// Axpy is  for i := range y { y[i] += alpha * x[i] }, fused.
func Axpy(alpha float32, x, y []float32) { axpy(y, x[:len(y)], alpha) }

// Scale is  for i := range x { x[i] *= alpha }
func Scale(alpha float32, x []float32) { scale(x, alpha) }

// Fill is  for i := range dst { dst[i] = v }
func Fill(dst []float32, v float32) { fill(dst, v) }

// Dot is  for i := range a { sum += a[i] * b[i] }, fused.
func Dot(a, b []float32) float32 { return dot(a, b[:len(a)]) }

// Sum is  for i := range x { sum += x[i] }
func Sum(x []float32) float32 { return sum(x) }

// SumSquares is  for i := range x { sum += x[i] * x[i] }  in float64, for the
// norm of a whole model's gradient.
func SumSquares(x []float32) float64 { return sumSquares(x) }

// Max is the largest value of x; NaN when one is NaN, -Inf when x is empty.
func Max(x []float32) float32 { return maximum(x) }

// MaxAbs is the largest magnitude in x; NaN when one is NaN, 0 when x is empty.
func MaxAbs(x []float32) float32 { return maxAbs(x) }
