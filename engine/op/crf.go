package op

import (
	"slices"

	"defrost/engine/batch"
	"defrost/engine/gemm"
)

// A CRF is the loss of a linear-chain conditional random field (Lafferty et al. 2001): the mean over
// words of  log Z - score(y), where
//
//	score(y) = begin[y_1] + sum_t z_t[y_t] + sum_t move[y_t-1, y_t] + end[y_T]
//
// and Z sums exp(score) over all sequences of tags. The input is (R, C), a row for each word.
// Everything is computed in float64 and log space. A sequence with a word labelled batch.Ignore
// takes no part.
type CRF struct {
	Labels  func(b *batch.Batch) []int32 // (R)
	Borders func(b *batch.Batch) []int32 // (B+1) first row of each sequence
	Cols    int                          // C

	Move       *Weight // (C, C) from a tag to the next
	Begin, End *Weight // (C)

	z     []float32
	words int       // that take part
	grads []float64 // of Move, Begin and End, sequence by sequence
}

// Width is 1.
func (k *CRF) Width() int { return 1 }

// Weights lists what a tag owes to its neighbours.
func (k *CRF) Weights() []*Weight { return []*Weight{k.Move, k.Begin, k.End} }

// Loss marks the output as a loss.
func (k *CRF) Loss() {}

// Forward returns the mean loss; 0 when no sequence takes part.
func (k *CRF) Forward(p *Pass, in [][]float32) []float32 {
	k.z = in[0]
	chains := k.chains(p.Batch)
	losses := make([]float64, len(chains))
	gemm.Parallel(len(chains), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if c := chains[i]; c.labels != nil {
				losses[i] = c.partition(c.forward()) - c.score()
			}
		}
	})
	sum := 0.0
	k.words = 0
	for i, c := range chains {
		sum += losses[i]
		k.words += len(c.labels)
	}
	out := p.Take(1)
	out[0] = float32(sum / float64(max(k.words, 1)))
	return out
}

// Backward is, for every choice of tag and of neighbouring tags, its probability minus whether it
// was made.
func (k *CRF) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	dz := p.Zeros(len(k.z))
	chains := k.chains(p.Batch)
	g := float64(dy[0]) / float64(max(k.words, 1))
	size := k.size()
	k.grads = slices.Grow(k.grads[:0], size*len(chains))[:size*len(chains)]
	clear(k.grads)
	gemm.Parallel(len(chains), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if c := chains[i]; c.labels != nil {
				c.backward(dz[c.first*k.Cols:], k.grads[i*size:(i+1)*size], g)
			}
		}
	})
	k.addWeights()
	if !want[0] {
		p.Give(dz)
		return one(nil)
	}
	return one(dz)
}

// size is the number of values of all weights.
func (k *CRF) size() int { return k.Cols*k.Cols + 2*k.Cols }

// addWeights adds the sequences' gradients in their order, whatever worker computed them.
func (k *CRF) addWeights() {
	c := k.Cols
	for _, part := range []struct {
		w    *Weight
		from int
	}{{k.Move, 0}, {k.Begin, c * c}, {k.End, c*c + c}} {
		if part.w.Frozen() {
			continue
		}
		for i := range part.w.Grad {
			sum := 0.0
			for at := part.from + i; at < len(k.grads); at += k.size() {
				sum += k.grads[at]
			}
			part.w.Grad[i] += float32(sum)
		}
	}
}

// chains are the sequences; those that take no part have no labels.
func (k *CRF) chains(b *batch.Batch) []chain {
	borders, labels := k.Borders(b), k.Labels(b)
	list := make([]chain, len(borders)-1)
	for i := range list {
		from, to := int(borders[i]), int(borders[i+1])
		list[i] = chain{CRF: k, first: from, z: k.z[from*k.Cols : to*k.Cols], labels: labels[from:to]}
		for _, l := range labels[from:to] {
			if l == batch.Ignore {
				list[i].labels = nil
				break
			}
		}
		if from == to {
			list[i].labels = nil
		}
	}
	return list
}
