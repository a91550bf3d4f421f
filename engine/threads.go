package engine

import "defrost/engine/gemm"

// SetThreads sets how many threads compute, all runs together; results never depend on it. Below
// one it leaves the choice to the machine: one for each processor.
func SetThreads(n int) {
	if n >= 1 {
		gemm.SetWorkers(n)
	}
}

// Threads is how many threads compute.
func Threads() int { return gemm.Workers() }

// ISA names the instruction set the kernels use: avx512, avx2, neon or portable.
func ISA() string { return gemm.ISA() }
