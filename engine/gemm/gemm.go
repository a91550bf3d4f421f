// Package gemm multiplies float32 matrices on the processor's vector units.
//
// The walk of one product C = A B: B is packed into panels 32 columns wide
// (pack.go), C is cut into blocks which the workers share (workers.go,
// block.go), a worker packs its rows of A and runs the tile kernel over the
// block: 12 x 32 values of C at a time, held in registers for up to 256 steps
// of K (tile.go is the portable kernel; the others are assembly). Where C has few
// rows, a worker packs B panel by panel as it multiplies (thin.go).
//
// An element of C is always the same chain of fused multiply-adds: K in order,
// broken every 256 steps. Nothing else enters: not the number of workers, not
// the size of M or N, not whether B was packed before, not AVX2, AVX-512 or NEON.
// Results are therefore equal to the last bit in all those cases. The portable
// kernel follows the same chain but rounds after each multiplication where the
// machine has no cheap fused one, and differs by the usual rounding error.
package gemm

import "fmt"

// Options say what Mul does besides the product. The zero value is C = A B.
type Options struct {
	Accumulate bool    // C += AB instead of C = AB
	Alpha      float32 // C = Alpha AB; 0 means 1
	Serial     bool    // stay on the calling goroutine
	// Finish, when set, is called exactly once for each finished tile of C, rows
	// [r0, r1) and columns [c0, c1), on the worker that finished it while the
	// tile is in cache. Bias, GELU and residual additions hang here. Tiles
	// cover C without overlap; their borders are not fixed.
	Finish func(r0, r1, c0, c1 int)
}

func (o Options) alpha() float32 {
	if o.Alpha == 0 {
		return 1
	}
	return o.Alpha
}

// Mul computes C (M,N) = A (M,K) B (K,N). Any of a and b may be transposed, c
// may not; c must not overlap a or b. It panics when the shapes do not fit.
func Mul(c, a, b Matrix, o Options) {
	if a.Cols != b.Rows || c.Cols != b.Cols {
		panic(fmt.Sprintf("gemm: C %dx%d = A %dx%d times B %dx%d does not fit", c.Rows, c.Cols, a.Rows, a.Cols, b.Rows, b.Cols))
	}
	mul(c, a, b, float32s, o)
}

// mul is Mul with B packed in a format.
func mul(c, a, b Matrix, f format, o Options) {
	checkShapes(c, a, b.Rows, b.Cols)
	b.check("B")
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	if b.Rows == 0 {
		mulEmpty(c, o)
		return
	}
	if isThin(c.Rows, c.Cols, f) {
		mulThin(c, a, b, o)
		return
	}
	slab := slabColumns(f.steps(b.Rows), b.Cols)
	for c0 := 0; c0 < b.Cols; c0 += slab {
		c1 := min(c0+slab, b.Cols)
		mulSlab(c, a, b.View(0, b.Rows, c0, c1), c0, f, o)
	}
}

// MulPacked computes C (M,N) = A (M,K) B (K,N) with a B packed before.
func MulPacked(c, a Matrix, b *Packed, o Options) {
	checkShapes(c, a, b.k, b.n)
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	if b.k == 0 {
		mulEmpty(c, o)
		return
	}
	runBlocks(c, a, b, 0, o)
}

// mulEmpty is the product over K = 0: zero, or nothing added.
func mulEmpty(c Matrix, o Options) {
	if !o.Accumulate {
		for i := range c.Rows {
			clear(c.Data[i*c.Stride:][:c.Cols])
		}
	}
	if o.Finish != nil {
		o.Finish(0, c.Rows, 0, c.Cols)
	}
}

// mulSlab packs b, the columns of B from c0 on, and multiplies.
func mulSlab(c, a, b Matrix, c0 int, f format, o Options) {
	p := slabs.Get()
	p.format = f
	p.pack(b, o.Serial)
	runBlocks(c, a, p, c0, o)
	slabs.Put(p)
}

// slabColumns is how many columns of B are packed at a time, so that the
// packed part stays in the last cache level however wide B is (a language
// model's head has 50257 columns).
func slabColumns(k, n int) int {
	return min(n, max(slabBytes/4/k, 4*panelCols)/panelCols*panelCols)
}

const slabBytes = 4 << 20
