package op

import (
	"math"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Mix is a trained average of layers, ELMo's scalar mix (Peters et al. 2018):
// y = gamma sum over k of softmax(s)_k x_k.  Inputs and output are (N, H).
type Mix struct {
	S     *Weight // (L), one for each input
	Gamma *Weight // (1)
	Cols  int

	x     [][]float32
	share []float64 // softmax(s)
}

// Width is H.
func (k *Mix) Width() int { return k.Cols }

// Weights lists s and gamma.
func (k *Mix) Weights() []*Weight { return []*Weight{k.S, k.Gamma} }

// Forward averages.
func (k *Mix) Forward(p *Pass, in [][]float32) []float32 {
	k.x = append(k.x[:0], in...)
	k.share = softmax64(k.share[:0], k.S.Value)
	y := p.Zeros(len(in[0]))
	gemm.Parallel(len(y), 1<<14, func(lo, hi int) {
		for i, x := range in {
			vec.Axpy(k.factor(i), x[lo:hi], y[lo:hi])
		}
	})
	return y
}

// factor is what input i is multiplied with.
func (k *Mix) factor(i int) float32 { return float32(k.share[i] * float64(k.Gamma.Value[0])) }

// softmax64 appends softmax(s).
func softmax64(dst []float64, s []float32) []float64 {
	largest, sum := float64(vec.Max(s)), 0.0
	for _, v := range s {
		e := math.Exp(float64(v) - largest)
		dst = append(dst, e)
		sum += e
	}
	for i := range dst {
		dst[i] /= sum
	}
	return dst
}

// Backward needs <dy, x_k> for every layer: gamma's gradient is their average, s's the softmax's.
func (k *Mix) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	if !k.S.Frozen() || !k.Gamma.Frozen() {
		k.weightGrad(dy)
	}
	din := make([][]float32, len(k.x))
	for i := range din {
		if !want[i] {
			continue
		}
		dx := p.Take(len(dy))
		gemm.Parallel(len(dy), 1<<14, func(lo, hi int) {
			copy(dx[lo:hi], dy[lo:hi])
			vec.Scale(k.factor(i), dx[lo:hi])
		})
		din[i] = dx
	}
	return din
}

func (k *Mix) weightGrad(dy []float32) {
	dots, average := make([]float64, len(k.x)), 0.0
	for i, x := range k.x {
		dots[i] = dot64(dy, x, k.Cols)
		average += k.share[i] * dots[i]
	}
	if !k.Gamma.Frozen() {
		k.Gamma.Grad[0] += float32(average)
	}
	for i := range dots {
		if !k.S.Frozen() {
			k.S.Grad[i] += float32(float64(k.Gamma.Value[0]) * k.share[i] * (dots[i] - average))
		}
	}
}

// dot64 is <a, b>, rows of h columns summed in float64.
func dot64(a, b []float32, h int) float64 {
	sum := 0.0
	for i := 0; i < len(a); i += h {
		sum += float64(vec.Dot(a[i:i+h], b[i:i+h]))
	}
	return sum
}
