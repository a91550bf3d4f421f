package op

import (
	"defrost/engine/batch"
	"defrost/engine/vec"
)

// A Span is the loss of finding an answer in a text (Devlin et al. 2019): the mean of two
// cross-entropies over the tokens of each sequence, one for where the answer begins and one for
// where it ends. The input is (N, 2) logits. Sequences without an answer, batch.Ignore, take no part.
type Span struct {
	logits []float32
	counts [2]int // sequences that take part
}

// Width is 1.
func (k *Span) Width() int { return 1 }

// Weights is empty.
func (k *Span) Weights() []*Weight { return nil }

// Loss marks the output as a loss.
func (k *Span) Loss() {}

// Forward returns the loss; 0 when no sequence has an answer.
func (k *Span) Forward(p *Pass, in [][]float32) []float32 {
	k.logits = in[0]
	loss := 0.0
	for c := range k.counts {
		sum := 0.0
		k.counts[c] = 0
		k.each(p.Batch, c, func(z []float32, label, _ int) {
			sum += float64(vec.LogSumExp(z) - z[label])
			k.counts[c]++
		})
		loss += sum / float64(2*max(k.counts[c], 1))
	}
	out := p.Take(1)
	out[0] = float32(loss)
	return out
}

// Backward returns (softmax(z) - target) / count, halved, for both columns.
func (k *Span) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dz := p.Zeros(len(k.logits))
	for c, n := range k.counts {
		g := dy[0] / float32(2*max(n, 1))
		k.each(p.Batch, c, func(z []float32, label, from int) {
			vec.Softmax(z, 1)
			z[label]--
			for i, v := range z {
				dz[2*(from+i)+c] = g * v
			}
		})
	}
	return one(dz)
}

// each calls f with column c of every sequence that has an answer, a copy, and its first row.
func (k *Span) each(b *batch.Batch, c int, f func(z []float32, label, from int)) {
	for i, label := range [][]int32{b.Starts, b.Ends}[c] {
		if label == batch.Ignore {
			continue
		}
		from, to := b.Bounds(i)
		z := scratch(to - from)
		for r := range *z {
			(*z)[r] = k.logits[2*(from+r)+c]
		}
		f(*z, int(label), from)
		release(z)
	}
}
