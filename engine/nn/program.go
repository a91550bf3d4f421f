package nn

import (
	"fmt"
	"math"

	_ "go4.org/unsafe/assume-no-moving-gc" // keeps Gorgonia's tensors from refusing this Go version
	"gorgonia.org/gorgonia"

	"defrost/engine/batch"
	"defrost/engine/op"
)

// A Program is a compiled graph. One program serves batches of any size, since kernels read the
// number of rows from the batch. It is not safe for concurrent use.
type Program struct {
	pass    *op.Pass
	vm      gorgonia.VM
	loss    func() []float32
	outputs []func() []float32
}

func (p *Program) compile(g *gorgonia.ExprGraph) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("nn: compiling: %v", r)
		}
	}()
	prog, locs, err := gorgonia.Compile(g)
	if err != nil {
		return fmt.Errorf("nn: compiling: %w", err)
	}
	p.vm = gorgonia.NewTapeMachine(g, gorgonia.WithPrecompiled(prog, locs))
	return nil
}

// A Step identifies the randomness of one run of a program.
type Step struct {
	Train bool // dropout is active
	Seed  uint64
	Step  uint64
}

// Run computes the batch and returns the loss, 0 without one. Gradients are added to those of the
// thawed weights. Outputs stay valid until the next Run.
func (p *Program) Run(b *batch.Batch, s Step) (float32, error) {
	p.pass.Begin(b)
	p.pass.Train, p.pass.Seed, p.pass.Step = s.Train, s.Seed, s.Step
	defer p.vm.Reset()
	if err := p.vm.RunAll(); err != nil {
		return 0, fmt.Errorf("nn: %w", err)
	}
	if p.loss == nil {
		return 0, nil
	}
	return p.loss()[0], nil
}

// Output reads output i of the last Run, to be copied by whoever keeps it.
func (p *Program) Output(i int) []float32 { return p.outputs[i]() }

// Bytes is the memory of the activations.
func (p *Program) Bytes() int { return p.pass.Bytes() }

// Remembered is the number of examples whose frozen prefix is known, and its bytes.
func (p *Program) Remembered() (examples, bytes int) {
	if p.pass.Prefix == nil {
		return 0, 0
	}
	return p.pass.Prefix.Examples(), p.pass.Prefix.Bytes()
}

// Close lets go of the graph.
func (p *Program) Close() error { return p.vm.Close() }

// Finite says whether x is an ordinary number.
func Finite(x float32) bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }
