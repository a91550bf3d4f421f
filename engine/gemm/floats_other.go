//go:build !linux

package gemm

func adviseLargePages([]float32) {}
