package op

import "defrost/engine/vec"

// A Twice is y = [x | x]: ELMo's lowest layer beside itself, as wide as the two directions above.
type Twice struct{ Cols int } // of the input

// Width is 2 Cols.
func (k *Twice) Width() int { return 2 * k.Cols }

// Weights is empty.
func (k *Twice) Weights() []*Weight { return nil }

// Forward copies each row twice.
func (k *Twice) Forward(p *Pass, in [][]float32) []float32 {
	x, h := in[0], k.Cols
	y := p.Take(2 * len(x))
	for i := 0; i < len(x); i += h {
		copy(y[2*i:], x[i:i+h])
		copy(y[2*i+h:], x[i:i+h])
	}
	return y
}

// Backward adds the halves.
func (k *Twice) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dx, h := p.Take(len(dy)/2), k.Cols
	for i := 0; i < len(dx); i += h {
		vec.Add(dx[i:i+h], dy[2*i:2*i+h], dy[2*i+h:2*i+2*h])
	}
	return one(dx)
}
