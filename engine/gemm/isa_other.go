//go:build purego || !(amd64 || arm64)

package gemm

func machineISAs() []isa { return nil }
