package op

// A Tap passes activations (N, H) on and remembers them with the gradient that came back: what a
// loss owes to a place inside the network. Nothing below it takes a gradient on its account.
type Tap struct {
	Cols int // H

	Value []float32 // (N, H) of the last pass
	Grad  []float32 // (N, H), after Backward

	mark Weight // makes the program differentiate down to here; its own gradient means nothing
}

// NewTap returns a tap on activations of cols columns. name is unique in the program.
func NewTap(name string, cols int) *Tap {
	return &Tap{Cols: cols, mark: Weight{Name: name, Shape: []int{1}, Value: make([]float32, 1), Grad: make([]float32, 1)}}
}

// Width is H.
func (k *Tap) Width() int { return k.Cols }

// Weights is the mark.
func (k *Tap) Weights() []*Weight { return []*Weight{&k.mark} }

// Forward is  y = x.
func (k *Tap) Forward(p *Pass, in [][]float32) []float32 {
	k.Value = append(k.Value[:0], in[0]...)
	y := p.Take(len(in[0]))
	copy(y, in[0])
	return y
}

// Backward is  dx = dy.
func (k *Tap) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	k.Grad = append(k.Grad[:0], dy...)
	if !want[0] {
		return [][]float32{nil}
	}
	dx := p.Take(len(dy))
	copy(dx, dy)
	return one(dx)
}
