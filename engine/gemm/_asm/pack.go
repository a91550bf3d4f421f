package main

// transpose4 prints the packing of a matrix whose neighbours along K lie side
// by side: 4 x 4 values at a time through four registers.
func transpose4() {
	line("\n// func transpose4(dst *float32, width int, src *float32, stride, rows, groups int)")
	line("TEXT ·transpose4(SB), NOSPLIT, $0-48")
	op("MOVQ dst+0(FP), DI")
	op("MOVQ width+8(FP), R8")
	op("MOVQ src+16(FP), SI")
	op("MOVQ stride+24(FP), R10")
	op("MOVQ groups+40(FP), DX")
	op("SHLQ $2, R8")
	op("SHLQ $2, R10")
	op("LEAQ (R10)(R10*2), R11")
	op("LEAQ (R8)(R8*2), R9")
	line("group:")
	op("MOVQ DI, AX")
	op("MOVQ SI, BX")
	op("MOVQ rows+32(FP), CX")
	line("block:")
	block4()
	op("ADDQ $16, BX")
	op("LEAQ (AX)(R8*4), AX")
	op("SUBQ $4, CX")
	op("JNZ  block")
	op("ADDQ $16, DI")
	op("LEAQ (SI)(R10*4), SI")
	op("DECQ DX")
	op("JNZ  group")
	op("RET")
}

// block4 transposes the 4 x 4 values at BX (rows R10 apart) to AX (R8 apart).
func block4() {
	for i, at := range []string{"(BX)", "(BX)(R10*1)", "(BX)(R10*2)", "(BX)(R11*1)"} {
		op("VMOVUPS %s, X%d", at, i)
	}
	op("VUNPCKLPS X1, X0, X4") // a0 b0 a1 b1
	op("VUNPCKHPS X1, X0, X5") // a2 b2 a3 b3
	op("VUNPCKLPS X3, X2, X6") // c0 d0 c1 d1
	op("VUNPCKHPS X3, X2, X7")
	op("VUNPCKLPD X6, X4, X0")
	op("VUNPCKHPD X6, X4, X1")
	op("VUNPCKLPD X7, X5, X2")
	op("VUNPCKHPD X7, X5, X3")
	for i, at := range []string{"(AX)", "(AX)(R8*1)", "(AX)(R8*2)", "(AX)(R9*1)"} {
		op("VMOVUPS X%d, %s", i, at)
	}
}

// copyRows prints the packing of a matrix whose neighbours along K are a
// stride apart: rows as wide as the registers together.
func copyRows(name string, regs []string) {
	line("\n// func %s(dst, src *float32, stride, rows int)", name)
	line("TEXT ·%s(SB), NOSPLIT, $0-32", name)
	op("MOVQ dst+0(FP), DI")
	op("MOVQ src+8(FP), SI")
	op("MOVQ stride+16(FP), R10")
	op("MOVQ rows+24(FP), CX")
	op("SHLQ $2, R10")
	line("row:")
	at := 0
	for _, r := range regs {
		op("VMOVUPS %d(SI), %s", at, r)
		at += width(r)
	}
	at = 0
	for _, r := range regs {
		op("VMOVUPS %s, %d(DI)", r, at)
		at += width(r)
	}
	op("ADDQ R10, SI")
	op("ADDQ $%d, DI", at)
	op("DECQ CX")
	op("JNZ  row")
	op("VZEROUPPER")
	op("RET")
}

func width(r string) int {
	if r[0] == 'Y' {
		return 32
	}
	return 16
}

// prefetchRows prints what asks for rows before they are read. The second cache: the first holds the
// panel that is being multiplied meanwhile.
func prefetchRows() {
	line("\n// func prefetch(src *float32, stride, rows, lines int)")
	line("TEXT ·prefetch(SB), NOSPLIT, $0-32")
	op("MOVQ src+0(FP), SI")
	op("MOVQ stride+8(FP), R10")
	op("MOVQ rows+16(FP), CX")
	op("MOVQ lines+24(FP), DX")
	op("SHLQ $2, R10")
	line("row:")
	op("MOVQ SI, BX")
	op("MOVQ DX, R9")
	line("next:")
	op("PREFETCHT1 (BX)")
	op("ADDQ $64, BX")
	op("DECQ R9")
	op("JNZ  next")
	op("ADDQ R10, SI")
	op("DECQ CX")
	op("JNZ  row")
	op("RET")
}
