package gemm

import (
	"fmt"
	"strings"
)

// An isa is one implementation of the loops that take the time.
type isa struct {
	name  string
	lanes int // float32 values in a register
	tile  func(t *tile)
	pack  packer
	pairs *pairKernels // for bfloat16, or nil
}

// A packer moves rows x cols values of src, in which columns (transpose) or rows
// (copy) are stride apart, to dst, in which rows are width apart.
type packer struct {
	transpose func(dst []float32, width int, src []float32, stride, rows, cols int)
	copy      func(dst []float32, width int, src []float32, stride, rows, cols int)
	// ahead asks for rows x cols values of src, rows stride apart, before they are read.
	ahead func(src []float32, stride, rows, cols int)
}

// available lists what this machine can run, fastest first; the portable
// kernel is always there and last. The list is filled once, at start.
var available = append(machineISAs(), portable)

var portable = isa{name: "portable", lanes: 1, tile: portableTile, pack: packer{portableTranspose, portableCopy, portableAhead}}

// current is the implementation in use.
var current = available[0]

// ISA names the instruction set in use: "avx512", "avx2", "neon" or "portable".
func ISA() string { return current.name }

// Lanes is how many float32 values a register of the instruction set in use
// holds: 16 for avx512, 8 for avx2, 4 for neon, 1 for portable. Other packages
// choose their kernels by it.
func Lanes() int { return current.lanes }

// ISAs names every instruction set this machine can run, fastest first.
func ISAs() []string {
	names := make([]string, len(available))
	for i, a := range available {
		names[i] = a.name
	}
	return names
}

// Use switches to the named instruction set and returns the way back. It is
// for tests and measurements: nothing may be multiplying meanwhile.
func Use(name string) (restore func()) {
	for _, a := range available {
		if a.name == name {
			before := current
			current = a
			return func() { current = before }
		}
	}
	panic(fmt.Sprintf("gemm: no instruction set %q here, only %s", name, strings.Join(ISAs(), ", ")))
}
