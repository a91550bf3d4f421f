// Package op holds the fused operations that Defrost trains with.
//
// Gorgonia keeps the graph, differentiates it and runs the tape; all arithmetic happens in the
// kernels of this package, which work on packed (N, H) activations and carry hand-written
// backward passes. A kernel is one file: its formula, forward, backward. fused.go is the only
// place that speaks Gorgonia's language.
package op

// A Kernel is one differentiable operation. Calls alternate: Forward, then at most one Backward.
//
// Slices returned by Forward and Backward come from Pass.Take. The caller gives them back when no
// reader is left, so a kernel never keeps its output or the gradients it returns.
type Kernel interface {
	// Forward computes the output from the activations in, which stay valid until Backward.
	Forward(p *Pass, in [][]float32) []float32
	// Backward takes the gradient of the output, adds the gradients of the thawed weights to
	// Weight.Grad and returns the gradients of the inputs; din[i] is nil where want[i] is false.
	Backward(p *Pass, dout []float32, want []bool) (din [][]float32)
	// Weights lists the parameters the kernel reads.
	Weights() []*Weight
	// Width is the number of columns of the output.
	Width() int
}

// one is the gradient list of a kernel with a single input.
func one(g []float32) [][]float32 { return [][]float32{g} }
