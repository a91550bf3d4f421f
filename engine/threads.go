package engine

import (
	"runtime"

	"defrost/engine/gemm"
)

// SetThreads sets how many threads compute, all runs together; results never depend on it. Below
// one it leaves the choice to the machine: one for each processor.
func SetThreads(n int) {
	if n >= 1 {
		gemm.SetWorkers(n)
	}
}

// SpareThread lets one goroutine run beside those that compute, for a screen: with a thread of its own
// it waits for the system, which shares a processor at once, and not for Go, which interrupts a
// goroutine that computes after 10 ms. Where more compute than there are processors, those take turns
// as before.
func SpareThread() {
	if n := min(Threads(), runtime.NumCPU()) + 1; runtime.GOMAXPROCS(0) < n {
		runtime.GOMAXPROCS(n)
	}
}

// Threads is how many threads compute.
func Threads() int { return gemm.Workers() }

// ISA names the instruction set the kernels use: avx512, avx2, neon or portable.
func ISA() string { return gemm.ISA() }
