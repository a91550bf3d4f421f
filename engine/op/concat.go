package op

// A Concat puts matrices of equally many rows side by side.
type Concat struct{ Cols []int } // of each input

// Width is the sum of the inputs' columns.
func (k *Concat) Width() int {
	n := 0
	for _, c := range k.Cols {
		n += c
	}
	return n
}

// Weights is empty.
func (k *Concat) Weights() []*Weight { return nil }

// Forward is  for r { y[r] = in_0[r] ++ in_1[r] ++ ... }.
func (k *Concat) Forward(p *Pass, in [][]float32) []float32 {
	width := k.Width()
	rows := len(in[0]) / k.Cols[0]
	y := p.Take(rows * width)
	at := 0
	for i, c := range k.Cols {
		for r := range rows {
			copy(y[r*width+at:][:c], in[i][r*c:])
		}
		at += c
	}
	return y
}

// Backward cuts the gradient again.
func (k *Concat) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	width := k.Width()
	rows, at := len(dy)/width, 0
	din := make([][]float32, len(k.Cols))
	for i, c := range k.Cols {
		if want[i] {
			din[i] = p.Take(rows * c)
			for r := range rows {
				copy(din[i][r*c:(r+1)*c], dy[r*width+at:])
			}
		}
		at += c
	}
	return din
}
