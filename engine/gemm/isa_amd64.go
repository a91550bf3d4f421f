//go:build !purego

package gemm

import "golang.org/x/sys/cpu"

//go:generate sh -c "cd _asm && go run . > ../kernel_amd64.s"

func machineISAs() (found []isa) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasFMA {
		found = append(found, isa{name: "avx512", lanes: 16, tile: tileAVX512, pack: packAVX, pairs: pairsAVX512()})
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		found = append(found, isa{name: "avx2", lanes: 8, tile: tileAVX2, pack: packAVX})
	}
	return found
}

// tileAVX512 computes a tile in 24 registers.
func tileAVX512(t *tile) { rowsAVX512[t.m](t) }

// tileAVX2 computes a tile in up to four parts of 6 x 16.
func tileAVX2(t *tile) {
	rows := t.m
	if rows > 6 {
		rows = (t.m + 1) / 2
	}
	for j := 0; j < panelCols; j += 16 {
		for i := 0; i < t.m; i += rows {
			rowsAVX2[min(rows, t.m-i)](t, i, j)
		}
	}
}

var rowsAVX512 = [tileRows + 1]func(t *tile){
	1: tileAVX512_1, 2: tileAVX512_2, 3: tileAVX512_3, 4: tileAVX512_4, 5: tileAVX512_5, 6: tileAVX512_6,
	7: tileAVX512_7, 8: tileAVX512_8, 9: tileAVX512_9, 10: tileAVX512_10, 11: tileAVX512_11, 12: tileAVX512_12,
}

var rowsAVX2 = [7]func(t *tile, i, j int){
	1: tileAVX2_1, 2: tileAVX2_2, 3: tileAVX2_3, 4: tileAVX2_4, 5: tileAVX2_5, 6: tileAVX2_6,
}

// tileAVX512_m is portableTile for m rows.

func tileAVX512_1(t *tile)
func tileAVX512_2(t *tile)
func tileAVX512_3(t *tile)
func tileAVX512_4(t *tile)
func tileAVX512_5(t *tile)
func tileAVX512_6(t *tile)
func tileAVX512_7(t *tile)
func tileAVX512_8(t *tile)
func tileAVX512_9(t *tile)
func tileAVX512_10(t *tile)
func tileAVX512_11(t *tile)
func tileAVX512_12(t *tile)

// tileAVX2_m is portableTile for the m rows from i and the 16 columns from j.

func tileAVX2_1(t *tile, i, j int)
func tileAVX2_2(t *tile, i, j int)
func tileAVX2_3(t *tile, i, j int)
func tileAVX2_4(t *tile, i, j int)
func tileAVX2_5(t *tile, i, j int)
func tileAVX2_6(t *tile, i, j int)

// packAVX is the packing both instruction sets use.
var packAVX = packer{transpose: transposeAVX, copy: copyAVX, ahead: aheadAVX}

// packDepth is how many rows are written before the next columns are read: few
// enough to stay in the first cache.
const packDepth = 16

// transposeAVX is portableTranspose, four columns and four rows at a time.
func transposeAVX(dst []float32, width int, src []float32, stride, rows, cols int) {
	r, c := rows&^3, cols&^3
	for i := 0; i < r && c > 0; i += packDepth {
		transpose4(&dst[i*width], width, &src[i], stride, min(packDepth, r-i), c/4)
	}
	for j := range cols {
		from := r
		if j >= c {
			from = 0
		}
		for i := from; i < rows; i++ {
			dst[i*width+j] = src[j*stride+i]
		}
	}
}

// copyAVX is portableCopy for the two widths that matter.
func copyAVX(dst []float32, width int, src []float32, stride, rows, cols int) {
	switch {
	case cols == panelCols && width == panelCols:
		copy32(&dst[0], &src[0], stride, rows)
	case cols == tileRows && width == tileRows:
		copy12(&dst[0], &src[0], stride, rows)
	default:
		portableCopy(dst, width, src, stride, rows, cols)
	}
}

// aheadAVX asks for the lines that rows x cols values of src lie in.
func aheadAVX(src []float32, stride, rows, cols int) {
	const line = 16
	if rows > 0 && cols > 0 {
		prefetch(&src[0], stride, rows, (cols+line-1)/line)
	}
}

// transpose4 is portableTranspose for rows a multiple of 4 and 4*groups columns.
//
//go:noescape
func transpose4(dst *float32, width int, src *float32, stride, rows, groups int)

// copy32 is  for i := range rows { copy(dst[i*32:][:32], src[i*stride:]) }
//
//go:noescape
func copy32(dst, src *float32, stride, rows int)

// copy12 is  for i := range rows { copy(dst[i*12:][:12], src[i*stride:]) }
//
//go:noescape
func copy12(dst, src *float32, stride, rows int)

// prefetch asks for lines of 64 bytes from the start of each of the rows, for the second cache.
//
//go:noescape
func prefetch(src *float32, stride, rows, lines int)
