package engine

import (
	"context"
	"fmt"
	"time"

	"defrost/engine/gemm"
)

// A Product is one matrix product C (M,N) = A (M,K) B (K,N) as training or prediction meets it.
type Product struct {
	Name    string  `json:"product"` // shape and use: "bert-base up dW"
	M       int     `json:"m"`
	N       int     `json:"n"`
	K       int     `json:"k"`
	Packed  bool    `json:"packed"` // B was packed before
	Threads int     `json:"threads"`
	ISA     string  `json:"isa"`
	Seconds float64 `json:"seconds"`         // median
	GFLOPS  float64 `json:"gflops_per_core"` // of the instruction set in use
	Twin    float64 `json:"portable_gflops"` // of the portable twin, on one core

	aT, bT bool // stored the other way
}

// benchProducts lists the products of a step: forward x W^T, dX = dy W, dW = dy^T x, with 32 sequences
// of 64 tokens; the output layer of a language model; and one token of a decoder that writes.
func benchProducts() []Product {
	var list []Product
	for _, c := range []string{"bert-base", "bert-tiny"} {
		s := benchShapes[c]
		for _, l := range []struct {
			name    string
			in, out int
		}{{"attention", s.width, s.width}, {"up", s.width, s.ffn}, {"down", s.ffn, s.width}} {
			const tokens = 2048
			list = append(list,
				Product{Name: c + " " + l.name + " forward", M: tokens, N: l.out, K: l.in, bT: true},
				Product{Name: c + " " + l.name + " dX", M: tokens, N: l.in, K: l.out},
				Product{Name: c + " " + l.name + " dW", M: l.out, N: l.in, K: tokens, aT: true})
		}
	}
	return append(list,
		Product{Name: "LM head", M: 128, N: 50257, K: 768, bT: true},
		Product{Name: "one token, packed", M: 1, N: 2304, K: 768, bT: true, Packed: true})
}

// BenchProducts measures the matrix kernels alone: on all threads the instruction set in use, on one
// its portable twin.
func BenchProducts(ctx context.Context, threads int, budget time.Duration, report func(Product)) error {
	defer gemm.SetWorkers(gemm.Workers())
	for _, p := range benchProducts() {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		p.measure(threads, budget)
		report(p)
	}
	return nil
}

// measure fills in the figures.
func (p *Product) measure(threads int, budget time.Duration) {
	gemm.SetWorkers(threads)
	p.Threads, p.ISA = gemm.Workers(), gemm.ISA()
	p.Seconds = medianSeconds(budget, p.operands())
	p.GFLOPS = p.gflop() / p.Seconds / float64(p.Threads)
	part := *p
	part.M, part.N = min(p.M, twinRows), min(p.N, twinCols)
	p.Twin = part.gflop() / portableSeconds(budget, part.operands())
}

// The portable twin is ten times slower and as fast on a part of a product as on the whole.
const twinRows, twinCols = 128, 768

func (p *Product) gflop() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) / 1e9 }

// operands returns the product over values in [-1, 1).
func (p Product) operands() func() {
	a, b := fillMatrix(p.M, p.K, p.aT), fillMatrix(p.K, p.N, p.bT)
	c := gemm.Of(make([]float32, p.M*p.N), p.M, p.N)
	if !p.Packed {
		return func() { gemm.Mul(c, a, b, gemm.Options{}) }
	}
	packed := gemm.Pack(b)
	return func() { gemm.MulPacked(c, a, packed, gemm.Options{}) }
}

func fillMatrix(rows, cols int, transposed bool) gemm.Matrix {
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i*2654435761%2048)/1024 - 1
	}
	if transposed {
		return gemm.Of(data, cols, rows).T()
	}
	return gemm.Of(data, rows, cols)
}

func portableSeconds(budget time.Duration, f func()) float64 {
	defer gemm.Use("portable")()
	gemm.SetWorkers(1)
	return medianSeconds(budget, f)
}

// medianSeconds times f at least once after a first time.
func medianSeconds(budget time.Duration, f func()) float64 {
	began := time.Now()
	f()
	var seconds []float64
	for len(seconds) == 0 || time.Since(began) < budget {
		at := time.Now()
		f()
		seconds = append(seconds, time.Since(at).Seconds())
	}
	return median(seconds)
}
