package gemm

import (
	"fmt"
	"testing"
)

// A product is a shape that training or prediction meets.
type product struct {
	name    string
	m, n, k int
	aT, bT  bool
	packed  bool
}

var products = []product{
	{"base forward", 2048, 768, 768, false, true, false},
	{"base up", 2048, 3072, 768, false, true, false},
	{"base down", 2048, 768, 3072, false, true, false},
	{"base dX", 2048, 768, 768, false, false, false},
	{"base dW", 768, 768, 2048, true, false, false},
	{"base dW up", 3072, 768, 2048, true, false, false},
	{"mini forward", 2048, 256, 256, false, true, false},
	{"mini up", 2048, 1024, 256, false, true, false},
	{"mini dW", 256, 256, 2048, true, false, false},
	{"tiny forward", 2048, 128, 128, false, true, false},
	{"tiny dX", 2048, 128, 128, false, false, false},
	{"tiny dW", 128, 128, 2048, true, false, false},
	{"LM head", 128, 50257, 768, false, true, false},
	{"packed base", 512, 768, 768, false, true, true},
	{"packed one row", 1, 2304, 768, false, true, true},
	{"packed LSTM", 8, 16384, 512, false, true, true},
	{"head QK", 64, 64, 32, false, true, false},
	{"head PV", 64, 32, 64, false, false, false},
	{"head dV", 64, 32, 64, true, false, false},
	{"head128 QK", 128, 128, 64, false, true, false},
	{"head128 PV", 128, 64, 128, false, false, false},
}

func (p product) run(b *testing.B, o Options, bf16 bool) {
	stride := func(rows, cols int, trans bool, seed int64) Matrix {
		if p.m <= 128 && p.n <= 128 && p.k <= 128 { // one head inside a wider matrix
			if trans {
				return Of(random(cols*768, seed), cols, 768).View(0, cols, 0, rows).T()
			}
			return Of(random(rows*768, seed), rows, 768).View(0, rows, 0, cols)
		}
		if trans {
			return Of(random(rows*cols, seed), cols, rows).T()
		}
		return Of(random(rows*cols, seed), rows, cols)
	}
	a, m := stride(p.m, p.k, p.aT, 1), stride(p.k, p.n, p.bT, 2)
	c := Of(make([]float32, p.m*p.n), p.m, p.n)
	var packed *Packed
	if p.packed {
		packed = Pack(m)
		if bf16 {
			packed = PackBF16(m)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		switch {
		case p.packed:
			MulPacked(c, a, packed, o)
		case bf16:
			MulBF16(c, a, m, o)
		default:
			Mul(c, a, m, o)
		}
	}
	flops := 2 * float64(p.m) * float64(p.n) * float64(p.k)
	b.ReportMetric(flops*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

func BenchmarkProducts(b *testing.B) {
	for _, p := range products {
		for _, name := range ISAs() {
			b.Run(fmt.Sprintf("%s/%s", p.name, name), func(b *testing.B) {
				defer Use(name)()
				p.run(b, Options{Serial: true}, false)
			})
		}
	}
}

// BenchmarkBF16 measures the products with both operands rounded to bfloat16.
func BenchmarkBF16(b *testing.B) {
	for _, p := range products {
		b.Run(p.name, func(b *testing.B) { p.run(b, Options{Serial: true}, true) })
	}
}

func BenchmarkWorkers(b *testing.B) {
	defer SetWorkers(Workers())
	for _, p := range products {
		for _, workers := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%s/%d", p.name, workers), func(b *testing.B) {
				SetWorkers(workers)
				p.run(b, Options{}, false)
			})
		}
	}
}
