package vec

import (
	"math"
	"testing"
)

// A curve is a function with its definition in float64 and the error allowed:
// relative, and absolute where the value passes through zero.
type curve struct {
	name               string
	got                func(dst, x []float32)
	want               func(x float64) float64
	relative, absolute float64
}

func phi(x float64) float64     { return math.Erfc(-x/math.Sqrt2) / 2 }
func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
func logistic64(x float64) float64 {
	return 1 / (1 + math.Exp(-x))
}

// inner is the 2u of GELUTanh, slope its derivative.
func inner(x float64) float64 { return 2 * math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }
func slope(x float64) float64 { return 2 * math.Sqrt(2/math.Pi) * (1 + 3*0.044715*x*x) }

// ones feeds a gradient with dy = 1.
func ones(f func(dx, x, dy []float32)) func(dst, x []float32) {
	return func(dst, x []float32) {
		dy := make([]float32, len(x))
		Fill(dy, 1)
		f(dst, x, dy)
	}
}

var curves = []curve{
	{"Exp", Exp, math.Exp, 2e-7, 1e-45},
	{"Tanh", Tanh, math.Tanh, 4e-7, 1e-45},
	{"Sigmoid", Sigmoid, logistic64, 3e-7, 1e-44},
	{"GELU", GELU, func(x float64) float64 { return x * phi(x) }, 1e-6, 3e-44},
	{"GELUGrad", ones(GELUGrad), func(x float64) float64 { return phi(x) + x*density(x) }, 1e-6, 2e-7},
	// The rounding of 2u, which reaches 100, is magnified by the exponential.
	{"GELUTanh", GELUTanh, func(x float64) float64 { return x * logistic64(inner(x)) }, 1e-6, 1e-7},
	{"GELUTanhGrad", ones(GELUTanhGrad), func(x float64) float64 {
		s := logistic64(inner(x))
		return s + x*s*(1-s)*slope(x)
	}, 1e-6, 4e-7},
}

func TestCurvesMatchTheirDefinition(t *testing.T) {
	var x []float32
	for i := -110000; i <= 110000; i += 7 {
		v := float32(i) / 1000
		x = append(x, v, v/20)
	}
	for e := -45; e < 3; e++ {
		x = append(x, float32(math.Pow(10, float64(e))), -float32(math.Pow(10, float64(e))))
	}
	got := make([]float32, len(x))
	eachISA(t, func(t *testing.T) {
		for _, c := range curves {
			c.got(got, x)
			for i, v := range x {
				want := c.want(float64(v))
				if want > math.MaxFloat32 {
					continue
				}
				if err := math.Abs(float64(got[i]) - want); !(err <= c.relative*math.Abs(want)+c.absolute) {
					t.Errorf("%s(%g): got %g, want %g, relative error %.2g", c.name, v, got[i], want, err/math.Abs(want))
					break
				}
			}
		}
	})
}

func TestLimitsAreReached(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		for _, c := range []struct {
			name    string
			f       func(dst, x []float32)
			x, want float32
		}{
			{"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, 0, 1}, {"Exp", Exp, nan, nan}, {"Exp", Exp, 1e30, inf},
			{"Tanh", Tanh, inf, 1}, {"Tanh", Tanh, -inf, -1}, {"Tanh", Tanh, nan, nan}, {"Tanh", Tanh, -3e38, -1},
			{"Sigmoid", Sigmoid, inf, 1}, {"Sigmoid", Sigmoid, -inf, 0}, {"Sigmoid", Sigmoid, nan, nan}, {"Sigmoid", Sigmoid, 0, 0.5},
			{"ReLU", ReLU, -inf, 0}, {"ReLU", ReLU, inf, inf}, {"ReLU", ReLU, nan, nan},
			{"GELU", GELU, inf, inf}, {"GELU", GELU, nan, nan}, {"GELU", GELU, 3e38, 3e38}, {"GELU", GELU, 0, 0},
			{"GELUTanh", GELUTanh, inf, inf}, {"GELUTanh", GELUTanh, nan, nan}, {"GELUTanh", GELUTanh, 3e38, 3e38},
			{"GELUGrad", ones(GELUGrad), inf, 1}, {"GELUGrad", ones(GELUGrad), nan, nan}, {"GELUGrad", ones(GELUGrad), -inf, 0},
			{"GELUTanhGrad", ones(GELUTanhGrad), inf, 1}, {"GELUTanhGrad", ones(GELUTanhGrad), nan, nan}, {"GELUTanhGrad", ones(GELUTanhGrad), -inf, 0},
		} {
			x, got := make([]float32, 19), make([]float32, 19)
			Fill(x, c.x)
			c.f(got, x)
			for i, g := range got {
				if bits(g) != bits(c.want) && !(g == 0 && c.want == 0) {
					t.Errorf("%s(%g)[%d]: got %g, want %g", c.name, c.x, i, g, c.want)
					break
				}
			}
		}
	})
}

func TestFusedMultiplyAddRoundsOnce(t *testing.T) {
	for _, c := range [][4]float32{
		{1 + 0x1p-12, 1 - 0x1p-12, -1, -0x1p-24},
		{1 + 0x1p-23, 1 + 0x1p-23, -1 - 0x1p-22, 0x1p-46},
		{1, 1 + 0x1p-23, 0x1p-24, 1 + 0x1p-22},           // a tie goes to even
		{0x1p-40, 0x1p-40, 1 + 0x1p-23 + 0, 1 + 0x1p-23}, // far below
		{1 + 0x1p-12, 0x1p-24 + 0x1p-36, 1, 1 + 0x1p-23}, // just above a tie in float64
		{0x1.000002p0, -0x1.fffffep-25, 1, 1 - 0x1p-24},  // just below one
		{inf, 1, 1, inf},
	} {
		if got := fma(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("fma(%x, %x, %x): got %x, want %x", c[0], c[1], c[2], got, c[3])
		}
	}
}
