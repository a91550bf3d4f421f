package vec

import "math"

// LayerNorm normalises one row (Ba et al. 2016, biased variance):
//
//	for i := range y { y[i] = (x[i]-mean)*rstd*gamma[i] + beta[i] }
//
// mean is that of x and rstd is 1/sqrt(variance + eps); the gradient needs both.
func LayerNorm(y, x, gamma, beta []float32, eps float32) (mean, rstd float32) {
	if len(x) == 0 {
		return 0, 0
	}
	n := float32(len(x))
	mean = Sum(x) / n
	rstd = float32(1 / math.Sqrt(float64(sumDeviations(x, mean)/n)+float64(eps)))
	normalise(y, x, gamma, beta, mean, rstd)
	return mean, rstd
}

// LayerNormGrad is the gradient of one row of LayerNorm, with h = (x-mean)*rstd:
//
//	for i := range dy { dbeta[i] += dy[i]; dgamma[i] += dy[i]*h[i] }
//	g, gh := averages of dy[i]*gamma[i] and of dy[i]*gamma[i]*h[i]
//	for i := range dx { dx[i] = rstd * (dy[i]*gamma[i] - g - h[i]*gh) }
//
// dgamma and dbeta are added to, dx is written; each may be nil.
func LayerNormGrad(dx, dgamma, dbeta, dy, x, gamma []float32, mean, rstd float32) {
	if len(dy) == 0 {
		return
	}
	if dbeta != nil {
		AddTo(dbeta, dy)
	}
	if dgamma != nil {
		addScaled(dgamma, dy, x, mean, rstd)
	}
	if dx == nil {
		return
	}
	n := float32(len(dy))
	g, gh := normSums(dy, x, gamma, mean, rstd)
	normGrad(dx, dy, x, gamma, mean, rstd, g/n, gh/n)
}
