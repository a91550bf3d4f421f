package vec

import (
	"math"
	"testing"
)

func TestSoftmaxMatchesItsDefinition(t *testing.T) {
	for _, n := range []int{1, 3, 16, 37, 500} {
		x := random(n, int64(n))
		got := append([]float32(nil), x...)
		Softmax(got, 0.7)
		var sum float64
		for _, v := range x {
			sum += math.Exp(0.7 * float64(v))
		}
		for i, v := range x {
			if want := math.Exp(0.7*float64(v)) / sum; math.Abs(float64(got[i])-want) > 1e-6*want {
				t.Fatalf("n=%d value %d: got %g, want %g", n, i, got[i], want)
			}
		}
		want := math.Log(func() (s float64) {
			for _, v := range x {
				s += math.Exp(float64(v))
			}
			return
		}())
		if got := LogSumExp(x); math.Abs(float64(got)-want) > 1e-6*math.Abs(want)+1e-6 {
			t.Errorf("LogSumExp of %d: got %g, want %g", n, got, want)
		}
	}
}

func TestSoftmaxOfHugeAndMaskedValues(t *testing.T) {
	for _, c := range []struct{ x, want []float32 }{
		{[]float32{1e38, 1e38}, []float32{0.5, 0.5}},
		{[]float32{-1e38, 0, -inf}, []float32{0, 1, 0}},
		{[]float32{-inf, -inf}, []float32{nan, nan}},
		{[]float32{1, nan}, []float32{nan, nan}},
	} {
		got := append([]float32(nil), c.x...)
		Softmax(got, 2)
		equalBits(t, "softmax", got, c.want)
	}
	for _, c := range []struct {
		x    []float32
		want float32
	}{{nil, -inf}, {[]float32{-inf, -inf}, -inf}, {[]float32{inf, 1}, inf}, {[]float32{nan, 1}, nan}, {[]float32{300, 300}, 300.69315}} {
		equalBits(t, "LogSumExp", []float32{LogSumExp(c.x)}, []float32{c.want})
	}
}

// slopes is the numerical gradient of f at x by central differences in float64.
func slopes(x []float32, f func(x []float64) float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	g := make([]float64, len(x))
	for i, v := range y {
		const h = 1e-5
		y[i] = v + h
		up := f(y)
		y[i] = v - h
		g[i] = (up - f(y)) / (2 * h)
		y[i] = v
	}
	return g
}

func near(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(float64(got[i])-want[i]) <= 1e-5*(1+math.Abs(want[i]))) {
			t.Fatalf("%s[%d]: got %g, want %g", what, i, got[i], want[i])
		}
	}
}

func TestSoftmaxGradIsTheSlope(t *testing.T) {
	const n, scale = 21, 0.6
	x, dy := random(n, 1), random(n, 2)
	want := slopes(x, func(x []float64) float64 {
		var sum, dot float64
		for i, v := range x {
			sum += math.Exp(scale * v)
			dot += math.Exp(scale*v) * float64(dy[i])
		}
		return dot / sum
	})
	y, dx := append([]float32(nil), x...), make([]float32, n)
	Softmax(y, scale)
	SoftmaxGrad(dx, y, dy, scale)
	near(t, "dx", dx, want)
}

// layerNorm64 is <dy, LayerNorm(x)>.
func layerNorm64(x, gamma, beta []float64, dy []float32) float64 {
	const eps = 1e-5
	n, mean, variance, dot := float64(len(x)), 0.0, 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / n
	}
	for i, v := range x {
		dot += float64(dy[i]) * ((v-mean)/math.Sqrt(variance+eps)*gamma[i] + beta[i])
	}
	return dot
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func TestLayerNormGradIsTheSlope(t *testing.T) {
	const n = 27
	x, gamma, beta, dy := random(n, 1), random(n, 2), random(n, 3), random(n, 4)
	y := make([]float32, n)
	mean, rstd := LayerNorm(y, x, gamma, beta, 1e-5)
	var dot float64
	for i := range y {
		dot += float64(y[i]) * float64(dy[i])
	}
	if want := layerNorm64(widen(x), widen(gamma), widen(beta), dy); math.Abs(dot-want) > 1e-4*math.Abs(want) {
		t.Errorf("<dy, y>: got %g, want %g", dot, want)
	}
	dx, dgamma, dbeta := make([]float32, n), make([]float32, n), make([]float32, n)
	LayerNormGrad(dx, dgamma, dbeta, dy, x, gamma, mean, rstd)
	near(t, "dx", dx, slopes(x, func(x []float64) float64 { return layerNorm64(x, widen(gamma), widen(beta), dy) }))
	near(t, "dgamma", dgamma, slopes(gamma, func(g []float64) float64 { return layerNorm64(widen(x), g, widen(beta), dy) }))
	near(t, "dbeta", dbeta, slopes(beta, func(b []float64) float64 { return layerNorm64(widen(x), widen(gamma), b, dy) }))
	LayerNormGrad(nil, nil, nil, dy, x, gamma, mean, rstd) // each may be absent
}

func TestDropoutKeepsTheRightShareAndIsItsOwnBackward(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, p := range []float32{0.1, 0.5, 0.9} {
			const n = 100000
			x, y := make([]float32, n), make([]float32, n)
			Fill(x, 1)
			Dropout(y, x, p, 7, 0)
			kept := 0
			for i, v := range y {
				if v != 0 && v != 1/(1-p) {
					t.Fatalf("p=%g value %d: got %g, want 0 or %g", p, i, v, 1/(1-p))
				}
				if v != 0 {
					kept++
				}
			}
			got, want := float64(kept)/n, 1-float64(p)
			if sigma := math.Sqrt(want * (1 - want) / n); math.Abs(got-want) > 4*sigma {
				t.Errorf("p=%g: share kept got %g, want %g", p, got, want)
			}
		}
	})
}

func TestDropoutDoesNotDependOnTheSplit(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		const n = 300
		for _, offset := range []uint64{0, 12345, 1<<32 - 150, 1<<40 + 3} {
			x, whole, parts := random(n, 1), make([]float32, n), make([]float32, n)
			Dropout(whole, x, 0.4, 3, offset)
			for lo := 0; lo < n; {
				hi := min(n, lo+1+lo%37)
				Dropout(parts[lo:hi], x[lo:hi], 0.4, 3, offset+uint64(lo))
				lo = hi
			}
			equalBits(t, "in parts", parts, whole)
		}
	})
}

func TestDropoutMasksOfTwoKeysAreUnrelated(t *testing.T) {
	const n, p = 20000, 0.5
	x, a, b := make([]float32, n), make([]float32, n), make([]float32, n)
	Fill(x, 1)
	for _, keys := range [][2]uint64{{0, 1}, {1, 1 << 32}, {5, 6}} {
		Dropout(a, x, p, keys[0], 0)
		Dropout(b, x, p, keys[1], 0)
		for shift := range 8 {
			same := 0
			for i := range n - shift {
				if (a[i] == 0) == (b[i+shift] == 0) {
					same++
				}
			}
			if share := float64(same) / float64(n-shift); math.Abs(share-0.5) > 0.02 {
				t.Errorf("keys %v shifted by %d: share of equal positions got %g, want 0.5", keys, shift, share)
			}
		}
	}
}

func TestDropoutAtTheEndsOfItsRange(t *testing.T) {
	x, y := random(10, 1), make([]float32, 10)
	Dropout(y, x, 0, 1, 0)
	equalBits(t, "p=0", y, x)
	Dropout(y, x, 1, 1, 0)
	equalBits(t, "p=1", y, make([]float32, 10))
}

func TestAdamWFollowsItsFormula(t *testing.T) {
	const n = 50
	p, g, m, v := random(n, 1), random(n, 2), make([]float32, n), make([]float32, n)
	p64, m64, v64 := widen(p), widen(m), widen(v)
	for step := 1; step <= 5; step++ {
		h := AdamW{LR: 0.01, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.1, GradScale: 0.5,
			Correction1: float32(1 - math.Pow(0.9, float64(step))), Correction2: float32(1 - math.Pow(0.999, float64(step)))}
		h.Step(p, g, m, v)
		for i := range p64 {
			d := 0.5 * float64(g[i])
			m64[i] += 0.1 * (d - m64[i])
			v64[i] += 0.001 * (d*d - v64[i])
			hat := m64[i] / (1 - math.Pow(0.9, float64(step)))
			root := math.Sqrt(v64[i] / (1 - math.Pow(0.999, float64(step))))
			p64[i] = p64[i]*(1-0.01*0.1) - 0.01*hat/(root+1e-8)
		}
	}
	near(t, "p", p, p64)
	near(t, "m", m, m64)
	near(t, "v", v, v64)
	AdamW{LR: 1}.Step(p, make([]float32, n), m, v) // zero factors mean none
}

func TestHalfPrecisionRoundTrips(t *testing.T) {
	for h := range 1 << 16 {
		var f [1]float32
		var back [1]uint16
		F16ToF32(f[:], []uint16{uint16(h)})
		F32ToF16(back[:], f[:])
		if f[0] == f[0] && back[0] != uint16(h) {
			t.Fatalf("f16 %#04x = %g: back got %#04x", h, f[0], back[0])
		}
		BF16ToF32(f[:], []uint16{uint16(h)})
		F32ToBF16(back[:], f[:])
		if f[0] == f[0] && back[0] != uint16(h) {
			t.Fatalf("bf16 %#04x = %g: back got %#04x", h, f[0], back[0])
		}
	}
}

func TestHalfPrecisionRoundsToNearestEven(t *testing.T) {
	for _, c := range []struct {
		v         float32
		f16, bf16 uint16
	}{
		{1, 0x3c00, 0x3f80}, {-2, 0xc000, 0xc000}, {65504, 0x7bff, 0x4780}, {65519.996, 0x7bff, 0x4780}, {65520, 0x7c00, 0x4780},
		{1 + 0x1p-11, 0x3c00, 0x3f80}, {1 + 3*0x1p-11, 0x3c02, 0x3f80}, {1 + 0x1p-8, 0x3c04, 0x3f80}, {1 + 3*0x1p-8, 0x3c0c, 0x3f82},
		{0x1p-24, 1, 0x3380}, {0x1p-25, 0, 0x3300}, {3 * 0x1p-25, 2, 0x33c0}, {0x1p-14, 0x0400, 0x3880}, {inf, 0x7c00, 0x7f80}, {-inf, 0xfc00, 0xff80},
		{math.MaxFloat32, 0x7c00, 0x7f80},
	} {
		var got [1]uint16
		F32ToF16(got[:], []float32{c.v})
		if got[0] != c.f16 {
			t.Errorf("f16(%g): got %#04x, want %#04x", c.v, got[0], c.f16)
		}
		F32ToBF16(got[:], []float32{c.v})
		if got[0] != c.bf16 {
			t.Errorf("bf16(%g): got %#04x, want %#04x", c.v, got[0], c.bf16)
		}
	}
	for _, b := range []uint32{0x7f800001, 0xffffffff, 0x7fc00000} {
		var got [1]uint16
		v := []float32{math.Float32frombits(b)}
		F32ToF16(got[:], v)
		if got[0]&0x7fff <= 0x7c00 {
			t.Errorf("f16 of NaN %#x: got %#04x, which is none", b, got[0])
		}
		F32ToBF16(got[:], v)
		if got[0]&0x7fff <= 0x7f80 {
			t.Errorf("bf16 of NaN %#x: got %#04x, which is none", b, got[0])
		}
	}
}
