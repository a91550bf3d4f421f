package optim

import (
	"math"

	"defrost/engine/nn"
	"defrost/engine/vec"
)

// LAMB is Adam whose update of each parameter is scaled to the size of the parameter, for large
// batches (You et al. 2020).
type LAMB struct{ state }

// Step is  u = m^/(sqrt(v^)+eps) + decay p;  p -= lr (|p|/|u|) u.
func (l *LAMB) Step(groups []Group, factor float64, scale float32) {
	l.steps++
	for _, g := range groups {
		for _, p := range g.Params {
			l.update(p, float32(g.LR*factor), scale)
			p.Changed()
		}
	}
}

func (l *LAMB) update(p *nn.Param, lr, scale float32) {
	mo, u := l.of(p, true), make([]float32, p.Len())
	c1 := 1 - math.Pow(beta1, float64(l.steps))
	c2 := 1 - math.Pow(l.beta2, float64(l.steps))
	beta2 := float32(l.beta2)
	decay := float64(l.decayOf(p))
	pieces(p, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			g := p.Grad[i] * scale
			mo.m[i] = beta1*mo.m[i] + (1-beta1)*g
			mo.v[i] = beta2*mo.v[i] + (1-beta2)*g*g
			u[i] = float32(float64(mo.m[i])/c1/(math.Sqrt(float64(mo.v[i])/c2)+eps) + decay*float64(p.Value[i]))
		}
	})
	trust := float32(1)
	if wn, un := math.Sqrt(vec.SumSquares(p.Value)), math.Sqrt(vec.SumSquares(u)); wn > 0 && un > 0 {
		trust = float32(wn / un)
	}
	vec.Axpy(-lr*trust, u, p.Value)
}

// Touch makes room for p's moments.
func (l *LAMB) Touch(p *nn.Param) { l.of(p, true) }

// State lists first and second moments.
func (l *LAMB) State(params []*nn.Param) []Slot { return l.slots(params, true) }
