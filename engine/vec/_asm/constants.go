package main

import (
	"fmt"
	"math"
)

// constants are the numbers of ../lane.go, by the names the kernels use.
var constants = map[string]float64{
	"one": 1, "two": 2, "negHalf": -0.5, "zero": 0, "negInf": math.Inf(-1),
	"log2e": math.Log2E, "negLn2Hi": -0.693147182464599609375, "negLn2Lo": 1.90465432314822e-9, "magic": 3 << 22,
	"expMin": -104, "expMax": 89, "tanhMax": 20, "tailMax": 14.5, "negTailMax": -14.5,
	"tailSlope": 0.35, "density0": 0.398942280401432678,
	"geluU1": geluU1, "geluU3": geluU1 * 0.044715, "geluDU3": 3 * geluU1 * 0.044715,
}

const geluU1 = 1.59576912160573071

// patterns are constants given by their bits.
var patterns = map[string]uint32{
	"absMask": 0x7fffffff, "signMask": 0x80000000, "bias": 127,
	"mul1": 0x7feb352d, "mul2": 0x846ca68b, "sixteen": 16,
}

var expPoly = []float64{0.00139262680526, 0.00836324666975, 0.0416665541093, 0.166665765832, 0.5}

var tailPoly = []float64{
	-0.0297322758107, 0.146783986077, -0.261410543238, 0.16551016483, -0.0273219105835,
	0.107212499401, 0.119425092658, 0.139914333902, 0.139618635013,
}

// used are the constants that a printed kernel mentions.
var used = map[string]bool{}

func symbol(c string) string {
	used[c] = true
	return c
}

func init() {
	for i, c := range expPoly {
		constants[fmt.Sprintf("exp%d", i)] = c
	}
	for i, c := range tailPoly {
		constants[fmt.Sprintf("tail%d", i)] = c
	}
}

// printConstants writes every constant 16 times, so that a whole register can
// be read, the lane numbers, and the table from which AVX2 takes the mask of a
// tail of n values: 16-n places before the zeros.
func printConstants() {
	for _, c := range sortedKeys(used) {
		bits, ok := patterns[c]
		if v, isNumber := constants[c]; isNumber {
			bits, ok = math.Float32bits(float32(v)), true
		}
		if ok {
			printTable(c, 16, func(int) uint32 { return bits })
		}
	}
	printTable("lane", 16, func(i int) uint32 { return uint32(i) })
	printTable("mask", 32, func(i int) uint32 {
		if i < 16 {
			return 0xffffffff
		}
		return 0
	})
}

func printTable(name string, n int, at func(i int) uint32) {
	fmt.Println()
	for i := 0; i < n; i += 2 {
		fmt.Printf("DATA %s<>+%d(SB)/8, $0x%08x%08x\n", name, 4*i, at(i+1), at(i))
	}
	fmt.Printf("GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", name, 4*n)
}
