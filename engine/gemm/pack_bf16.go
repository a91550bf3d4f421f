package gemm

// packPanelBF16 copies rows [from, to) of b (K, n<=32), rounded to bfloat16, into a panel of the
// format, padding with zeros. s holds the pairs that still have to be transposed.
func packPanelBF16(f format, dst []float32, b Matrix, s *pairScratch) {
	switch {
	case f == rounded:
		portableRounded(dst, panelCols, b)
	case b.Trans:
		if b.Cols < panelCols {
			clear(dst)
		}
		transposePairs(dst, b, s)
	default:
		current.pairs.zip(dst, panelCols, b.Data, b.Stride, b.Rows, b.Cols)
	}
}

// A pairScratch is a panel of columns that are not yet transposed.
type pairScratch [panelCols * pairSteps]float32

// pairSteps is how many pairs of a column are transposed at a time: few enough for the first cache.
const pairSteps = 64

var pairScratches = Stock[pairScratch]{Fresh: func() *pairScratch { return new(pairScratch) }}

// transposePairs rounds the columns of b, which lie one after the other, and transposes the pairs.
func transposePairs(dst []float32, b Matrix, s *pairScratch) {
	for k0 := 0; k0 < b.Rows; k0 += 2 * pairSteps {
		kc := min(2*pairSteps, b.Rows-k0)
		part := b.View(k0, k0+kc, 0, b.Cols)
		current.pairs.round(s[:], pairSteps, part.Data, part.Stride, b.Cols, kc)
		current.pack.transpose(dst[k0/2*panelCols:], panelCols, s[:], pairSteps, (kc+1)/2, b.Cols)
	}
}

// packRowsBF16 copies a (m<=12, kc), rounded to bfloat16, into dst and returns how far apart its
// rows and its steps are there.
func packRowsBF16(f format, dst []float32, a Matrix) (down, step int) {
	switch {
	case f == rounded:
		portableRounded(dst, tileRows, a.T())
		return 1, tileRows
	case a.Trans:
		current.pairs.zip(dst, tileRows, a.Data, a.Stride, a.Cols, a.Rows)
		return 1, tileRows
	}
	down = (a.Cols + 1) / 2
	current.pairs.round(dst, down, a.Data, a.Stride, a.Rows, a.Cols)
	return down, 1
}

// portableRounded writes b (K, n<=width), rounded, to rows of dst that are width apart, zeros
// behind. Rows 2i and 2i+1 change places; an odd K ends with a row of zeros in front of the last.
func portableRounded(dst []float32, width int, b Matrix) {
	for k := range rounded.steps(b.Rows) {
		row := dst[(k^1)*width:][:width]
		clear(row)
		if k == b.Rows {
			continue
		}
		for j := range b.Cols {
			row[j] = RoundBF16(b.Data[b.index(k, j)])
		}
	}
}

// portableRound is the loop that the assembly replaces.
func portableRound(dst []float32, width int, src []float32, stride, rows, cols int) {
	for i := range rows {
		row := src[i*stride:][:cols]
		for k := 0; k < cols; k += 2 {
			odd := float32(0)
			if k+1 < cols {
				odd = row[k+1]
			}
			dst[i*width+k/2] = pair(row[k], odd)
		}
	}
}

// portableZip is the loop that the assembly replaces.
func portableZip(dst []float32, width int, src []float32, stride, rows, cols int) {
	for k := 0; k < rows; k += 2 {
		row := dst[k/2*width:][:width]
		clear(row[cols:])
		for j := range cols {
			odd := float32(0)
			if k+1 < rows {
				odd = src[(k+1)*stride+j]
			}
			row[j] = pair(src[k*stride+j], odd)
		}
	}
}
