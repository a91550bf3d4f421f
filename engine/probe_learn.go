package engine

import (
	"math"

	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A linearProbe is multinomial logistic regression on an average of standardised states,
//
//	z = W x + b    with  x = sum over layers k of softmax(s)_k x_k
//
// of one layer when there is one. With one layer its loss is convex: it has one optimum, whatever the
// seed.
type linearProbe struct {
	h, c    int
	w, b, s []float32 // (C, H), (C), (K)
}

func newLinearProbe(h, c, layers int) *linearProbe {
	return &linearProbe{h: h, c: c, w: make([]float32, c*h), b: make([]float32, c), s: make([]float32, layers)}
}

// shares are softmax(s).
func (p *linearProbe) shares() []float64 { return softmax64(p.s) }

// mix is the average of the layers' states, (R, H).
func (p *linearProbe) mix(x [][]float32) []float32 {
	if len(x) == 1 {
		return x[0]
	}
	y := make([]float32, len(x[0]))
	for k, share := range p.shares() {
		vec.Axpy(float32(share), x[k], y)
	}
	return y
}

// scores are z of every row, (R, C).
func (p *linearProbe) scores(x [][]float32) []float32 { return p.scoresOf(p.mix(x)) }

func (p *linearProbe) scoresOf(x []float32) []float32 {
	n := len(x) / p.h
	z := make([]float32, n*p.c)
	gemm.Mul(gemm.Of(z, n, p.c), gemm.Of(x, n, p.h), gemm.Of(p.w, p.c, p.h).T(), gemm.Options{})
	for r := range n {
		vec.AddTo(z[r*p.c:(r+1)*p.c], p.b)
	}
	return z
}

// cost is the mean of -log p over labelled rows.
func (p *linearProbe) cost(x [][]float32, gold []int32) float64 {
	z, sum, n := p.scores(x), 0.0, 0
	for r, g := range gold {
		if g != batch.Ignore {
			row := z[r*p.c : (r+1)*p.c]
			sum, n = sum+float64(vec.LogSumExp(row)-row[g]), n+1
		}
	}
	return sum / float64(max(n, 1))
}

// probeSteps steps of Adam on all rows at once, the rate falling to 0, bring every
// gradient below 1e-3, as its test holds them to.
const (
	probeSteps = 200
	probeRate  = 0.1
)

// learn minimises the mean of -log p over labelled rows plus penalty/2 |W|^2.
func (p *linearProbe) learn(x [][]float32, gold []int32, penalty float64) {
	params := [][]float32{p.w, p.b, p.s}
	grads, m, v := like(params), like(params), like(params)
	for t := 1; t <= probeSteps; t++ {
		p.gradients(x, gold, float32(penalty), grads)
		rule := vec.AdamW{
			LR: float32(probeRate * (1 - float64(t-1)/probeSteps)), Beta1: 0.9, Beta2: 0.99, Eps: 1e-8,
			Correction1: float32(1 - math.Pow(0.9, float64(t))), Correction2: float32(1 - math.Pow(0.99, float64(t))),
		}
		for i := range params {
			rule.Step(params[i], grads[i], m[i], v[i])
		}
	}
}

// like makes zeros of the same lengths.
func like(params [][]float32) [][]float32 {
	list := make([][]float32, len(params))
	for i, p := range params {
		list[i] = make([]float32, len(p))
	}
	return list
}

// gradients writes those of w, b and s.
func (p *linearProbe) gradients(x [][]float32, gold []int32, penalty float32, grads [][]float32) {
	mixed := p.mix(x)
	z := p.scoresOf(mixed)
	n := len(gold)
	p.towards(z, gold)
	dz, w := gemm.Of(z, n, p.c), gemm.Of(p.w, p.c, p.h)
	gemm.Mul(gemm.Of(grads[0], p.c, p.h), dz.T(), gemm.Of(mixed, n, p.h), gemm.Options{})
	vec.Axpy(penalty, p.w, grads[0])
	clear(grads[1])
	for r := range n {
		vec.AddTo(grads[1], z[r*p.c:(r+1)*p.c])
	}
	if len(x) == 1 {
		return
	}
	dx := make([]float32, n*p.h)
	gemm.Mul(gemm.Of(dx, n, p.h), dz, w, gemm.Options{})
	p.shareGradients(x, dx, grads[2])
}

// towards turns scores into the gradient of the mean loss.
func (p *linearProbe) towards(z []float32, gold []int32) {
	labelled := 0
	for _, g := range gold {
		if g != batch.Ignore {
			labelled++
		}
	}
	gemm.Parallel(len(gold), 64, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			row := z[r*p.c : (r+1)*p.c]
			if gold[r] == batch.Ignore {
				clear(row)
				continue
			}
			vec.Softmax(row, 1)
			row[gold[r]]--
			vec.Scale(1/float32(max(labelled, 1)), row)
		}
	})
}

// shareGradients is that of the softmax over layers.
func (p *linearProbe) shareGradients(x [][]float32, dx, grad []float32) {
	shares, average := p.shares(), 0.0
	dots := make([]float64, len(x))
	for k := range x {
		for from := 0; from < len(dx); from += p.h {
			dots[k] += float64(vec.Dot(dx[from:from+p.h], x[k][from:from+p.h]))
		}
		average += shares[k] * dots[k]
	}
	for k := range grad {
		grad[k] = float32(shares[k] * (dots[k] - average))
	}
}
