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
	var parts []float64
	for _, g := range groups {
		sum := 0.0
		for _, p := range g.Params {
			parts = slices.Grow(parts[:0], chunks(p))[:chunks(p)]
			sum += sumSquares(p, parts)
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

// sumSquares is the sum of the squares of p's gradient. parts takes those of its chunks.
func sumSquares(p *nn.Param, parts []float64) float64 {
	sum := 0.0
	switch {
	case p.Sparse:
		cols := p.Len() / p.Shape[0]
		for _, r := range p.Rows.List {
			sum += vec.SumSquares(p.Grad[int(r)*cols : (int(r)+1)*cols])
		}
		return sum
	case len(parts) == 1:
		return vec.SumSquares(p.Grad)
	}
	gemm.Parallel(len(parts), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			parts[i] = vec.SumSquares(p.Grad[i*chunk : min((i+1)*chunk, p.Len())])
		}
	})
	for _, s := range parts {
		sum += s
	}
	return sum
}

// chunks is how many pieces p is handled in.
func chunks(p *nn.Param) int { return (p.Len() + chunk - 1) / chunk }

// oneChunk says that a single worker handles p, for which nothing need be allocated.
func oneChunk(p *nn.Param) bool { return !p.Sparse && chunks(p) == 1 }

// ZeroGrad clears the gradients of all groups, of sparse ones only the rows that were touched.
func ZeroGrad(groups []Group) {
	for _, g := range groups {
		for _, p := range g.Params {
			zero(p)
		}
	}
}

func zero(p *nn.Param) {
	if oneChunk(p) {
		clear(p.Grad)
		return
	}
	if !p.Sparse {
		gemm.Parallel(p.Len(), chunk, func(lo, hi int) { clear(p.Grad[lo:hi]) })
		return
	}
	cols := p.Len() / p.Shape[0]
	for _, r := range p.Rows.List {
		clear(p.Grad[int(r)*cols : (int(r)+1)*cols])
	}
	p.Rows.Clear()
}
