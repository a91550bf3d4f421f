package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// normRows is the number of rows whose parameter gradients are summed together: fixed, so that
// sums do not depend on the number of workers.
const normRows = 64

// A LayerNorm is y = gamma (s - mean) / sqrt(var + eps) + beta over the last axis, biased variance
// (Ba et al. 2016). With a second input it is the closing of a residual sub-layer,
// s = in[1] + dropout(in[0]); with one, s = in[0].
type LayerNorm struct {
	Gamma, Beta *Weight // (H)
	Eps         float32
	Dropout     Rate

	s           []float32 // (N, H) kept for Backward
	own         bool      // s was taken here
	mean, scale []float32 // (N)
	ones        []float32 // (H)
}

// Width is H.
func (k *LayerNorm) Width() int { return k.Gamma.Len() }

// Weights lists gamma and beta.
func (k *LayerNorm) Weights() []*Weight { return []*Weight{k.Gamma, k.Beta} }

// Forward normalises every row.
func (k *LayerNorm) Forward(p *Pass, in [][]float32) []float32 {
	h, total := k.Width(), len(in[0])
	n := total / h
	y := p.Take(total)
	k.s, k.own = in[0], len(in) == 2
	if k.own {
		k.s = p.Take(total)
	}
	k.mean, k.scale = p.Take(n), p.Take(n)
	if k.ones == nil {
		k.ones = make([]float32, h)
		vec.Fill(k.ones, 1)
	}
	gemm.Parallel(n, rowGrain(h), func(lo, hi int) {
		if k.own {
			part := k.s[lo*h : hi*h]
			k.Dropout.apply(p, part, in[0][lo*h:hi*h], lo*h)
			vec.AddTo(part, in[1][lo*h:hi*h])
		}
		for r := lo; r < hi; r++ {
			k.normalise(y[r*h:r*h+h], k.s[r*h:r*h+h], r)
		}
	})
	if !p.Live {
		k.release(p)
	}
	return y
}

// normalise writes row r. The mean is taken out in two steps: what float32 misses of a large one is
// the same for all columns, and the next product would add it up.
func (k *LayerNorm) normalise(y, s []float32, r int) {
	centred := y
	if k.own {
		centred = s // the norm does not change, nor does its gradient
	} else {
		copy(centred, s)
	}
	mean := vec.Sum(centred) / float32(len(centred))
	vec.Axpy(-mean, k.ones, centred)
	k.mean[r], k.scale[r] = vec.LayerNorm(y, centred, k.Gamma.Value, k.Beta.Value, k.Eps)
	if !k.own {
		k.mean[r] += mean
	}
}

// Backward returns ds for the residual input and its dropped-out copy for the sub-layer.
func (k *LayerNorm) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	h := k.Width()
	n := len(dy) / h
	ds := p.Take(len(dy))
	chunks := (n + normRows - 1) / normRows
	sums := p.Zeros(chunks * 2 * h)
	gemm.Parallel(chunks, 1, func(lo, hi int) {
		for c := lo; c < hi; c++ {
			k.rowsBackward(ds, dy, sums[c*2*h:(c+1)*2*h], c*normRows, min((c+1)*normRows, n))
		}
	})
	k.addSums(sums, chunks)
	p.Give(sums)
	defer k.release(p)
	if !k.own {
		return one(ds)
	}
	return k.split(p, ds, want)
}

func (k *LayerNorm) rowsBackward(ds, dy, sums []float32, from, to int) {
	h := k.Width()
	for r := from; r < to; r++ {
		a, b := r*h, r*h+h
		vec.LayerNormGrad(ds[a:b], sums[:h], sums[h:], dy[a:b], k.s[a:b], k.Gamma.Value, k.mean[r], k.scale[r])
	}
}

func (k *LayerNorm) addSums(sums []float32, chunks int) {
	h := k.Width()
	for c := range chunks {
		if !k.Gamma.Frozen() {
			vec.AddTo(k.Gamma.Grad, sums[c*2*h:c*2*h+h])
		}
		if !k.Beta.Frozen() {
			vec.AddTo(k.Beta.Grad, sums[c*2*h+h:c*2*h+2*h])
		}
	}
}

// split hands ds to both inputs: two buffers, since readers may add to either in place.
func (k *LayerNorm) split(p *Pass, ds []float32, want []bool) [][]float32 {
	out := make([][]float32, 2)
	if want[0] {
		out[0] = p.Take(len(ds))
		gemm.Parallel(len(ds), 1<<14, func(lo, hi int) { k.Dropout.apply(p, out[0][lo:hi], ds[lo:hi], lo) })
	}
	if want[1] {
		out[1] = ds
	} else {
		p.Give(ds)
	}
	return out
}

func (k *LayerNorm) release(p *Pass) {
	if k.own {
		p.Give(k.s)
	}
	p.Give(k.mean)
	p.Give(k.scale)
}

// rowGrain is how many rows of width h make a piece of work worth handing to another worker.
func rowGrain(h int) int { return max(1, (1<<14)/max(h, 1)) }
