package op

import (
	"math"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Pooling says how the rows of a sequence become one vector.
type Pooling string

// The poolings a head can use.
const (
	PoolFirst Pooling = "cls"  // the first token: [CLS], <s>
	PoolLast  Pooling = "last" // the last token: XLNet's <cls>, a causal model's end
	PoolMean  Pooling = "mean" // the average of all tokens
	PoolMax   Pooling = "max"  // the largest value of each column
)

// A Pool turns (N, H) into (B, H).
type Pool struct {
	Kind Pooling
	Cols int
	Skip int // rows left out at both ends, as ELMo's <S> and </S>

	Picked bool // the input is (B, H), the row of each sequence that the pooling reads

	arg []int32 // (B, H) row of each maximum
}

// Width is H.
func (k *Pool) Width() int { return k.Cols }

// Weights is empty.
func (k *Pool) Weights() []*Weight { return nil }

// Forward pools each sequence.
func (k *Pool) Forward(p *Pass, in [][]float32) []float32 {
	x, h := in[0], k.Cols
	b := p.Batch.Len()
	y := p.Take(b * h)
	if k.Picked {
		copy(y, x)
		k.clearEmpty(p, y)
		return y
	}
	if k.Kind == PoolMax && len(k.arg) < b*h {
		k.arg = make([]int32, b*h)
	}
	for i := range b {
		from, to := k.bounds(p, i)
		k.sequence(y[i*h:i*h+h], x, i, from, to)
	}
	return y
}

// clearEmpty clears the rows of x (B, H) that belong to texts without words.
func (k *Pool) clearEmpty(p *Pass, x []float32) {
	for i := range p.Batch.Len() {
		if from, to := p.Batch.Bounds(i); from == to {
			clear(x[i*k.Cols : (i+1)*k.Cols])
		}
	}
}

// bounds are the rows of sequence i that count; a sequence with no others counts whole.
func (k *Pool) bounds(p *Pass, i int) (from, to int) {
	from, to = p.Batch.Bounds(i)
	if to-from > 2*k.Skip {
		return from + k.Skip, to - k.Skip
	}
	return from, to
}

func (k *Pool) sequence(y, x []float32, i, from, to int) {
	h := k.Cols
	if from == to {
		clear(y) // a text without words
		return
	}
	switch k.Kind {
	case PoolFirst:
		copy(y, x[from*h:from*h+h])
	case PoolLast:
		copy(y, x[(to-1)*h:to*h])
	case PoolMean:
		clear(y)
		for r := from; r < to; r++ {
			vec.AddTo(y, x[r*h:r*h+h])
		}
		vec.Scale(1/float32(to-from), y)
	case PoolMax:
		k.max(y, k.arg[i*h:i*h+h], x, from, to)
	default:
		panic("op: unknown pooling " + string(k.Kind))
	}
}

func (k *Pool) max(y []float32, arg []int32, x []float32, from, to int) {
	vec.Fill(y, float32(math.Inf(-1)))
	for r := from; r < to; r++ {
		for c, v := range x[r*k.Cols : (r+1)*k.Cols] {
			if v > y[c] || r == from {
				y[c], arg[c] = v, int32(r)
			}
		}
	}
}

// Backward spreads each sequence's gradient over the rows it came from.
func (k *Pool) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	h := k.Cols
	if k.Picked {
		dx := p.Take(len(dy))
		copy(dx, dy)
		k.clearEmpty(p, dx)
		return one(dx)
	}
	dx := p.Zeros(p.Batch.Tokens() * h)
	gemm.Parallel(p.Batch.Len(), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			from, to := k.bounds(p, i)
			k.spread(dx, dy[i*h:i*h+h], i, from, to)
		}
	})
	return one(dx)
}

func (k *Pool) spread(dx, dy []float32, i, from, to int) {
	h := k.Cols
	if from == to {
		return
	}
	switch k.Kind {
	case PoolFirst:
		copy(dx[from*h:from*h+h], dy)
	case PoolLast:
		copy(dx[(to-1)*h:to*h], dy)
	case PoolMean:
		for r := from; r < to; r++ {
			vec.Axpy(1/float32(to-from), dy, dx[r*h:r*h+h])
		}
	case PoolMax:
		for c, r := range k.arg[i*h : i*h+h] {
			dx[int(r)*h+c] += dy[c]
		}
	}
}
