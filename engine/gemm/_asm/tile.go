package main

import "fmt"

// A machine is a vector instruction set: two of its registers are as wide as
// the columns of C that a kernel computes.
type machine struct {
	suffix string // of the kernels' names
	letter string // of the registers
	bytes  int    // in a register
	regs   int
	whole  bool // the kernel computes the tile from its corner, not a part of it
	pairs  bool // a value is a pair of bfloat16 along K, multiplied by VDPBF16PS
}

var (
	avx512 = machine{suffix: "AVX512", letter: "Z", bytes: 64, regs: 32, whole: true}
	avx2   = machine{suffix: "AVX2", letter: "Y", bytes: 32, regs: 16}
	bf16   = machine{suffix: "BF16", letter: "Z", bytes: 64, regs: 32, whole: true, pairs: true}
)

func (v machine) reg(i int) string { return fmt.Sprintf("%s%d", v.letter, i) }

// sum is the register of row i, half h: the sums come first, then two
// registers for B, then those that hold a value of A in turn.
func (v machine) sum(i, h int) string { return v.reg(2*i + h) }

// A row of A is addressed from one of three bases, each serving four rows.
var bases = []string{"SI", "R12", "R13"}

// rowOfA is the address of row i: base + 0, 1, 2 or 3 strides.
func rowOfA(i int) string {
	return bases[i/4] + []string{"", "R10*1", "R10*2", "R11*1"}[i%4]
}

func address(base string) string {
	if n := len(base); n > 4 {
		for i := range base {
			if base[i] == 'R' && i > 0 {
				return "(" + base[:i] + ")(" + base[i:] + ")"
			}
		}
	}
	return "(" + base + ")"
}

// tileKernel prints the kernel for m rows.
//
//	SI R12 R13  rows 0, 4 and 8 of A    R10 R11  1 and 3 strides of A    R9  a step of A
//	BX          B                       R8       a step of B             CX  steps left
//	DX          C                       R14      a stride of C
func tileKernel(v machine, m int) {
	name := fmt.Sprintf("tile%s_%d", v.suffix, m)
	if v.whole {
		line("\n// func %s(t *tile)\nTEXT ·%s(SB), NOSPLIT, $0-8", name, name)
	} else {
		line("\n// func %s(t *tile, i, j int)\nTEXT ·%s(SB), NOSPLIT, $0-24", name, name)
	}
	loadArguments(v)
	prefetchC(m)
	for i := range m {
		for h := range 2 {
			zero(v, v.sum(i, h))
		}
	}
	line("loop:")
	step(v, m)
	op("ADDQ R9, SI")
	if m > 4 {
		op("ADDQ R9, R12")
	}
	if m > 8 {
		op("ADDQ R9, R13")
	}
	op("ADDQ R8, BX")
	op("DECQ CX")
	op("JNZ  loop")
	storeC(v, m)
	op("VZEROUPPER")
	op("RET")
}

func zero(v machine, r string) {
	if v.letter == "Z" {
		op("VPXORD %s, %s, %s", r, r, r)
	} else {
		op("VXORPS %s, %s, %s", r, r, r)
	}
}

func loadArguments(v machine) {
	op("MOVQ t+0(FP), DI")
	op("MOVQ tile_kc(DI), CX")
	op("MOVQ tile_a(DI), SI")
	op("MOVQ tile_aDown(DI), R10")
	op("MOVQ tile_aStep(DI), R9")
	op("MOVQ tile_b(DI), BX")
	op("MOVQ tile_bStep(DI), R8")
	op("MOVQ tile_c(DI), DX")
	op("MOVQ tile_cStep(DI), R14")
	for _, r := range []string{"R10", "R9", "R8", "R14"} {
		op("SHLQ $2, %s", r)
	}
	if !v.whole {
		op("MOVQ i+8(FP), AX")
		op("MOVQ j+16(FP), R11")
		op("LEAQ (BX)(R11*4), BX")
		op("LEAQ (DX)(R11*4), DX")
		op("MOVQ AX, R11")
		op("IMULQ R10, AX")
		op("ADDQ AX, SI")
		op("IMULQ R14, R11")
		op("ADDQ R11, DX")
	}
	op("LEAQ (R10)(R10*2), R11")
	op("LEAQ (SI)(R10*4), R12")
	op("LEAQ (R12)(R10*4), R13")
}

// prefetchC asks for the tile's lines of C, which are needed at the end.
func prefetchC(m int) {
	op("MOVQ DX, AX")
	for i := range m {
		op("PREFETCHT0 (AX)")
		op("PREFETCHT0 64(AX)")
		if i+1 < m {
			op("ADDQ R14, AX")
		}
	}
}

// step prints one step of K:
//
//	for i := range m {
//		for j := range columns {
//			sum[i][j] += a[i] * b[j]
//		}
//	}
func step(v machine, m int) {
	b0, b1, free := v.reg(2*m), v.reg(2*m+1), 2*m+2
	op("VMOVUPS (BX), %s", b0)
	op("VMOVUPS %d(BX), %s", v.bytes, b1)
	ahead := 1024
	if m <= 4 {
		ahead = 4096 // little work a step: the memory behind the caches must keep up
	}
	op("PREFETCHT0 %d(BX)", ahead) // the panels lie one after the other
	if v.whole {
		op("PREFETCHT0 %d(BX)", ahead+64)
	}
	for i := range m {
		a := v.reg(free + i%min(4, v.regs-free))
		op("VBROADCASTSS %s, %s", address(rowOfA(i)), a)
		v.multiply(free+i%min(4, v.regs-free), 2*m, 2*i)
		v.multiply(free+i%min(4, v.regs-free), 2*m+1, 2*i+1)
	}
}

// multiply prints  sum += a * b  of three registers.
func (v machine) multiply(a, b, sum int) {
	if v.pairs {
		dotPairs(a, b, sum)
		return
	}
	op("VFMADD231PS %s, %s, %s", v.reg(b), v.reg(a), v.reg(sum))
}

// storeC prints  c = alpha*sum  or  c += alpha*sum.
func storeC(v machine, m int) {
	alpha := v.reg(2 * m)
	op("VBROADCASTSS tile_alpha(DI), %s", alpha)
	op("CMPB tile_add(DI), $0")
	op("JEQ  set")
	for i := range m {
		for h := range 2 {
			op("VFMADD213PS %d(DX), %s, %s", h*v.bytes, alpha, v.sum(i, h))
		}
		storeRow(v, i, m)
	}
	op("VZEROUPPER")
	op("RET")
	line("set:")
	for i := range m {
		for h := range 2 {
			op("VMULPS %s, %s, %s", alpha, v.sum(i, h), v.sum(i, h))
		}
		storeRow(v, i, m)
	}
}

func storeRow(v machine, i, m int) {
	op("VMOVUPS %s, (DX)", v.sum(i, 0))
	op("VMOVUPS %s, %d(DX)", v.sum(i, 1), v.bytes)
	if i+1 < m {
		op("ADDQ R14, DX")
	}
}
