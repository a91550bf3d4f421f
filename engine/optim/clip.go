package optim

import (
	"math"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/vec"
)

// chunk is the number of values one worker handles at a time. It is fixed, so that sums do not
// depend on the number of workers.
const chunk = 1 << 16

// Norms are the gradient norms of a step.
type Norms struct {
	Global float64
	Layers map[string]float64
}

// Measure computes the L2 norm of all gradients and of those of each group.
func Measure(groups []Group) Norms {
	n := Norms{Layers: make(map[string]float64, len(groups))}
	total := 0.0
	var s squares
	s.piece = func(lo, hi int) {
		for i := lo; i < hi; i++ {
			s.parts[i] = vec.SumSquares(s.p.Grad[i*chunk : min((i+1)*chunk, s.p.Len())])
		}
	}
	for _, g := range groups {
		sum := 0.0
		for _, p := range g.Params {
			sum += s.of(p)
		}
		n.Layers[g.Layer] = math.Sqrt(sum)
		total += sum
	}
	n.Global = math.Sqrt(total)
	return n
}

// ClipScale is the factor that brings a global norm down to limit; 1 when it is below, or limit 0.
func ClipScale(norm, limit float64) float32 {
	if limit == 0 || norm <= limit {
		return 1
	}
	return float32(limit / (norm + 1e-6))
}

// squares sums the squares of gradients, chunk by chunk. It serves all parameters, so that a step
// makes one closure and one list.
type squares struct {
	p     *nn.Param
	parts []float64 // of p's chunks
	piece func(lo, hi int)
}

func (s *squares) of(p *nn.Param) float64 {
	sum := 0.0
	if p.Sparse {
		cols := p.Len() / p.Shape[0]
		for _, r := range p.Rows.List {
			sum += vec.SumSquares(p.Grad[int(r)*cols : (int(r)+1)*cols])
		}
		return sum
	}
	n := (p.Len() + chunk - 1) / chunk
	s.p, s.parts = p, slices.Grow(s.parts[:0], n)[:n]
	gemm.Parallel(n, 1, s.piece)
	for _, part := range s.parts {
		sum += part
	}
	return sum
}

// ZeroGrad clears the gradients of all groups, of sparse ones only the rows that were touched.
func ZeroGrad(groups []Group) {
	var grad []float32
	piece := func(lo, hi int) { clear(grad[lo:hi]) }
	for _, g := range groups {
		for _, p := range g.Params {
			if p.Sparse {
				zeroRows(p)
				continue
			}
			grad = p.Grad
			gemm.Parallel(len(grad), grain, piece)
		}
	}
}

func zeroRows(p *nn.Param) {
	cols := p.Len() / p.Shape[0]
	for _, r := range p.Rows.List {
		clear(p.Grad[int(r)*cols : (int(r)+1)*cols])
	}
	p.Rows.Clear()
}
