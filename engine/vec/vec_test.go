package vec

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"defrost/engine/gemm"
)

// eachISA runs f once for every implementation this machine has.
func eachISA(t *testing.T, f func(t *testing.T)) {
	for _, name := range gemm.ISAs() {
		t.Run(name, func(t *testing.T) {
			defer gemm.Use(name)()
			f(t)
		})
	}
}

var lengths = []int{0, 1, 2, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 200, 257, 1000}

func random(n int, seed int64) []float32 {
	r := rand.New(rand.NewSource(seed))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64()) * 3
	}
	return x
}

var (
	inf = float32(math.Inf(1))
	nan = float32(math.NaN())
)

// awkward values stand in every vector position in turn.
var awkward = []float32{0, float32(math.Copysign(0, -1)), inf, -inf, nan, 1e-45, -1e-45, 1e-38, 3e38, -3e38,
	88.8, 89, -87.4, -103.5, -104, -105, 14.5, -14.5, 20, -20, 1, -1, 0.5, 1e-8, -1e-8, 13.9, -13.9}

func bits(x float32) uint32 {
	if x != x {
		return 0x7fc00000 // one NaN is as good as another
	}
	return math.Float32bits(x)
}

func equalBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if bits(got[i]) != bits(want[i]) {
			t.Fatalf("%s: value %d of %d: got %g (%#x), want %g (%#x)", what, i, len(want), got[i], bits(got[i]), want[i], bits(want[i]))
		}
	}
}

// An operation is one function of this package on a set of slices, the first
// of which it writes, and numbers it returns.
type operation struct {
	name string
	n    int // slices
	run  func(s [][]float32) []float32
}

var adam = AdamW{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01, Correction1: 0.1, Correction2: 0.001, GradScale: 0.7}

var operations = []operation{
	{"Add", 3, func(s [][]float32) []float32 { Add(s[0], s[1], s[2]); return nil }},
	{"AddTo", 2, func(s [][]float32) []float32 { AddTo(s[0], s[1]); return nil }},
	{"Sub", 3, func(s [][]float32) []float32 { Sub(s[0], s[1], s[2]); return nil }},
	{"Mul", 3, func(s [][]float32) []float32 { Mul(s[0], s[1], s[2]); return nil }},
	{"MulAdd", 3, func(s [][]float32) []float32 { MulAdd(s[0], s[1], s[2]); return nil }},
	{"Axpy", 2, func(s [][]float32) []float32 { Axpy(0.37, s[1], s[0]); return nil }},
	{"Scale", 1, func(s [][]float32) []float32 { Scale(-1.7, s[0]); return nil }},
	{"Fill", 1, func(s [][]float32) []float32 { Fill(s[0], 2.5); return nil }},
	{"Dot", 2, func(s [][]float32) []float32 { return []float32{Dot(s[0], s[1])} }},
	{"Sum", 1, func(s [][]float32) []float32 { return []float32{Sum(s[0])} }},
	{"SumSquares", 1, func(s [][]float32) []float32 {
		v := SumSquares(s[0])
		return []float32{float32(v), float32(v - float64(float32(v)))}
	}},
	{"Max", 1, func(s [][]float32) []float32 { return []float32{Max(s[0]) + 0} }},
	{"MaxAbs", 1, func(s [][]float32) []float32 { return []float32{MaxAbs(s[0])} }},
	{"Exp", 2, func(s [][]float32) []float32 { Exp(s[0], s[1]); return nil }},
	{"Tanh", 2, func(s [][]float32) []float32 { Tanh(s[0], s[1]); return nil }},
	{"Sigmoid", 2, func(s [][]float32) []float32 { Sigmoid(s[0], s[1]); return nil }},
	{"ReLU", 2, func(s [][]float32) []float32 { ReLU(s[0], s[1]); return nil }},
	{"GELU", 2, func(s [][]float32) []float32 { GELU(s[0], s[1]); return nil }},
	{"GELUTanh", 2, func(s [][]float32) []float32 { GELUTanh(s[0], s[1]); return nil }},
	{"ReLUGrad", 3, func(s [][]float32) []float32 { ReLUGrad(s[0], s[1], s[2]); return nil }},
	{"TanhGrad", 3, func(s [][]float32) []float32 { TanhGrad(s[0], s[1], s[2]); return nil }},
	{"SigmoidGrad", 3, func(s [][]float32) []float32 { SigmoidGrad(s[0], s[1], s[2]); return nil }},
	{"GELUGrad", 3, func(s [][]float32) []float32 { GELUGrad(s[0], s[1], s[2]); return nil }},
	{"GELUTanhGrad", 3, func(s [][]float32) []float32 { GELUTanhGrad(s[0], s[1], s[2]); return nil }},
	{"Softmax", 1, func(s [][]float32) []float32 { Softmax(s[0], 0.3); return nil }},
	{"SoftmaxGrad", 3, func(s [][]float32) []float32 { SoftmaxGrad(s[0], s[1], s[2], 0.3); return nil }},
	{"LogSumExp", 1, func(s [][]float32) []float32 { return []float32{LogSumExp(s[0])} }},
	{"LayerNorm", 4, func(s [][]float32) []float32 {
		mean, rstd := LayerNorm(s[0], s[1], s[2], s[3], 1e-12)
		return []float32{mean, rstd}
	}},
	{"LayerNormGrad", 6, func(s [][]float32) []float32 {
		LayerNormGrad(s[0], s[1], s[2], s[3], s[4], s[5], 0.2, 0.4)
		return nil
	}},
	{"Dropout", 2, func(s [][]float32) []float32 { Dropout(s[0], s[1], 0.3, 99, 1<<32-40); return nil }},
	{"AdamW", 4, func(s [][]float32) []float32 { adam.Step(s[0], s[1], s[2], squares(s[3])); return nil }},
}

// squares makes x a possible second moment.
func squares(x []float32) []float32 {
	for i, v := range x {
		x[i] = v * v
	}
	return x
}

// portableResult is what the twin makes of the same slices.
func portableResult(op operation, s [][]float32) []float32 {
	defer gemm.Use("portable")()
	return op.run(s)
}

func TestEveryImplementationGivesTheSameBits(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, op := range operations {
			for _, n := range lengths {
				compare(t, op, n, func(x []float32) {})
			}
			for start := range awkward {
				compare(t, op, 61, func(x []float32) {
					for i := range x {
						x[i] = awkward[(start+i)%len(awkward)]
					}
				})
				compare(t, op, 37, func(x []float32) { x[start] = awkward[start] })
			}
		}
	})
}

func compare(t *testing.T, op operation, n int, spoil func(x []float32)) {
	t.Helper()
	const guard = 20 // values behind the slice, which nobody may touch
	got, want := make([][]float32, op.n), make([][]float32, op.n)
	for i := range got {
		got[i] = random(n+guard, int64(n*10+i))
		spoil(got[i][:n])
		want[i] = append([]float32(nil), got[i]...)
	}
	cut := func(s [][]float32) [][]float32 {
		short := make([][]float32, len(s))
		for i := range s {
			short[i] = s[i][:n]
		}
		return short
	}
	wantNumbers := portableResult(op, cut(want))
	gotNumbers := op.run(cut(got))
	what := fmt.Sprintf("%s n=%d", op.name, n)
	equalBits(t, what+" result", gotNumbers, wantNumbers)
	for i := range got {
		equalBits(t, fmt.Sprintf("%s slice %d", what, i), got[i], want[i])
	}
}

func TestDestinationMayBeTheInput(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, op := range operations {
			if op.n < 2 || op.name == "AdamW" || op.name == "LayerNormGrad" {
				continue
			}
			s := make([][]float32, op.n)
			for i := range s {
				s[i] = random(75, int64(i))
			}
			want := append([]float32(nil), s[1]...)
			apart := append([][]float32{want, s[1]}, s[2:]...)
			op.run(apart)
			op.run(append([][]float32{s[1], s[1]}, s[2:]...))
			equalBits(t, op.name, s[1], want)
		}
	})
}

func BenchmarkOperations(b *testing.B) {
	for _, op := range operations {
		for _, name := range gemm.ISAs() {
			b.Run(op.name+"/"+name, func(b *testing.B) {
				defer gemm.Use(name)()
				s := make([][]float32, op.n)
				for i := range s {
					s[i] = random(768, int64(i))
				}
				b.ReportAllocs()
				for b.Loop() {
					op.run(s)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/768, "ns/element")
			})
		}
	}
}
