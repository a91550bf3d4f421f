package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Highway lets its input pass where a gate is shut (Srivastava et al. 2015):
//
//	g = sigmoid(x Wc + bc)    y = g relu(x Wt + bt) + (1 - g) x
//
// x and y are (N, F); the weights are (F, F), inputs by outputs.
type Highway struct {
	Carry, Transform Affine

	both Linear
	x, z []float32 // (N, F), (N, 2F): gate and transform before their activations
}

// Width is F.
func (k *Highway) Width() int { return k.Carry.Out }

// Weights lists the gate's, then the transform's.
func (k *Highway) Weights() []*Weight {
	return []*Weight{k.Carry.W, k.Carry.B, k.Transform.W, k.Transform.B}
}

// Forward mixes every row.
func (k *Highway) Forward(p *Pass, in [][]float32) []float32 {
	f := k.Width()
	k.both = Linear{In: f, Parts: []Affine{k.Carry, k.Transform}}
	k.x, k.z = in[0], k.both.Forward(p, in)
	y := p.Take(len(k.x))
	gemm.Parallel(len(k.x)/f, rowGrain(f), func(lo, hi int) {
		buf := scratch(f)
		defer release(buf)
		for r := lo; r < hi; r++ {
			x, out, gate := k.x[r*f:(r+1)*f], y[r*f:(r+1)*f], (*buf)[:f]
			vec.Sigmoid(gate, k.z[2*r*f:(2*r+1)*f])
			vec.ReLU(out, k.z[(2*r+1)*f:(2*r+2)*f])
			vec.Sub(out, out, x)
			vec.Mul(out, out, gate)
			vec.AddTo(out, x)
		}
	})
	if !p.Live {
		p.Give(k.z)
	}
	return y
}

// Backward sends dy through gate and transform and past them.
func (k *Highway) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	f := k.Width()
	past := p.Take(len(dy))
	gemm.Parallel(len(dy)/f, rowGrain(f), func(lo, hi int) {
		buf := scratch(f)
		defer release(buf)
		for r := lo; r < hi; r++ {
			k.rowGrad(past[r*f:(r+1)*f], dy[r*f:(r+1)*f], r, (*buf)[:f])
		}
	})
	din := k.both.Backward(p, k.z, want)
	if want[0] {
		gemm.Parallel(len(dy), 1<<14, func(lo, hi int) { vec.AddTo(din[0][lo:hi], past[lo:hi]) })
	}
	p.Give(past)
	p.Give(k.z)
	return din
}

// rowGrad replaces row r of z by its gradient and writes (1 - g) dy, what passes by, to past.
func (k *Highway) rowGrad(past, dy []float32, r int, gate []float32) {
	f := len(dy)
	x, zc, zt := k.x[r*f:(r+1)*f], k.z[2*r*f:(2*r+1)*f], k.z[(2*r+1)*f:(2*r+2)*f]
	vec.Sigmoid(gate, zc)
	for c, g := range gate {
		t := max(zt[c], 0)
		zc[c] = dy[c] * (t - x[c]) * g * (1 - g)
		if t > 0 {
			zt[c] = dy[c] * g
		} else {
			zt[c] = 0
		}
		past[c] = dy[c] * (1 - g)
	}
}
