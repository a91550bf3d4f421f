//go:build purego || !amd64

package gemm

func machineISAs() []isa { return nil }
