package vec

import "math"

// AdamW holds the numbers of one step of Adam with decoupled weight decay
// (Loshchilov and Hutter 2019).
type AdamW struct {
	LR, Beta1, Beta2, Eps, WeightDecay float32
	Correction1, Correction2           float32 // 1-Beta1^t and 1-Beta2^t; 0 means 1, no correction
	GradScale                          float32 // factor on every gradient, for clipping; 0 means 1
}

// Step updates the parameters p and the moments m and v from the gradient g:
//
//	for i := range p {
//		d := GradScale * g[i]
//		m[i] = Beta1*m[i] + (1-Beta1)*d
//		v[i] = Beta2*v[i] + (1-Beta2)*d*d
//		p[i] = (1-LR*WeightDecay)*p[i] - LR/Correction1 * m[i]/(sqrt(v[i]/Correction2)+Eps)
//	}
func (h AdamW) Step(p, g, m, v []float32) {
	f := h.factors() // by value: a pointer from there would be memory for every call
	adamW(p, g[:len(p)], m[:len(p)], v[:len(p)], &f)
}

// An adamFactors is an AdamW as the loop uses it; the assembly reads it field by field.
type adamFactors struct {
	scale, beta1, rest1, beta2, rest2, keep, step, root, eps float32
}

func (h AdamW) factors() adamFactors {
	orOne := func(x float32) float64 {
		if x == 0 {
			return 1
		}
		return float64(x)
	}
	return adamFactors{
		scale: float32(orOne(h.GradScale)),
		beta1: h.Beta1, rest1: float32(1 - float64(h.Beta1)),
		beta2: h.Beta2, rest2: float32(1 - float64(h.Beta2)),
		keep: float32(1 - float64(h.LR)*float64(h.WeightDecay)),
		step: float32(-float64(h.LR) / orOne(h.Correction1)),
		root: float32(1 / math.Sqrt(orOne(h.Correction2))),
		eps:  h.Eps,
	}
}
