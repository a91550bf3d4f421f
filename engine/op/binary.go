package op

import (
	"math"

	"defrost/engine/batch"
)

// A BinaryCrossEntropy is the mean over all entries of  -w y log s(z) - (1-y) log(1-s(z)), where s is
// the sigmoid: the loss of labels that do not exclude each other. The input is (B, C) logits, the
// targets are 0 or 1; those of a row that is labelled batch.Ignore take no part.
type BinaryCrossEntropy struct {
	Targets   func(b *batch.Batch) []float32 // (B, C)
	Cols      int                            // C
	Smoothing float32                        // targets are drawn so far towards one half
	Positive  []float32                      // (C) w, or nil for 1 each

	logits []float32
	count  int
}

// Width is 1.
func (k *BinaryCrossEntropy) Width() int { return 1 }

// Weights is empty.
func (k *BinaryCrossEntropy) Weights() []*Weight { return nil }

// Loss marks the output as a loss.
func (k *BinaryCrossEntropy) Loss() {}

// Forward returns the mean loss; 0 when nothing is labelled.
func (k *BinaryCrossEntropy) Forward(p *Pass, in [][]float32) []float32 {
	k.logits = in[0]
	k.count = 0
	sum := 0.0
	for i, target := range k.Targets(p.Batch) {
		if target == float32(batch.Ignore) {
			continue
		}
		z, y := float64(k.logits[i]), k.soft(target)
		sum += k.positive(i)*y*softplus(-z) + (1-y)*softplus(z)
		k.count++
	}
	out := p.Take(1)
	out[0] = float32(sum / float64(max(k.count, 1)))
	return out
}

// Backward is  (1-y) s(z) - w y (1 - s(z)), over the number of entries.
func (k *BinaryCrossEntropy) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dz := p.Zeros(len(k.logits))
	g := float64(dy[0]) / float64(max(k.count, 1))
	for i, target := range k.Targets(p.Batch) {
		if target == float32(batch.Ignore) {
			continue
		}
		s, y := Sigmoid(float64(k.logits[i])), k.soft(target)
		dz[i] = float32(g * ((1-y)*s - k.positive(i)*y*(1-s)))
	}
	return one(dz)
}

// soft is a target after smoothing.
func (k *BinaryCrossEntropy) soft(target float32) float64 {
	return float64(target)*(1-float64(k.Smoothing)) + float64(k.Smoothing)/2
}

func (k *BinaryCrossEntropy) positive(entry int) float64 {
	if k.Positive == nil {
		return 1
	}
	return float64(k.Positive[entry%k.Cols])
}

// softplus is log(1 + exp(x)), which does not overflow.
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Sigmoid is 1 / (1 + exp(-x)).
func Sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
