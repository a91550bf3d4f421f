package op

import (
	"math"

	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A CrossEntropy is the mean over labelled rows of  logsumexp(z) - z[label], the loss of a
// softmax classifier. Rows labelled batch.Ignore take no part. The input is (R, C) logits.
//
// With Gamma it is the focal loss (Lin et al. 2017), in which p is the probability of the label:
// (1 - p)^gamma times the above, so that rows which are right already count for little. With ByLabel
// the mean is weighted by the label of each row.
type CrossEntropy struct {
	Labels    func(b *batch.Batch) []int32 // (R)
	Cols      int                          // C
	Smoothing float32                      // label smoothing (Szegedy et al. 2016): mass spread over all classes
	Scale     float32                      // weight of this loss in a sum; 0 means 1
	Gamma     float32                      // of the focal loss; 0 is off
	ByLabel   []float32                    // (C) weight of the rows of each label, or nil for 1 each

	logits []float32
	total  float64 // weight of the labelled rows
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
	k.total = 0
	for r, l := range labels {
		if l != batch.Ignore {
			sum += float64(rows[r])
			k.total += float64(k.weight(l))
		}
	}
	p.Give(rows)
	loss := p.Take(1)
	loss[0] = 0
	if k.total > 0 {
		loss[0] = float32(sum/k.total) * k.scale()
	}
	return loss
}

// weight is how much a row with a label counts.
func (k *CrossEntropy) weight(label int32) float32 {
	if k.ByLabel == nil {
		return 1
	}
	return k.ByLabel[label]
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
	if k.Gamma > 0 {
		loss *= float32(math.Pow(float64(unsure(lse, z[label])), float64(k.Gamma)))
	}
	return loss * k.weight(label)
}

// unsure is 1 - p of the label whose score is z.
func unsure(lse, z float32) float32 {
	return float32(-math.Expm1(math.Min(0, float64(z)-float64(lse))))
}

// focus is what a row's gradient is multiplied with:  (1-p)^gamma - gamma p (1-p)^(gamma-1) log p.
func (k *CrossEntropy) focus(z []float32, label int32) float32 {
	if k.Gamma == 0 {
		return 1
	}
	lse := vec.LogSumExp(z)
	q, logP, gamma := float64(unsure(lse, z[label])), float64(z[label]-lse), float64(k.Gamma)
	if q == 0 {
		return 0
	}
	return float32(math.Pow(q, gamma) - gamma*(1-q)*math.Pow(q, gamma-1)*logP)
}

// leastWeight keeps a batch without labels from dividing by zero.
const leastWeight = 1e-30

// Backward returns (softmax(z) - target) / count for every labelled row.
func (k *CrossEntropy) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	labels := k.Labels(p.Batch)
	dz := p.Take(len(k.logits))
	g := dy[0] * k.scale() / float32(max(k.total, leastWeight))
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
	vec.Scale(g*k.weight(label)*k.focus(z, label), dz)
}

// Perplexity is exp(loss), the branching factor a language model still sees.
func Perplexity(loss float64) float64 { return math.Exp(loss) }
