package op

import (
	"math"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A KV remembers the keys and values of a text's tokens, so that a causal model reads each once.
type KV struct{ keys, values []float32 } // (T, H) each

// Clone is a copy that goes on by itself.
func (c *KV) Clone() KV { return KV{slices.Clone(c.keys), slices.Clone(c.values)} }

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
	qkv, h := in[0], k.Cols
	past, n := len(k.Cache.keys)/h, len(qkv)/(3*h)
	for i := range n {
		k.Cache.keys = append(k.Cache.keys, qkv[(3*i+1)*h:(3*i+2)*h]...)
		k.Cache.values = append(k.Cache.values, qkv[(3*i+2)*h:(3*i+3)*h]...)
	}
	ctx := p.Zeros(n * h)
	gemm.Parallel(k.Heads, 1, func(lo, hi int) {
		buf := scratch(past + n)
		defer release(buf)
		for head := lo; head < hi; head++ {
			for i := range n {
				k.attend(ctx[i*h:(i+1)*h], qkv[3*i*h:(3*i+1)*h], (*buf)[:past+i+1], head*h/k.Heads)
			}
		}
	})
	return ctx
}

// attend is  ctx = softmax(q K^T / sqrt(D)) V  for one token and the head whose columns start at col.
func (k *CachedAttention) attend(ctx, q, scores []float32, col int) {
	d := k.Cols / k.Heads
	for j := range scores {
		scores[j] = vec.Dot(q[col:col+d], k.Cache.keys[j*k.Cols+col:])
	}
	vec.Softmax(scores, float32(1/math.Sqrt(float64(d))))
	for j, s := range scores {
		vec.Axpy(s, k.Cache.values[j*k.Cols+col:], ctx[col:col+d])
	}
}

// Backward is not there.
func (k *CachedAttention) Backward(*Pass, []float32, []bool) [][]float32 {
	panic("op: attention over a cache has no gradient")
}
