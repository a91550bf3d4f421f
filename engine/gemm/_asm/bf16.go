package main

import "fmt"

// Prefixes of the instructions below, which Go's assembler does not know: it is
// given their bytes (Intel SDM volume 2, "EVEX encoding").
const (
	prefixF3 = 2
	prefixF2 = 3
)

// evex prints an instruction of the map 0F38 on three whole registers.
func evex(name string, prefix, opcode, dst, src, rm int) {
	not := func(v, bit int) int { return 1 - v>>bit&1 }
	bytes := []int{
		0x62,
		not(dst, 3)<<7 | not(rm, 4)<<6 | not(rm, 3)<<5 | not(dst, 4)<<4 | 2,
		not(src, 3)<<6 | not(src, 2)<<5 | not(src, 1)<<4 | not(src, 0)<<3 | 4 | prefix,
		2<<5 | not(src, 4)<<3,
		opcode,
		3<<6 | dst&7<<3 | rm&7,
	}
	text := ""
	for _, b := range bytes {
		text += fmt.Sprintf("BYTE $0x%02x; ", b)
	}
	op("%s// %s Z%d, Z%d, Z%d", text, name, rm, src, dst)
}

// dotPairs prints  sum += a[1]*b[1]; sum += a[0]*b[0]  of the pairs in a and b.
func dotPairs(a, b, sum int) { evex("VDPBF16PS", prefixF3, 0x52, sum, a, b) }

// roundTwo rounds the 16 values of low and those of high to the 32 words of dst.
func roundTwo(low, high, dst int) { evex("VCVTNE2PS2BF16", prefixF2, 0x72, dst, high, low) }

// roundRows prints the packing of rows whose neighbours along K lie side by
// side: 32 values at a time become 16 pairs, the rest behind masks.
func roundRows() {
	line("\n// func roundRows(dst *float32, width int, src *float32, stride, rows, whole int, left, kept uint64)")
	line("TEXT ·roundRows(SB), NOSPLIT, $0-64")
	op("MOVQ dst+0(FP), DI")
	op("MOVQ width+8(FP), R8")
	op("MOVQ src+16(FP), SI")
	op("MOVQ stride+24(FP), R10")
	op("MOVQ rows+32(FP), CX")
	op("MOVQ left+48(FP), R9")
	op("MOVQ kept+56(FP), R11")
	op("SHLQ $2, R8")
	op("SHLQ $2, R10")
	op("KMOVW R9, K1")
	op("SHRQ $16, R9")
	op("KMOVW R9, K2")
	op("KMOVW R11, K3")
	line("row:")
	op("MOVQ DI, AX")
	op("MOVQ SI, BX")
	op("MOVQ whole+40(FP), DX")
	op("TESTQ DX, DX")
	op("JZ   rest")
	line("values:")
	op("VMOVUPS (BX), Z0")
	op("VMOVUPS 64(BX), Z1")
	roundTwo(0, 1, 2)
	op("VMOVUPS Z2, (AX)")
	op("ADDQ $128, BX")
	op("ADDQ $64, AX")
	op("DECQ DX")
	op("JNZ  values")
	line("rest:")
	op("TESTQ R11, R11")
	op("JZ   next")
	op("VMOVUPS.Z (BX), K1, Z0")
	op("VMOVUPS.Z 64(BX), K2, Z1")
	roundTwo(0, 1, 2)
	op("VMOVUPS Z2, K3, (AX)")
	line("next:")
	op("ADDQ R8, DI")
	op("ADDQ R10, SI")
	op("DECQ CX")
	op("JNZ  row")
	op("VZEROUPPER")
	op("RET")
}

// zipRows prints the packing of rows whose neighbours along K are a stride
// apart: two rows become one of pairs, width wide.
func zipRows(name string, width int) {
	line("\n// func %s(dst, src *float32, stride, pairs int, cols uint64)", name)
	line("TEXT ·%s(SB), NOSPLIT, $0-40", name)
	op("MOVQ dst+0(FP), DI")
	op("MOVQ src+8(FP), SI")
	op("MOVQ stride+16(FP), R10")
	op("MOVQ pairs+24(FP), CX")
	op("MOVQ cols+32(FP), R9")
	op("SHLQ $2, R10")
	op("KMOVW R9, K1")
	op("SHRQ $16, R9")
	op("KMOVW R9, K2")
	op("MOVQ $%d, R11", 1<<min(width, 16)-1)
	op("KMOVW R11, K3")
	op("VMOVDQU64 zipOrder<>(SB), Z6")
	line("pair:")
	for at := 0; at < width; at += 16 {
		zipVector(at)
	}
	op("LEAQ (SI)(R10*2), SI")
	op("ADDQ $%d, DI", 4*width)
	op("DECQ CX")
	op("JNZ  pair")
	op("VZEROUPPER")
	op("RET")
}

// zipVector prints the step of zipRows for 16 columns from at.
func zipVector(at int) {
	mask, low := "K1", at/16*3
	if at > 0 {
		mask = "K2"
	}
	op("VMOVUPS.Z %d(SI), %s, Z%d", 4*at, mask, low)
	op("VMOVUPS.Z %d(SI)(R10*1), %s, Z%d", 4*at, mask, low+1)
	roundTwo(low, low+1, low+2)
	op("VPERMW Z%d, Z6, Z%d", low+2, low+2)
	op("VMOVUPS Z%d, K3, %d(DI)", low+2, 4*at)
}

// zipOrder prints the order of words that VPERMW makes of two rows.
func zipOrder() {
	line("")
	for i := range 16 {
		line("DATA zipOrder<>+%d(SB)/4, $0x%08x", 4*i, i|(16+i)<<16)
	}
	line("GLOBL zipOrder<>(SB), RODATA|NOPTR, $64")
}
