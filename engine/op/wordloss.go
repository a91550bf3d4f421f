package op

import (
	"fmt"

	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A WordLoss is the mean over labelled rows of  logsumexp(z) - z[label]  with  z = W x + b, an
// output layer and its loss in one. A vocabulary has thousands of words, so z is computed for a
// few rows at a time, its gradient with it, and never kept: memory does not grow with rows x words.
//
// With Candidates the sum runs over some words only, each standing for all those that had the same
// chance of being drawn (importance sampling: Bengio and Senecal 2008):
//
//	Z = exp(z[label]) + sum over candidates c != label of exp(z[c]) / q[c]
//
// which is the whole sum in the mean over draws.
type WordLoss struct {
	Words      *Weight                         // (V, H)
	Bias       *Weight                         // (V), or nil
	Labels     func(b *batch.Batch) []int32    // (R) places among the candidates, batch.Ignore for none
	Candidates func(b *batch.Batch) Candidates // nil: every word is one

	among      Candidates
	dx, dw, db []float32 // (R, H), (C, H), (C): gradients of the loss
}

// Candidates are the words that a sum over the vocabulary is estimated from, each once.
type Candidates struct {
	Words []int32   // (C)
	LogQ  []float32 // (C) logarithm of the chance that the word is among them
}

// wordRows is how many rows share one product: enough for the matrix kernels, few enough to stay
// out of memory.
const wordRows = 512

// Width is 1.
func (k *WordLoss) Width() int { return 1 }

// Weights lists the words and their biases.
func (k *WordLoss) Weights() []*Weight {
	if k.Bias == nil {
		return []*Weight{k.Words}
	}
	return []*Weight{k.Words, k.Bias}
}

// Loss marks the output as a loss.
func (k *WordLoss) Loss() {}

func (k *WordLoss) cols() int { return k.Words.Shape[1] }

// Forward returns the mean loss, 0 when no row is labelled, and keeps its gradients when they will
// be asked for.
func (k *WordLoss) Forward(p *Pass, in [][]float32) []float32 {
	costs, sum := k.costs(p, in[0]), 0.0
	for _, c := range costs {
		sum += float64(c)
	}
	loss := p.Take(1)
	loss[0] = float32(sum / float64(labelled(k.Labels(p.Batch))))
	p.Give(costs)
	return loss
}

// costs is the loss of every row (R), 0 where it has no label. It keeps the gradients of their mean.
func (k *WordLoss) costs(p *Pass, x []float32) []float32 {
	labels, h := k.Labels(p.Batch), k.cols()
	if len(x) != len(labels)*h {
		panic(fmt.Sprintf("op: %d labels for %d states of %d columns", len(labels), len(x)/h, h))
	}
	w, shift := k.words(p)
	if p.Live {
		k.dx, k.dw, k.db = p.Take(len(x)), nil, nil
		if !k.Words.Frozen() {
			k.dw = p.Zeros(len(w))
		}
		if k.Bias != nil && !k.Bias.Frozen() {
			k.db = p.Zeros(len(shift))
		}
	}
	count, costs := labelled(labels), p.Take(len(labels))
	for from := 0; from < len(labels); from += wordRows {
		to := min(from+wordRows, len(labels))
		k.some(p, x[from*h:to*h], labels[from:to], costs[from:to], w, shift, from, count)
	}
	if k.Candidates != nil {
		p.Give(w)
	}
	p.Give(shift)
	return costs
}

// labelled counts the rows that take part, at least 1.
func labelled(labels []int32) int {
	n := 0
	for _, l := range labels {
		if l != batch.Ignore {
			n++
		}
	}
	return max(n, 1)
}

// words gathers the candidates' rows, and what is added to each one's score where it is not the
// label: its bias less the logarithm of its chance.
func (k *WordLoss) words(p *Pass) (w, shift []float32) {
	h := k.cols()
	if k.Candidates == nil {
		k.among = Candidates{}
		shift = p.Zeros(k.Words.Shape[0])
		if k.Bias != nil {
			copy(shift, k.Bias.Value)
		}
		return k.Words.Value, shift
	}
	k.among = k.Candidates(p.Batch)
	w, shift = p.Take(len(k.among.Words)*h), p.Take(len(k.among.Words))
	for i, id := range k.among.Words {
		copy(w[i*h:(i+1)*h], row(k.Words.Value, id, h))
		shift[i] = -k.among.LogQ[i]
		if k.Bias != nil {
			shift[i] += k.Bias.Value[id]
		}
	}
	return w, shift
}

// some computes the losses of rows [from, from+len(labels)), and leaves their gradients.
func (k *WordLoss) some(p *Pass, x []float32, labels []int32, losses, w, shift []float32, from, count int) {
	n, c, h := len(labels), len(shift), k.cols()
	z := p.Take(n * c)
	states, scores, words := gemm.Of(x, n, h), gemm.Of(z, n, c), gemm.Of(w, c, h)
	k.Words.product(scores, states, words.T(), gemm.Options{})
	gemm.Parallel(n, rowGrain(c), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			losses[r] = k.row(z[r*c:(r+1)*c], shift, labels[r], p.Live, 1/float32(count))
		}
	})
	if p.Live {
		k.Words.product(gemm.Of(k.dx[from*h:(from+n)*h], n, h), scores, words, gemm.Options{})
	}
	if p.Live && k.dw != nil {
		k.Words.product(gemm.Of(k.dw, c, h), scores.T(), states, gemm.Options{Accumulate: true})
	}
	if p.Live && k.db != nil {
		columnSums(k.db, scores)
	}
	p.Give(z)
}

// row is the loss of one row of scores, which it turns into their gradient, scaled by g.
func (k *WordLoss) row(z, shift []float32, label int32, live bool, g float32) float32 {
	if label == batch.Ignore {
		clear(z)
		return 0
	}
	vec.AddTo(z, shift)
	if k.among.LogQ != nil {
		z[label] += k.among.LogQ[label]
	}
	loss := vec.LogSumExp(z) - z[label]
	if live {
		vec.Softmax(z, 1)
		z[label]--
		vec.Scale(g, z)
	}
	return loss
}

// Backward hands out what Forward left.
func (k *WordLoss) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	if !k.Words.Frozen() {
		k.scatter(k.Words.Grad, k.dw, k.cols(), dy[0])
	}
	if k.Bias != nil && !k.Bias.Frozen() {
		k.scatter(k.Bias.Grad, k.db, 1, dy[0])
	}
	p.Give(k.dw)
	p.Give(k.db)
	if !want[0] {
		p.Give(k.dx)
		return one(nil)
	}
	if dy[0] != 1 {
		vec.Scale(dy[0], k.dx)
	}
	return one(k.dx)
}

// scatter is  for i, w := range words { dst[w] += g src[i] }  for rows of h columns.
func (k *WordLoss) scatter(dst, src []float32, h int, g float32) {
	if k.among.Words == nil {
		vec.Axpy(g, src, dst)
		return
	}
	for i, id := range k.among.Words {
		vec.Axpy(g, src[i*h:(i+1)*h], row(dst, id, h))
	}
}
