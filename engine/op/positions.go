package op

import (
	"math"

	"defrost/engine/gemm"
)

// RelPositions are the encodings of distances between tokens (Transformer-XL, Dai et al. 2019):
// sines, then cosines, of  distance / 10000^(2c/H).
type RelPositions struct {
	Cols  int // H, even
	Clamp int // larger distances count as this one; 0 or less means no limit

	longest int
	table   []float32 // (2 longest - 1, H), distances longest-1 down to -(longest-1)
}

// Rows returns the encodings (2T-1, H) of distances T-1 down to -(T-1).
func (k *RelPositions) Rows(t int) []float32 {
	if t == 0 {
		return nil
	}
	if t > k.longest {
		k.grow(t)
	}
	skip := k.longest - t
	return k.table[skip*k.Cols : (skip+2*t-1)*k.Cols]
}

// grow is  for r { d := T-1-r; table[r] = sin(d freq) ++ cos(d freq) }.
func (k *RelPositions) grow(t int) {
	half := k.Cols / 2
	k.longest, k.table = t, make([]float32, (2*t-1)*k.Cols)
	gemm.Parallel(2*t-1, rowGrain(16*k.Cols), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			d := k.distance(t - 1 - r)
			for c := range half {
				sin, cos := math.Sincos(d * math.Pow(10000, -2*float64(c)/float64(k.Cols)))
				k.table[r*k.Cols+c], k.table[r*k.Cols+half+c] = float32(sin), float32(cos)
			}
		}
	})
}

func (k *RelPositions) distance(d int) float64 {
	if k.Clamp > 0 {
		d = min(max(d, -k.Clamp), k.Clamp)
	}
	return float64(d)
}

// A RelProjection is  dropout(R) W^T  for the encodings R of all distances in the batch. It has no
// input; the output is (2T-1, H) with T the longest sequence.
type RelProjection struct {
	Linear
	Positions *RelPositions
	Dropout   Rate
}

// Forward drops a copy of the encodings and projects it.
func (k *RelProjection) Forward(p *Pass, _ [][]float32) []float32 {
	rows := k.Positions.Rows(p.Batch.Longest())
	x := p.Take(len(rows))
	k.Dropout.apply(p, x, rows, 0)
	y := k.Linear.Forward(p, one(x))
	if !p.Live {
		p.Give(x)
	}
	return y
}

// Backward has weight gradients only.
func (k *RelProjection) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	k.Linear.Backward(p, dy, []bool{false})
	p.Give(k.x)
	return nil
}
