package op

// An Aside runs a kernel over the batch's target: what a task writes beside what it reads. The
// kernel sees Batch.Target as its batch. It remembers nothing between epochs, since its rows are not
// those of the batch.
type Aside struct{ Kernel }

// Forward runs the kernel's over the target.
func (k Aside) Forward(p *Pass, in [][]float32) []float32 {
	defer k.turn(p)()
	return k.Kernel.Forward(p, in)
}

// Backward runs the kernel's over the target.
func (k Aside) Backward(p *Pass, dy []float32, want []bool) [][]float32 {
	defer k.turn(p)()
	return k.Kernel.Backward(p, dy, want)
}

// turn makes the target the batch and returns what turns back.
func (k Aside) turn(p *Pass) func() {
	whole := p.Batch
	p.Batch = whole.Target
	return func() { p.Batch = whole }
}

// Volatile keeps the kernel out of the memory of a frozen prefix.
func (k Aside) Volatile() bool { return true }
