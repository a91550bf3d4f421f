package op

// A Sum is several losses added, one input each: a classifier's and a language model's, say. The
// losses carry their own weights.
type Sum struct{ Losses []Kernel }

// Width is 1.
func (k *Sum) Width() int { return 1 }

// Weights lists those of all losses.
func (k *Sum) Weights() []*Weight {
	var ws []*Weight
	for _, l := range k.Losses {
		ws = append(ws, l.Weights()...)
	}
	return ws
}

// Loss marks the output as a loss.
func (k *Sum) Loss() {}

// Forward is  for i { y += loss_i(in_i) }.
func (k *Sum) Forward(p *Pass, in [][]float32) []float32 {
	sum := p.Zeros(1)
	for i, l := range k.Losses {
		y := l.Forward(p, in[i:i+1])
		sum[0] += y[0]
		p.Give(y)
	}
	return sum
}

// Backward gives every loss the gradient of the sum.
func (k *Sum) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	din := make([][]float32, len(k.Losses))
	for i, l := range k.Losses {
		if want[i] {
			din[i] = l.Backward(p, dy, want[i:i+1])[0]
		}
	}
	return din
}
