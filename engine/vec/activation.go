package vec

// Exp is  for i := range dst { dst[i] = exp(x[i]) }
func Exp(dst, x []float32) { exp(dst, x[:len(dst)]) }

// Tanh is  for i := range dst { dst[i] = tanh(x[i]) }
func Tanh(dst, x []float32) { tanh(dst, x[:len(dst)]) }

// Sigmoid is  for i := range dst { dst[i] = 1 / (1 + exp(-x[i])) }
func Sigmoid(dst, x []float32) { sigmoid(dst, x[:len(dst)]) }

// ReLU is  for i := range dst { dst[i] = max(x[i], 0) }
func ReLU(dst, x []float32) { relu(dst, x[:len(dst)]) }

// GELU is  for i := range dst { dst[i] = x[i] * Phi(x[i]) }  with the normal
// distribution Phi(x) = (1 + erf(x/sqrt(2)))/2 (Hendrycks and Gimpel 2016).
func GELU(dst, x []float32) { gelu(dst, x[:len(dst)]) }

// GELUTanh is the approximation called gelu_new, with u as in GELUTanhGrad:
//
//	for i := range dst { dst[i] = x[i]/2 * (1 + tanh(u(x[i]))) }
func GELUTanh(dst, x []float32) { geluTanh(dst, x[:len(dst)]) }

// ReLUGrad is  for i := range dx { dx[i] = dy[i] if x[i] > 0, otherwise 0 }
func ReLUGrad(dx, x, dy []float32) { reluGrad(dx, x[:len(dx)], dy[:len(dx)]) }

// TanhGrad is  for i := range dx { dx[i] = dy[i] * (1 - y[i]*y[i]) }  for y = tanh(x).
func TanhGrad(dx, y, dy []float32) { tanhGrad(dx, y[:len(dx)], dy[:len(dx)]) }

// SigmoidGrad is  for i := range dx { dx[i] = dy[i] * y[i]*(1-y[i]) }  for y = sigmoid(x).
func SigmoidGrad(dx, y, dy []float32) { sigmoidGrad(dx, y[:len(dx)], dy[:len(dx)]) }

// GELUGrad is  for i := range dx { dx[i] = dy[i] * (Phi(x[i]) + x[i]*phi(x[i])) }
// with the normal density phi.
func GELUGrad(dx, x, dy []float32) { geluGrad(dx, x[:len(dx)], dy[:len(dx)]) }

// GELUTanhGrad is the gradient of GELUTanh: with u = sqrt(2/pi)*(x + 0.044715*x*x*x),
//
//	for i := range dx { dx[i] = dy[i] * (1+tanh(u) + x[i]*(1-tanh(u)*tanh(u))*u')/2 }
func GELUTanhGrad(dx, x, dy []float32) { geluTanhGrad(dx, x[:len(dx)], dy[:len(dx)]) }
