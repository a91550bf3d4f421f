//go:build purego || !amd64

package vec

func add(dst, a, b []float32)                             { addPortable(dst, a, b) }
func sub(dst, a, b []float32)                             { subPortable(dst, a, b) }
func mul(dst, a, b []float32)                             { mulPortable(dst, a, b) }
func mulAdd(dst, a, b []float32)                          { mulAddPortable(dst, a, b) }
func axpy(y, x []float32, alpha float32)                  { axpyPortable(y, x, alpha) }
func scale(x []float32, alpha float32)                    { scalePortable(x, alpha) }
func fill(dst []float32, v float32)                       { fillPortable(dst, v) }
func exp(dst, x []float32)                                { expPortable(dst, x) }
func tanh(dst, x []float32)                               { tanhPortable(dst, x) }
func sigmoid(dst, x []float32)                            { sigmoidPortable(dst, x) }
func relu(dst, x []float32)                               { reluPortable(dst, x) }
func gelu(dst, x []float32)                               { geluPortable(dst, x) }
func geluTanh(dst, x []float32)                           { geluTanhPortable(dst, x) }
func reluGrad(dx, x, dy []float32)                        { reluGradPortable(dx, x, dy) }
func tanhGrad(dx, y, dy []float32)                        { tanhGradPortable(dx, y, dy) }
func sigmoidGrad(dx, y, dy []float32)                     { sigmoidGradPortable(dx, y, dy) }
func geluGrad(dx, x, dy []float32)                        { geluGradPortable(dx, x, dy) }
func geluTanhGrad(dx, x, dy []float32)                    { geluTanhGradPortable(dx, x, dy) }
func softmaxGrad(dx, y, dy []float32, alpha, dot float32) { softmaxGradPortable(dx, y, dy, alpha, dot) }
func normalise(y, x, gamma, beta []float32, mean, rstd float32) {
	normalisePortable(y, x, gamma, beta, mean, rstd)
}
func addScaled(dgamma, dy, x []float32, mean, rstd float32) {
	addScaledPortable(dgamma, dy, x, mean, rstd)
}
func normGrad(dx, dy, x, gamma []float32, mean, rstd, s, sh float32) {
	normGradPortable(dx, dy, x, gamma, mean, rstd, s, sh)
}
func dropout(dst, x []float32, alpha float32, limit, first, k0, k1 uint32) {
	dropoutPortable(dst, x, alpha, limit, first, k0, k1)
}
func adamW(p, g, m, v []float32, h *adamFactors)      { adamWPortable(p, g, m, v, h) }
func dot(a, b []float32) float32                      { return dotPortable(a, b) }
func sum(x []float32) float32                         { return sumPortable(x) }
func sumSquares(x []float32) float64                  { return sumSquaresPortable(x) }
func maximum(x []float32) float32                     { return maximumPortable(x) }
func maxAbs(x []float32) float32                      { return maxAbsPortable(x) }
func scaleMax(x []float32, alpha float32) float32     { return scaleMaxPortable(x, alpha) }
func expSum(x []float32, max float32) float32         { return expSumPortable(x, max) }
func sumDeviations(x []float32, mean float32) float32 { return sumDeviationsPortable(x, mean) }
func normSums(dy, x, gamma []float32, mean, rstd float32) (s, sh float32) {
	return normSumsPortable(dy, x, gamma, mean, rstd)
}
