package op

import (
	"math"
	"slices"

	"defrost/engine/gemm"
)

// A Best is an output layer of which only the highest scores are wanted: z = W x for the Keep words
// that score highest, and -Inf for words that certainly do not. To read W is most of what a token
// costs when a text is written, so the words are looked through in bfloat16, half as much to read,
// and only those that rounding leaves in doubt are computed. With x' and w' rounded, and
// g = H u / (1 - H u) for a sum of H products whose unit roundoff is u (Higham 2002, section 3.1),
//
//	|z - z'| <= |x| |w - w'| + |x - x'| |w'| + g (|x| |w| + |x'| |w'|)
//
// in Euclidean norms, so that no word is lost. What is computed has the bits that a Linear gives it.
type Best struct {
	Words *Weight // (V, H)
	Keep  int     // at least 1

	plain bool // so many words were in doubt that looking through them is not worth it

	least, most []float32 // (V) what the scores are at least and at most
	top         []float32 // (Keep)
	doubt       []int32
}

// sift is the share of words in doubt, one in so many, from which nothing is saved.
const sift = 8

// Width is V.
func (k *Best) Width() int { return k.Words.Shape[0] }

// Weights is the words.
func (k *Best) Weights() []*Weight { return []*Weight{k.Words} }

// Forward returns (R, V) from states (R, H).
func (k *Best) Forward(p *Pass, in [][]float32) []float32 {
	v, h := k.Words.Shape[0], k.Words.Shape[1]
	rows := len(in[0]) / h
	z, x := gemm.Of(p.Take(rows*v), rows, v), gemm.Of(in[0], rows, h)
	words := part{to: v, transposed: true}
	if !k.plain && k.Words.Frozen() && !k.Words.InBF16() {
		gemm.MulPacked(z, x, k.Words.packedRows(h, words, true), gemm.Options{})
		for r := 0; r < rows && !k.plain; r++ {
			k.plain = !k.row(p, z.Data[r*v:(r+1)*v], x.Data[r*h:(r+1)*h])
		}
		if !k.plain {
			return z.Data
		}
	}
	k.Words.multiply(z, x, h, words, true, gemm.Options{})
	return z.Data
}

// row turns the rough scores of a row into what Forward returns, unless too many are in doubt.
func (k *Best) row(p *Pass, z, x []float32) bool {
	k.bound(z, x)
	floor := k.floor()
	k.doubt = k.doubt[:0]
	for i, most := range k.most {
		if !(most < floor) { // a score that is no number is in doubt
			k.doubt = append(k.doubt, int32(i))
		}
	}
	n, h := len(k.doubt), len(x)
	if n > len(z)/sift {
		return false
	}
	w, exact := p.Take(n*h), p.Take(n)
	for i, id := range k.doubt {
		copy(w[i*h:(i+1)*h], row(k.Words.Value, id, h))
	}
	gemm.Mul(gemm.Of(exact, 1, n), gemm.Of(x, 1, h), gemm.Of(w, n, h).T(), gemm.Options{})
	for i := range z {
		z[i] = float32(math.Inf(-1))
	}
	for i, id := range k.doubt {
		z[id] = exact[i]
	}
	p.Give(w)
	p.Give(exact)
	return true
}

// bound says between what limits the scores lie whose rough values are z.
func (k *Best) bound(z, x []float32) {
	const (
		up   = 1 + 1e-5 // for the roundings of the limits themselves
		ends = 0x1p-22  // and of the last addition
	)
	whole, lost := rounding(x)
	sums := float64(len(x)) * 0x1p-24
	sums /= 1 - sums
	byNorm := float32(up * (lost + sums*(whole+whole+lost)))
	byLoss := float32(up * (whole + lost + sums*(whole+lost)))
	norms, losses := k.Words.roundings(len(x))
	k.least, k.most = slices.Grow(k.least[:0], len(z))[:len(z)], slices.Grow(k.most[:0], len(z))[:len(z)]
	for i, s := range z {
		off := byNorm*norms[i] + byLoss*losses[i] + ends*max(s, -s)
		k.least[i], k.most[i] = s-off, s+off
	}
}

// floor is what Keep scores reach at least.
func (k *Best) floor() float32 {
	k.top = k.top[:0]
	for _, s := range k.least {
		switch {
		case len(k.top) < k.Keep && s == s:
		case len(k.top) > 0 && s > k.top[0]:
			k.top = slices.Delete(k.top, 0, 1)
		default:
			continue
		}
		at, _ := slices.BinarySearch(k.top, s)
		k.top = slices.Insert(k.top, at, s)
	}
	if len(k.top) < k.Keep {
		return float32(math.Inf(-1))
	}
	return k.top[0]
}

// rounding is the Euclidean norm of x, and that of what rounding to bfloat16 takes off it.
func rounding(x []float32) (whole, lost float64) {
	for _, v := range x {
		rest := float64(v) - float64(gemm.RoundBF16(v))
		whole, lost = whole+float64(v)*float64(v), lost+rest*rest
	}
	return math.Sqrt(whole), math.Sqrt(lost)
}

// Backward is not there.
func (k *Best) Backward(*Pass, []float32, []bool) [][]float32 {
	panic("op: the best scores have no gradient")
}
