package op

import (
	"defrost/engine/batch"
)

// WordCosts is a WordLoss row by row: what each labelled row costs, 0 for the others. Only their
// mean, by LabelledMean, can be trained on: the gradients that it needs are made on the way forward.
type WordCosts struct{ Loss WordLoss }

// Width is 1.
func (k *WordCosts) Width() int { return 1 }

// Weights lists the words and their biases.
func (k *WordCosts) Weights() []*Weight { return k.Loss.Weights() }

// Forward returns (R) costs.
func (k *WordCosts) Forward(p *Pass, in [][]float32) []float32 { return k.Loss.costs(p, in[0]) }

// Backward takes the gradient of a mean: the same for every labelled row.
func (k *WordCosts) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	labels := k.Loss.Labels(p.Batch)
	g := float32(0)
	for i, l := range labels {
		if l != batch.Ignore {
			g = dy[i]
			break
		}
	}
	for i, l := range labels {
		if l != batch.Ignore && dy[i] != g {
			panic("op: costs of words have different gradients, expected those of their mean")
		}
	}
	return k.Loss.Backward(p, []float32{g * float32(labelled(labels))}, want)
}

// A LabelledMean is the mean of those rows of (R, 1) that have a label, 0 where none has.
type LabelledMean struct {
	Labels func(b *batch.Batch) []int32 // (R), batch.Ignore for none
}

// Width is 1.
func (k *LabelledMean) Width() int { return 1 }

// Weights is empty.
func (k *LabelledMean) Weights() []*Weight { return nil }

// Loss marks the output as a loss.
func (k *LabelledMean) Loss() {}

// Forward adds up in double precision.
func (k *LabelledMean) Forward(p *Pass, in [][]float32) []float32 {
	labels, sum := k.Labels(p.Batch), 0.0
	for i, l := range labels {
		if l != batch.Ignore {
			sum += float64(in[0][i])
		}
	}
	mean := p.Take(1)
	mean[0] = float32(sum / float64(labelled(labels)))
	return mean
}

// Backward spreads dy over the labelled rows.
func (k *LabelledMean) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	labels := k.Labels(p.Batch)
	dx, g := p.Zeros(len(labels)), dy[0]/float32(labelled(labels))
	for i, l := range labels {
		if l != batch.Ignore {
			dx[i] = g
		}
	}
	return one(dx)
}
