package op

import (
	"math"

	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A CrossEntropy is the mean over labelled rows of  logsumexp(z) - z[label], the loss of a
// softmax classifier. Rows labelled batch.Ignore take no part. The input is (R, C) logits.
type CrossEntropy struct {
	Labels    func(b *batch.Batch) []int32 // (R)
	Cols      int                          // C
	Smoothing float32                      // label smoothing (Szegedy et al. 2016): mass spread over all classes
	Scale     float32                      // weight of this loss in a sum; 0 means 1

	logits []float32
	count  int
}

// Width is 1.
func (k *CrossEntropy) Width() int { return 1 }

// Weights is empty.
func (k *CrossEntropy) Weights() []*Weight { return nil }

// Loss marks the output as a loss.
func (k *CrossEntropy) Loss() {}

// Forward returns the mean loss; 0 when no row is labelled.
func (k *CrossEntropy) Forward(p *Pass, in [][]float32) []float32 {
	k.logits = in[0]
	labels := k.Labels(p.Batch)
	rows := p.Take(len(labels))
	gemm.Parallel(len(labels), rowGrain(k.Cols), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			rows[r] = k.rowLoss(k.logits[r*k.Cols:(r+1)*k.Cols], labels[r])
		}
	})
	sum := 0.0
	k.count = 0
	for r, l := range labels {
		if l != batch.Ignore {
			sum += float64(rows[r])
			k.count++
		}
	}
	p.Give(rows)
	loss := p.Take(1)
	loss[0] = 0
	if k.count > 0 {
		loss[0] = float32(sum/float64(k.count)) * k.scale()
	}
	return loss
}

func (k *CrossEntropy) scale() float32 {
	if k.Scale == 0 {
		return 1
	}
	return k.Scale
}

func (k *CrossEntropy) rowLoss(z []float32, label int32) float32 {
	if label == batch.Ignore {
		return 0
	}
	lse := vec.LogSumExp(z)
	loss := (1 - k.Smoothing) * (lse - z[label])
	if k.Smoothing > 0 {
		loss += k.Smoothing * (lse - vec.Sum(z)/float32(k.Cols))
	}
	return loss
}

// Backward returns (softmax(z) - target) / count for every labelled row.
func (k *CrossEntropy) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	labels := k.Labels(p.Batch)
	dz := p.Take(len(k.logits))
	g := dy[0] * k.scale() / float32(max(k.count, 1))
	gemm.Parallel(len(labels), rowGrain(k.Cols), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			k.rowGrad(dz[r*k.Cols:(r+1)*k.Cols], k.logits[r*k.Cols:(r+1)*k.Cols], labels[r], g)
		}
	})
	return one(dz)
}

func (k *CrossEntropy) rowGrad(dz, z []float32, label int32, g float32) {
	if label == batch.Ignore {
		clear(dz)
		return
	}
	copy(dz, z)
	vec.Softmax(dz, 1)
	if k.Smoothing > 0 {
		for i := range dz {
			dz[i] -= k.Smoothing / float32(k.Cols)
		}
	}
	dz[label] -= 1 - k.Smoothing
	vec.Scale(g, dz)
}

// Perplexity is exp(loss), the branching factor a language model still sees.
func Perplexity(loss float64) float64 { return math.Exp(loss) }
