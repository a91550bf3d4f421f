package gemm

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
)

// eachISA runs f once for every implementation this machine has.
func eachISA(t *testing.T, f func(t *testing.T)) {
	for _, name := range ISAs() {
		t.Run(name, func(t *testing.T) {
			defer Use(name)()
			f(t)
		})
	}
}

func random(n int, seed int64) []float32 {
	r := rand.New(rand.NewSource(seed))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// sample is a rows x cols matrix inside a wider one, stored transposed or not.
func sample(rows, cols int, trans bool, seed int64) Matrix {
	h, w := rows, cols
	if trans {
		h, w = cols, rows
	}
	big := Of(random((h+2)*(w+5), seed), h+2, w+5)
	v := big.View(1, 1+h, 3, 3+w)
	if trans {
		return v.T()
	}
	return v
}

func (m Matrix) at(i, j int) float32 { return m.Data[m.index(i, j)] }

// naive is the definition of the product, in float64.
func naive(c, a, b Matrix, o Options) []float64 {
	want := make([]float64, 0, c.Rows*c.Cols)
	for i := range c.Rows {
		for j := range c.Cols {
			var sum float64
			for k := range a.Cols {
				sum += float64(a.at(i, k)) * float64(b.at(k, j))
			}
			sum *= float64(o.alpha())
			if o.Accumulate {
				sum += float64(c.at(i, j))
			}
			want = append(want, sum)
		}
	}
	return want
}

var shapes = [][3]int{ // M, N, K
	{1, 1, 1}, {1, 32, 8}, {2, 33, 3}, {3, 31, 257}, {5, 40, 16}, {12, 32, 256}, {13, 65, 7}, {8, 100, 300},
	{24, 64, 64}, {64, 64, 32}, {97, 129, 30}, {25, 30, 513}, {100, 800, 5}, {31, 17, 1}, {1, 500, 64}, {130, 1, 40},
	{50, 200, 300}, {128, 170, 257}, {200, 40, 300},
}

func TestProductMatchesItsDefinition(t *testing.T) {
	for i, s := range shapes {
		for flags := range 16 {
			o := Options{Accumulate: flags&4 != 0, Serial: flags&8 != 0, Alpha: float32(i%2) * 0.3}
			checkProduct(t, s, flags&1 != 0, flags&2 != 0, o, int64(i*100+flags))
		}
	}
}

// checkProduct compares every implementation with the definition, and the
// values around C with what they were.
func checkProduct(t *testing.T, s [3]int, aT, bT bool, o Options, seed int64) {
	t.Helper()
	m, n, k := s[0], s[1], s[2]
	c, a, b := sample(m, n, false, seed), sample(m, k, aT, seed+1), sample(k, n, bT, seed+2)
	whole := c.Data[:cap(c.Data)]
	before := append([]float32(nil), whole...)
	want := naive(c, a, b, o)
	tolerance := 1e-6 * (4 + math.Sqrt(float64(k))*4)
	for _, isa := range ISAs() {
		restore := Use(isa)
		copy(whole, before)
		Mul(c, a, b, o)
		restore()
		for i, v := range whole {
			row, col := i/c.Stride, i%c.Stride
			if inside := row < m && col < n; !inside && v != before[i] {
				t.Fatalf("%s M=%d N=%d K=%d: value %d outside C was written", isa, m, n, k, i)
			} else if inside && !(math.Abs(float64(v)-want[row*n+col]) <= tolerance) {
				t.Fatalf("%s M=%d N=%d K=%d aT=%v bT=%v %+v: C[%d,%d] got %g, want %g", isa, m, n, k, aT, bT, o, row, col, v, want[row*n+col])
			}
		}
	}
}

func TestInstructionSetsGiveTheSameBits(t *testing.T) {
	for i, s := range shapes {
		a, b := sample(s[0], s[2], i%2 == 0, 1), sample(s[2], s[1], i%3 == 0, 2)
		var want []float32
		for _, isa := range ISAs() {
			if isa == "portable" {
				continue // may round twice where the others fuse
			}
			got := random(s[0]*s[1], 3)
			restore := Use(isa)
			Mul(Of(got, s[0], s[1]), a, b, Options{Accumulate: true, Alpha: 0.7})
			restore()
			if want == nil {
				want = got
			}
			equalBits(t, fmt.Sprintf("%s %v", isa, s), got, want)
		}
	}
}

func TestPackedProductIsTheSameToTheLastBit(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for i, s := range shapes {
			m, n, k := s[0], s[1], s[2]
			for _, trans := range []bool{false, true} {
				a, b := sample(m, k, trans, int64(i)), sample(k, n, trans, int64(i+50))
				want, got := make([]float32, m*n), make([]float32, m*n)
				Mul(Of(want, m, n), a, b, Options{})
				MulPacked(Of(got, m, n), a, Pack(b), Options{})
				equalBits(t, fmt.Sprint(s, trans), got, want)
			}
		}
	})
}

func TestWorkersDoNotChangeABit(t *testing.T) {
	defer SetWorkers(Workers())
	a, b := sample(211, 300, false, 1), sample(300, 270, true, 2)
	eachISA(t, func(t *testing.T) {
		var want []float32
		for _, workers := range []int{1, 2, 3, 7} {
			SetWorkers(workers)
			got := make([]float32, 211*270)
			Mul(Of(got, 211, 270), a, b, Options{})
			if want == nil {
				want = got
			}
			equalBits(t, fmt.Sprintf("%d workers", workers), got, want)
		}
	})
}

func TestARowDoesNotDependOnItsNeighbours(t *testing.T) {
	const m, n, k = 50, 70, 400
	a, b := sample(m, k, false, 1), sample(k, n, true, 2)
	eachISA(t, func(t *testing.T) {
		want := make([]float32, m*n)
		Mul(Of(want, m, n), a, b, Options{})
		for i := range m {
			got := make([]float32, n)
			Mul(Of(got, 1, n), a.View(i, i+1, 0, k), b, Options{Serial: true})
			equalBits(t, fmt.Sprintf("row %d alone", i), got, want[i*n:(i+1)*n])
		}
	})
}

func TestFinishSeesEveryElementOnceAndDone(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, s := range [][3]int{{1, 1, 1}, {100, 900, 300}, {300, 40, 64}, {7, 33, 0}} {
			m, n, k := s[0], s[1], s[2]
			a, b := Of(random(m*k, 1), m, k), Of(random(k*n, 2), k, n)
			want, got := make([]float32, m*n), make([]float32, m*n)
			Mul(Of(want, m, n), a, b, Options{})
			for i := range want {
				want[i]++
			}
			Mul(Of(got, m, n), a, b, Options{Finish: func(r0, r1, c0, c1 int) {
				for i := r0; i < r1; i++ {
					for j := c0; j < c1; j++ {
						got[i*n+j]++
					}
				}
			}})
			equalBits(t, fmt.Sprint(s), got, want)
		}
	})
}

func TestEmptyProductsAreLegal(t *testing.T) {
	Mul(Of(nil, 0, 5), Of(nil, 0, 3), Of(make([]float32, 15), 3, 5), Options{})
	Mul(Of(nil, 5, 0), Of(make([]float32, 15), 5, 3), Of(nil, 3, 0), Options{})
	c := []float32{1, 2}
	Mul(Of(c, 1, 2), Of(nil, 1, 0), Of(nil, 0, 2), Options{Accumulate: true})
	equalBits(t, "K=0, added", c, []float32{1, 2})
	MulPacked(Of(c, 1, 2), Of(nil, 1, 0), Pack(Of(nil, 0, 2)), Options{})
	equalBits(t, "K=0", c, []float32{0, 0})
}

func TestNaNAndInfPassThrough(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		const m, n, k = 14, 40, 5
		a, b := Of(make([]float32, m*k), m, k), Of(random(k*n, 1), k, n)
		b.Data[2*n+3] = float32(math.NaN())
		b.Data[1*n+7] = float32(math.Inf(1))
		c := make([]float32, m*n)
		Mul(Of(c, m, n), a, b, Options{})
		for i := range m {
			if got := c[i*n+3]; got == got {
				t.Fatalf("0 x NaN in row %d: got %g, want NaN", i, got)
			}
			if got := c[i*n+7]; got == got {
				t.Fatalf("0 x Inf in row %d: got %g, want NaN", i, got)
			}
			if got := c[i*n+8]; got != 0 {
				t.Fatalf("column beside them in row %d: got %g, want 0", i, got)
			}
		}
	})
}

func TestWrongShapesPanicWithBothShapes(t *testing.T) {
	a, b, c := Of(make([]float32, 6), 2, 3), Of(make([]float32, 8), 4, 2), Of(make([]float32, 4), 2, 2)
	short := Of(make([]float32, 6), 3, 2)
	short.Data = short.Data[:5]
	for want, f := range map[string]func(){
		"gemm: C 2x2 = A 2x3 times B 4x2 does not fit":     func() { Mul(c, a, b, Options{}) },
		"gemm: C 2x2 = A 2x3 times B 4x2 does not fit\x00": func() { MulPacked(c, a, Pack(b), Options{}) },
		"gemm: B 3x2 (stride 2) needs 6 values, got 5":     func() { Mul(c, a, short, Options{}) },
		"gemm: C is transposed, it must be row-major":      func() { Mul(c.T(), a, b.View(0, 3, 0, 2), Options{}) },
		"gemm: view [0:3, 0:1] of a 2x2 matrix":            func() { c.View(0, 3, 0, 1) },
		"gemm: matrix 2x2 needs 4 values, got 3":           func() { Of(make([]float32, 3), 2, 2) },
	} {
		for len(want) > 0 && want[len(want)-1] == 0 {
			want = want[:len(want)-1]
		}
		if got := caught(f); got != want {
			t.Errorf("panic\ngot  %v\nwant %v", got, want)
		}
	}
}

// caught is what f panicked with.
func caught(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	a, b := Of(random(100*100, 1), 100, 100), Of(random(100*75, 2), 100, 75)
	c := Of(make([]float32, 100*75), 100, 75)
	p := Pack(b)
	f := func() {
		Mul(c, a, b, Options{})
		Mul(c, a, b, Options{Serial: true})
		MulPacked(c, a, p, Options{})
	}
	if got := testing.AllocsPerRun(20, f); got != 0 {
		t.Errorf("allocations per product: got %g, want 0", got)
	}
}

func TestPackedCountsItsBytes(t *testing.T) {
	if got, want := Pack(Of(make([]float32, 10*33), 10, 33)).Bytes(), 4*10*64; got != want {
		t.Errorf("bytes of a packed 10x33 matrix: got %d, want %d", got, want)
	}
}

func TestUnknownISAIsRefused(t *testing.T) {
	if got := caught(func() { Use("mmx") }); got == nil {
		t.Error("Use(mmx) did not panic")
	}
}

func equalBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: value %d: got %g, want %g", what, i, got[i], want[i])
		}
	}
}
