package metric

import (
	"math"
	"slices"
)

// bleuOrder is the longest n-gram BLEU counts.
const bleuOrder = 4

// BLEU is the corpus score of Papineni et al. 2002 as sacreBLEU computes it by
// default: 13a tokens, case kept, orders 1 to 4, exponential smoothing.
type BLEU struct {
	right, total [bleuOrder]int
	length, want int // tokens predicted; tokens of the closest references
}

// NewBLEU returns an empty measure.
func NewBLEU() *BLEU { return &BLEU{} }

// Name is BLEU.
func (b *BLEU) Name() string { return "BLEU" }

// Add counts one sentence against its references.
func (b *BLEU) Add(references []string, predicted string) {
	words := tokens13a(predicted)
	refs := make([][]string, len(references))
	for i, r := range references {
		refs[i] = tokens13a(r)
	}
	b.length += len(words)
	b.want += closest(refs, len(words))
	for n := range bleuOrder {
		best := map[string]int{}
		for _, r := range refs {
			for g, c := range grams(r, n+1) {
				best[g] = max(best[g], c)
			}
		}
		b.right[n] += overlap(grams(words, n+1), best)
		b.total[n] += max(0, len(words)-n)
	}
}

// Join adds what another measure has counted, so that resampled examples need not be counted again.
func (b *BLEU) Join(other *BLEU) {
	b.length, b.want = b.length+other.length, b.want+other.want
	for n := range bleuOrder {
		b.right[n] += other.right[n]
		b.total[n] += other.total[n]
	}
}

// closest is the reference length nearest to n, the shorter of two as near.
func closest(refs [][]string, n int) int {
	if len(refs) == 0 {
		return 0
	}
	best := slices.MinFunc(refs, func(a, b []string) int {
		if d := distance(len(a), n) - distance(len(b), n); d != 0 {
			return d
		}
		return len(a) - len(b)
	})
	return len(best)
}

func distance(a, b int) int { return max(a-b, b-a) }

// Precisions are the n-gram precisions for n = 1 to 4, 0 to 1, smoothed: the
// k-th order without a match counts as 1/2^k matches (Chen and Cherry 2014,
// method 3).
func (b *BLEU) Precisions() [bleuOrder]float64 {
	var p [bleuOrder]float64
	smooth := 1.0
	for n := range p {
		switch {
		case b.total[n] == 0:
			return p
		case b.right[n] == 0:
			smooth *= 2
			p[n] = 1 / (smooth * float64(b.total[n]))
		default:
			p[n] = float64(b.right[n]) / float64(b.total[n])
		}
	}
	return p
}

// Brevity is the penalty for predictions shorter than the references, 0 to 1.
func (b *BLEU) Brevity() float64 {
	switch {
	case b.length >= b.want:
		return 1
	case b.length == 0:
		return 0
	}
	return math.Exp(1 - float64(b.want)/float64(b.length))
}

// Value is the score from 0 to 100: the geometric mean of the precisions times
// the brevity penalty.
func (b *BLEU) Value() float64 {
	if b.right == [bleuOrder]int{} {
		return 0
	}
	sum := 0.0
	for _, p := range b.Precisions() {
		sum += math.Log(p)
	}
	return 100 * b.Brevity() * math.Exp(sum/bleuOrder)
}

// Reset forgets all sentences.
func (b *BLEU) Reset() { *b = BLEU{} }
