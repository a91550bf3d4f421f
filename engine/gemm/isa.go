package gemm

import (
	"fmt"
	"strings"
)

// An isa is one implementation of the tile kernel.
type isa struct {
	name string
	tile func(t *tile)
}

// available lists what this machine can run, fastest first; the portable
// kernel is always there and last. The list is filled once, at start.
var available = append(machineISAs(), isa{name: "portable", tile: portableTile})

// current is the implementation in use.
var current = available[0]

// ISA names the instruction set in use: "avx512", "avx2", "neon" or "portable".
func ISA() string { return current.name }

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
