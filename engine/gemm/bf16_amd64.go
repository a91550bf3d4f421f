//go:build !purego

package gemm

import "golang.org/x/sys/cpu"

// pairsAVX512 are the bfloat16 kernels of this machine, nil without them.
func pairsAVX512() *pairKernels {
	if !cpu.X86.HasAVX512BF16 || !cpu.X86.HasAVX512BW {
		return nil
	}
	return &pairKernels{tile: func(t *tile) { rowsBF16[t.m](t) }, round: roundAVX512, zip: zipAVX512}
}

var rowsBF16 = [tileRows + 1]func(t *tile){
	1: tileBF16_1, 2: tileBF16_2, 3: tileBF16_3, 4: tileBF16_4, 5: tileBF16_5, 6: tileBF16_6,
	7: tileBF16_7, 8: tileBF16_8, 9: tileBF16_9, 10: tileBF16_10, 11: tileBF16_11, 12: tileBF16_12,
}

// tileBF16_m is, for m rows and pairs of bfloat16 in a and b,
//
//	for i := range m {
//		for j := range 32 {
//			sum := 0
//			for k := range kc {
//				sum += a[i*aDown+k*aStep].odd * b[k*bStep+j].odd
//				sum += a[i*aDown+k*aStep].even * b[k*bStep+j].even
//			}
//			c[i*cStep+j] = alpha*sum (+ c[i*cStep+j] if add)
//		}
//	}

func tileBF16_1(t *tile)
func tileBF16_2(t *tile)
func tileBF16_3(t *tile)
func tileBF16_4(t *tile)
func tileBF16_5(t *tile)
func tileBF16_6(t *tile)
func tileBF16_7(t *tile)
func tileBF16_8(t *tile)
func tileBF16_9(t *tile)
func tileBF16_10(t *tile)
func tileBF16_11(t *tile)
func tileBF16_12(t *tile)

// roundAVX512 is portableRound.
func roundAVX512(dst []float32, width int, src []float32, stride, rows, cols int) {
	if rows == 0 || cols == 0 {
		return
	}
	left := cols % 32
	roundRows(&dst[0], width, &src[0], stride, rows, cols/32, 1<<left-1, 1<<((left+1)/2)-1)
}

// zipAVX512 is portableZip for the two widths that occur; of the narrow one only cols values of a
// row are written as they should be.
func zipAVX512(dst []float32, width int, src []float32, stride, rows, cols int) {
	if whole := rows / 2; whole > 0 {
		if width == panelCols {
			zip32(&dst[0], &src[0], stride, whole, 1<<cols-1)
		} else {
			zip12(&dst[0], &src[0], stride, whole, 1<<cols-1)
		}
	}
	if last := rows &^ 1; last < rows {
		portableZip(dst[last/2*width:], width, src[last*stride:], stride, 1, cols)
	}
}

// roundRows is portableRound for 32*whole values and those whose bits are set in left, which make
// the pairs whose bits are set in kept.
//
//go:noescape
func roundRows(dst *float32, width int, src *float32, stride, rows, whole int, left, kept uint64)

// zip32 is portableZip for 2*pairs rows, the columns whose bits are set in cols, and width 32.
//
//go:noescape
func zip32(dst, src *float32, stride, pairs int, cols uint64)

// zip12 is portableZip for 2*pairs rows, the columns whose bits are set in cols, and width 12.
//
//go:noescape
func zip12(dst, src *float32, stride, pairs int, cols uint64)
