package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// chained is the definition of MulBF16: the chain of sums that VDPBF16PS makes, with a visit to C
// every 512 steps. Products of two bfloat16 are exact.
func chained(c, a, b Matrix, o Options) []float32 {
	value := func(m Matrix, i, j int) float32 {
		if i < m.Rows && j < m.Cols {
			return RoundBF16(m.at(i, j))
		}
		return 0 // the neighbour of the last, where K is odd
	}
	var want []float32
	for i := range c.Rows {
		for j := range c.Cols {
			at, add := c.at(i, j), o.Accumulate
			for k0 := 0; k0 < a.Cols; k0 += 512 {
				sum := float32(0)
				for k := k0; k < min(k0+512, a.Cols); k += 2 {
					sum += float32(value(a, i, k+1) * value(b, k+1, j))
					sum += float32(value(a, i, k) * value(b, k, j))
				}
				if add {
					sum += at
				}
				at, add = sum, true
			}
			want = append(want, at)
		}
	}
	return want
}

var shapesBF16 = append([][3]int{{7, 40, 511}, {14, 33, 512}, {11, 9, 1025}, {2, 64, 129}, {12, 5, 1026}}, shapes...)

func TestBF16ProductsAreTheSameToTheLastBitOnEveryMachine(t *testing.T) {
	for i, s := range shapesBF16 {
		for flags := range 8 {
			o := Options{Accumulate: flags&4 != 0, Serial: i%2 == 0}
			c := Of(random(s[0]*s[1], 9), s[0], s[1])
			a, b := sample(s[0], s[2], flags&1 != 0, int64(i)), sample(s[2], s[1], flags&2 != 0, int64(i+7))
			want := chained(c, a, b, o)
			for _, isa := range ISAs() {
				restore := Use(isa)
				got := Of(append([]float32(nil), c.Data...), s[0], s[1])
				MulBF16(got, a, b, o)
				equalBits(t, fmt.Sprintf("%s (%s) %v %d", isa, BF16(), s, flags), got.Data, want)
				copy(got.Data, c.Data)
				MulPacked(got, a, PackBF16(b), o)
				equalBits(t, fmt.Sprintf("%s packed %v %d", isa, s, flags), got.Data, want)
				restore()
			}
		}
	}
}

func TestBF16ProductIsThatOfRoundedValues(t *testing.T) {
	const m, n, k = 30, 50, 700
	a, b := Of(random(m*k, 1), m, k), Of(random(k*n, 2), k, n)
	got := Of(make([]float32, m*n), m, n)
	MulBF16(got, a, b, Options{Alpha: 0.5})
	for _, x := range [][]float32{a.Data, b.Data} {
		for i, v := range x {
			x[i] = RoundBF16(v)
		}
	}
	for i, want := range naive(got, a, b, Options{Alpha: 0.5}) {
		if d := math.Abs(float64(got.Data[i]) - want); !(d < 1e-4) {
			t.Fatalf("value %d: got %v, want %v", i, got.Data[i], want)
		}
	}
}

func TestWorkersDoNotChangeABitOfABF16Product(t *testing.T) {
	defer SetWorkers(Workers())
	a, b := sample(211, 1100, false, 1), sample(1100, 270, true, 2)
	eachISA(t, func(t *testing.T) {
		var want []float32
		for _, workers := range []int{1, 2, 3, 7} {
			SetWorkers(workers)
			got := make([]float32, 211*270)
			MulBF16(Of(got, 211, 270), a, b, Options{})
			if want == nil {
				want = got
			}
			equalBits(t, fmt.Sprint(workers, " workers"), got, want)
		}
	})
}

func TestAPackedMatrixChangesItsFormat(t *testing.T) {
	a, b := sample(20, 600, false, 1), sample(600, 70, true, 2)
	want, half := make([]float32, 20*70), make([]float32, 20*70)
	Mul(Of(want, 20, 70), a, b, Options{})
	MulBF16(Of(half, 20, 70), a, b, Options{})
	p := PackBF16(b)
	size := p.Bytes()
	got := make([]float32, 20*70)
	p.Repack(b)
	MulPacked(Of(got, 20, 70), a, p, Options{})
	equalBits(t, "float32 after bfloat16", got, want)
	p.RepackBF16(b)
	MulPacked(Of(got, 20, 70), a, p, Options{})
	equalBits(t, "bfloat16 after float32", got, half)
	if BF16() != "rounded" && size >= Pack(b).Bytes() {
		t.Errorf("packed as bfloat16 it has %d bytes, want half of %d", size, Pack(b).Bytes())
	}
}

func TestRoundingIsToTheNearestAndToEvenOnATie(t *testing.T) {
	inf, tiny := float32(math.Inf(1)), float32(0x1p-126)
	for _, x := range []struct{ in, want float32 }{
		{0, 0}, {1, 1}, {-1.5, -1.5}, {1 + 1.0/128, 1 + 1.0/128},
		{1 + 1.0/256, 1}, {1 + 3.0/256, 1 + 2.0/128}, {-(1 + 1.0/256), -1},
		{1 + 1.0/256 + 0x1p-20, 1 + 1.0/128}, {1.99999, 2},
		{math.MaxFloat32, inf}, {-inf, -inf}, {tiny, tiny}, {tiny / 2, 0}, {tiny - 0x1p-149, 0},
	} {
		if got := RoundBF16(x.in); got != x.want {
			t.Errorf("%v: got %v, want %v", x.in, got, x.want)
		}
	}
	if got := RoundBF16(float32(math.NaN())); got == got {
		t.Errorf("got %v of no number", got)
	}
}

// anything is values of every kind: ordinary ones, ties, zeros, infinities, no numbers, tiny ones.
func anything(n int) []float32 {
	rng := rand.New(rand.NewPCG(3, 5))
	special := []uint32{0, 1 << 31, 0x7f800000, 0xff800000, 0x7f800001, 0x7fc00000, 0xffffffff, 1, 0x807fffff, 0x00800000, 0x007fffff, 0x7f7fffff, 0x3f808000, 0x3f818000}
	x := make([]float32, n)
	for i := range x {
		bits := rng.Uint32()
		if rng.IntN(3) == 0 {
			bits = special[rng.IntN(len(special))]
		}
		x[i] = math.Float32frombits(bits)
	}
	return x
}

func TestPackingOfPairsIsThatOfThePortableLoops(t *testing.T) {
	if current.pairs == nil {
		t.Skip("this machine has no bfloat16 instructions: the portable loops are what runs")
	}
	src := anything(60 * 80)
	for rows := 1; rows <= 35; rows++ {
		for cols := 1; cols <= 70; cols++ {
			want, got := make([]float32, 40*40), make([]float32, 40*40)
			portableRound(want, 40, src, 80, rows, cols)
			current.pairs.round(got, 40, src, 80, rows, cols)
			equalPatterns(t, fmt.Sprintf("round %dx%d", rows, cols), got, want)
		}
		for cols := 1; cols <= panelCols; cols++ {
			want, got := make([]float32, 20*panelCols), make([]float32, 20*panelCols)
			portableZip(want, panelCols, src, 80, rows, cols)
			current.pairs.zip(got, panelCols, src, 80, rows, cols)
			equalPatterns(t, fmt.Sprintf("zip %dx%d", rows, cols), got, want)
		}
		for cols := 1; cols <= tileRows; cols++ {
			want, got := make([]float32, 20*tileRows), make([]float32, 20*tileRows)
			portableZip(want, tileRows, src, 80, rows, cols)
			current.pairs.zip(got, tileRows, src, 80, rows, cols)
			equalPatterns(t, fmt.Sprintf("narrow zip %dx%d", rows, cols), got, want)
		}
	}
}

func TestAPairHoldsTwoValues(t *testing.T) {
	for _, x := range [][2]float32{{1, 2}, {-3.5, 0}, {0, -7}, {0x1p100, 0x1p-100}} {
		if even, odd := unpair(pair(x[0], x[1])); even != x[0] || odd != x[1] {
			t.Errorf("got %v and %v, want %v", even, odd, x)
		}
	}
}

// unpair is the inverse of pair.
func unpair(p float32) (even, odd float32) {
	bits := math.Float32bits(p)
	return math.Float32frombits(bits << 16), math.Float32frombits(bits &^ 0xffff)
}

// equalPatterns compares bits, for some are no numbers.
func equalPatterns(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if g, w := math.Float32bits(got[i]), math.Float32bits(want[i]); g != w {
			t.Fatalf("%s: value %d got %#08x, want %#08x", what, i, g, w)
		}
	}
}
