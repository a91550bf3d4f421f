package op

import (
	"math"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A KV remembers the keys and values of a text's tokens, so that a causal model reads each once.
// Those of one head lie together, (T, D), since they are read head by head.
type KV struct{ keys, values [][]float32 }

// Clone is a copy that goes on by itself.
func (c *KV) Clone() KV { return KV{cloneEach(c.keys), cloneEach(c.values)} }

func cloneEach(heads [][]float32) [][]float32 {
	list := slices.Clone(heads)
	for i := range list {
		list[i] = slices.Clone(list[i])
	}
	return list
}

// add appends the keys and values of tokens whose rows of qkv are (3, heads, d).
func (c *KV) add(qkv []float32, heads, d int) {
	if c.keys == nil {
		c.keys, c.values = make([][]float32, heads), make([][]float32, heads)
	}
	for h := heads * d; len(qkv) > 0; qkv = qkv[3*h:] {
		for i := range heads {
			c.keys[i] = append(c.keys[i], qkv[h+i*d:][:d]...)
			c.values[i] = append(c.values[i], qkv[2*h+i*d:][:d]...)
		}
	}
}

// tokens is T.
func (c *KV) tokens(d int) int {
	if c.keys == nil {
		return 0
	}
	return len(c.keys[0]) / d
}

// A CachedAttention is causal Attention over a text that comes piece by piece: the batch is one
// sequence, the tokens after those that Cache holds. It is for generating and has no gradient.
type CachedAttention struct {
	Heads, Cols int // H = Cols, D = Cols / Heads
	Cache       *KV
}

// Width is H.
func (k *CachedAttention) Width() int { return k.Cols }

// Weights is empty.
func (k *CachedAttention) Weights() []*Weight { return nil }

// Forward adds the batch to the cache and lets each of its tokens see all that is before it.
func (k *CachedAttention) Forward(p *Pass, in [][]float32) []float32 {
	qkv, h, d := in[0], k.Cols, k.Cols/k.Heads
	past, n := k.Cache.tokens(d), len(qkv)/(3*h)
	k.Cache.add(qkv, k.Heads, d)
	ctx := p.Zeros(n * h)
	gemm.Parallel(k.Heads, 1, func(lo, hi int) {
		buf := scratch(past + n)
		defer release(buf)
		for head := lo; head < hi; head++ {
			for i := range n {
				at := i*h + head*d
				k.attend(ctx[at:at+d], qkv[at+2*i*h:][:d], (*buf)[:past+i+1], head)
			}
		}
	})
	return ctx
}

// attend is  ctx = softmax(q K^T / sqrt(D)) V  for one token and one head.
func (k *CachedAttention) attend(ctx, q, scores []float32, head int) {
	d := len(q)
	keys, values := k.Cache.keys[head], k.Cache.values[head]
	for j := range scores {
		scores[j] = vec.Dot(q, keys[j*d:])
	}
	vec.Softmax(scores, float32(1/math.Sqrt(float64(d))))
	for j, s := range scores {
		vec.Axpy(s, values[j*d:], ctx)
	}
}

// Backward is not there.
func (k *CachedAttention) Backward(*Pass, []float32, []bool) [][]float32 {
	panic("op: attention over a cache has no gradient")
}
