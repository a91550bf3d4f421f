package vec

import "math"

// The portable twins of the element-wise loops.

func addPortable(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func subPortable(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

func mulPortable(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func mulAddPortable(dst, a, b []float32) {
	for i := range dst {
		dst[i] = fma(a[i], b[i], dst[i])
	}
}

func axpyPortable(y, x []float32, alpha float32) {
	for i := range y {
		y[i] = fma(alpha, x[i], y[i])
	}
}

func scalePortable(x []float32, alpha float32) {
	for i := range x {
		x[i] *= alpha
	}
}

func fillPortable(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

func expPortable(dst, x []float32) {
	for i := range dst {
		dst[i] = exp1(x[i])
	}
}

func tanhPortable(dst, x []float32) {
	for i := range dst {
		dst[i] = tanh1(x[i])
	}
}

func sigmoidPortable(dst, x []float32) {
	for i := range dst {
		dst[i] = sigmoid1(x[i])
	}
}

func reluPortable(dst, x []float32) {
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

func geluPortable(dst, x []float32) {
	for i := range dst {
		dst[i] = gelu1(x[i])
	}
}

func geluTanhPortable(dst, x []float32) {
	for i := range dst {
		dst[i] = geluTanh1(x[i])
	}
}

func reluGradPortable(dx, x, dy []float32) {
	for i, v := range x {
		d := dy[i]
		if v <= 0 {
			d = 0
		}
		dx[i] = d
	}
}

func tanhGradPortable(dx, y, dy []float32) {
	for i := range dx {
		dx[i] = dy[i] * fma(-y[i], y[i], 1)
	}
}

func sigmoidGradPortable(dx, y, dy []float32) {
	for i := range dx {
		dx[i] = dy[i] * float32(y[i]*(1-y[i]))
	}
}

func geluGradPortable(dx, x, dy []float32) {
	for i := range dx {
		dx[i] = geluGrad1(x[i], dy[i])
	}
}

func geluTanhGradPortable(dx, x, dy []float32) {
	for i := range dx {
		dx[i] = geluTanhGrad1(x[i], dy[i])
	}
}

func softmaxGradPortable(dx, y, dy []float32, alpha, dot float32) {
	for i := range dx {
		dx[i] = float32(alpha*y[i]) * (dy[i] - dot)
	}
}

func normalisePortable(y, x, gamma, beta []float32, mean, rstd float32) {
	for i := range y {
		y[i] = fma((x[i]-mean)*rstd, gamma[i], beta[i])
	}
}

func addScaledPortable(dgamma, dy, x []float32, mean, rstd float32) {
	for i := range dgamma {
		dgamma[i] = fma(dy[i], (x[i]-mean)*rstd, dgamma[i])
	}
}

func normGradPortable(dx, dy, x, gamma []float32, mean, rstd, s, sh float32) {
	for i := range dx {
		d := fma(dy[i], gamma[i], -s)
		dx[i] = rstd * fma((x[i]-mean)*rstd, -sh, d)
	}
}

// dropoutPortable keeps element i iff the upper 31 bits of its hash reach limit.
func dropoutPortable(dst, x []float32, alpha float32, limit, first, k0, k1 uint32) {
	for i, v := range x {
		v *= alpha
		if hash32(first+uint32(i), k0, k1)>>1 < limit {
			v = 0
		}
		dst[i] = v
	}
}

func adamWPortable(p, g, m, v []float32, h *adamFactors) {
	for i := range p {
		d := h.scale * g[i]
		m[i] = fma(m[i], h.beta1, float32(h.rest1*d))
		v[i] = fma(v[i], h.beta2, float32(float32(h.rest2*d)*d))
		root := float32(math.Sqrt(float64(v[i])))
		p[i] = fma(h.step, m[i]/fma(root, h.root, h.eps), float32(h.keep*p[i]))
	}
}
