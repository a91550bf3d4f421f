package op

import "defrost/engine/vec"

// An Activation is an element-wise function fused behind a Linear.
type Activation string

// The activations that published configurations name.
const (
	Identity Activation = ""
	GELU     Activation = "gelu"     // 0.5x(1+erf(x/sqrt 2))
	GELUNew  Activation = "gelu_new" // the tanh form of Hendrycks and Gimpel
	ReLU     Activation = "relu"
	Tanh     Activation = "tanh"
)

// apply writes act(x) to y, which may be x.
func (a Activation) apply(y, x []float32) {
	switch a {
	case Identity:
		if &y[0] != &x[0] {
			copy(y, x)
		}
	case GELU:
		vec.GELU(y, x)
	case GELUNew:
		vec.GELUTanh(y, x)
	case ReLU:
		vec.ReLU(y, x)
	case Tanh:
		vec.Tanh(y, x)
	default:
		panic("op: unknown activation " + string(a))
	}
}

// grad writes dx = dy act'(x); dx may be dy. x is the value before the activation.
func (a Activation) grad(dx, x, dy []float32) {
	switch a {
	case GELU:
		vec.GELUGrad(dx, x, dy)
	case GELUNew:
		vec.GELUTanhGrad(dx, x, dy)
	case ReLU:
		vec.ReLUGrad(dx, x, dy)
	case Tanh:
		vec.Tanh(x, x)
		vec.TanhGrad(dx, x, dy)
	default:
		panic("op: unknown activation " + string(a))
	}
}
