package gemm

import "fmt"

// A Matrix is a view of Rows x Cols float32 values that somebody else owns.
// Element (i, j) is Data[i*Stride+j], or Data[j*Stride+i] when Trans is set:
// a transposed matrix is a flag, never a copy.
type Matrix struct {
	Data       []float32
	Rows, Cols int
	Stride     int // distance between stored rows, in elements
	Trans      bool
}

// Of is the dense row-major matrix over data, which must hold rows*cols values.
func Of(data []float32, rows, cols int) Matrix {
	if len(data) < rows*cols {
		panic(fmt.Sprintf("gemm: matrix %dx%d needs %d values, got %d", rows, cols, rows*cols, len(data)))
	}
	return Matrix{Data: data, Rows: rows, Cols: cols, Stride: cols}
}

// T is the transpose: Cols x Rows over the same data.
func (m Matrix) T() Matrix {
	m.Rows, m.Cols, m.Trans = m.Cols, m.Rows, !m.Trans
	return m
}

// View is the part of m in rows [r0, r1) and columns [c0, c1).
func (m Matrix) View(r0, r1, c0, c1 int) Matrix {
	if r0 < 0 || r1 < r0 || r1 > m.Rows || c0 < 0 || c1 < c0 || c1 > m.Cols {
		panic(fmt.Sprintf("gemm: view [%d:%d, %d:%d] of a %dx%d matrix", r0, r1, c0, c1, m.Rows, m.Cols))
	}
	v := Matrix{Rows: r1 - r0, Cols: c1 - c0, Stride: m.Stride, Trans: m.Trans}
	if v.Rows > 0 && v.Cols > 0 {
		v.Data = m.Data[m.index(r0, c0):]
	}
	return v
}

// index is the place of element (i, j) in Data.
func (m Matrix) index(i, j int) int {
	if m.Trans {
		return j*m.Stride + i
	}
	return i*m.Stride + j
}

// steps is how far apart neighbours are: down a column and along a row.
func (m Matrix) steps() (down, along int) {
	if m.Trans {
		return 1, m.Stride
	}
	return m.Stride, 1
}

// check panics unless Data reaches the last element and stored rows do not overlap.
func (m Matrix) check(name string) {
	if m.Rows < 0 || m.Cols < 0 {
		panic(fmt.Sprintf("gemm: %s has negative size %dx%d", name, m.Rows, m.Cols))
	}
	if m.Rows == 0 || m.Cols == 0 {
		return
	}
	width, height := m.Cols, m.Rows
	if m.Trans {
		width, height = height, width
	}
	if height > 1 && m.Stride < width {
		panic(fmt.Sprintf("gemm: %s has stride %d, its stored rows hold %d values", name, m.Stride, width))
	}
	if need := m.index(m.Rows-1, m.Cols-1) + 1; len(m.Data) < need {
		panic(fmt.Sprintf("gemm: %s %dx%d (stride %d) needs %d values, got %d", name, m.Rows, m.Cols, m.Stride, need, len(m.Data)))
	}
}

// checkShapes panics unless C (M,N) = A (M,K) B (K,N) is well formed.
func checkShapes(c, a Matrix, k, n int) {
	if a.Cols != k || c.Rows != a.Rows || c.Cols != n {
		panic(fmt.Sprintf("gemm: C %dx%d = A %dx%d times B %dx%d does not fit", c.Rows, c.Cols, a.Rows, a.Cols, k, n))
	}
	if c.Trans {
		panic("gemm: C is transposed, it must be row-major")
	}
	c.check("C")
	a.check("A")
}
