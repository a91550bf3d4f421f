package vec

import "math"

// The functions of one lane. Every step rounds as the vector kernels do, so the
// order of operations here is part of the result, and products that meet a sum
// are converted to float32, which keeps compilers from fusing them.
const (
	log2e  = 1.44269504088896341
	ln2Hi  = 0.693147182464599609375 // float32(ln 2)
	ln2Lo  = -1.90465432314822e-9    // ln 2 - ln2Hi
	magic  = 3 << 22                 // adding it rounds to an integer in the low bits
	expMin = -104                    // exp is 0 from here down
	expMax = 89                      // and Inf from here up

	tanhMax = 20   // tanh(x) is 1 from 2|x| = 18.1 on
	tailMax = 14.5 // Phi(-x) is 0 from 14.2 on

	tailSlope = 0.35
	density0  = 0.398942280401432678 // phi(0) = 1/sqrt(2 pi)

	geluU1  = 1.59576912160573071 // 2 sqrt(2/pi)
	geluU3  = geluU1 * 0.044715
	geluDU3 = 3 * geluU3
)

// expPoly is (exp(r)-1-r)/r^2 for |r| <= ln(2)/2, highest power first: a
// Chebyshev fit, relative error of exp 8e-9.
var expPoly = [5]float32{0.00139262680526, 0.00836324666975, 0.0416665541093, 0.166665765832, 0.5}

// tailPoly gives the tail of the normal distribution: with t = 1/(1+0.35a),
// Phi(-a) = exp(-a*a/2) * t * tailPoly(t) for 0 <= a <= 14.5, highest power
// first: a Chebyshev fit, relative error 2e-8.
var tailPoly = [9]float32{
	-0.0297322758107, 0.146783986077, -0.261410543238, 0.16551016483, -0.0273219105835,
	0.107212499401, 0.119425092658, 0.139914333902, 0.139618635013,
}

// horner evaluates a polynomial, highest power first.
func horner(poly []float32, x float32) float32 {
	s := poly[0]
	for _, c := range poly[1:] {
		s = fma(s, x, c)
	}
	return s
}

// reduce splits x = n ln(2) + r and returns n and exp(r)-1. low is added to r.
func reduce(x, low float32) (n int32, p float32) {
	t := fma(x, log2e, magic)
	n = int32(math.Float32bits(t)) - int32(math.Float32bits(magic))
	f := t - magic
	r := fma(f, -ln2Hi, x)
	r = fma(f, -ln2Lo, r) + low
	return n, fma(horner(expPoly[:], r), float32(r*r), r)
}

// power is 2^n for -127 < n < 128.
func power(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// expLow is exp(x+low) for x in the range where power(n/2) exists. Two steps,
// because 2^n may be out of range when the result is subnormal.
func expLow(x, low float32) float32 {
	n, p := reduce(x, low)
	half := n >> 1
	return float32((p + 1) * power(half) * power(n-half))
}

func exp1(x float32) float32 { return expLow(clamp(x, expMin, expMax), 0) }

// clamp keeps x in [lo, hi]; NaN stays NaN.
func clamp(x, lo, hi float32) float32 {
	if x > hi {
		return hi
	}
	if x < lo {
		return lo
	}
	return x
}

// atMost is the smaller of x and hi; NaN stays NaN.
func atMost(x, hi float32) float32 {
	if x > hi {
		return hi
	}
	return x
}

const signBit = 1 << 31

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ signBit) }

func negative(x float32) bool { return math.Float32bits(x)&signBit != 0 }

// withSign gives a, which is not negative, the sign of x.
func withSign(a, x float32) float32 {
	return math.Float32frombits(math.Float32bits(a) | math.Float32bits(x)&signBit)
}

// tanh1 is e/(e+2) with e = exp(2|x|)-1, which is exact near 0.
func tanh1(x float32) float32 {
	n, p := reduce(atMost(2*abs(x), tanhMax), 0)
	s := power(n)
	e := fma(s, p, s-1)
	return withSign(e/(e+2), x)
}

// logistic is the numerator and 1+e of sigmoid(x) with e = exp(-|x|): both
// tails keep their relative accuracy.
func logistic(x float32) (num, e float32) {
	e = exp1(-abs(x))
	if negative(x) {
		return e, e
	}
	return 1, e
}

func sigmoid1(x float32) float32 {
	num, e := logistic(x)
	return num / (1 + e)
}

// normal is the distribution Phi(x), and exp(-x*x/2). The square is split into
// its rounded value and the rest, because an exponent of 50 turns a rounding
// error into 50 of them.
func normal(x float32) (phi, e float32) {
	a := atMost(abs(x), tailMax)
	h := float32(a * a)
	e = expLow(-0.5*h, -0.5*fma(a, a, -h))
	t := 1 / fma(a, tailSlope, 1)
	tail := float32(e * float32(t*horner(tailPoly[:], t)))
	if negative(x) {
		return tail, e
	}
	return 1 - tail, e
}

func gelu1(x float32) float32 {
	phi, _ := normal(x)
	return clamp(x, -tailMax, float32(math.Inf(1))) * phi
}

func geluGrad1(x, dy float32) float32 {
	phi, e := normal(x)
	xc := withSign(atMost(abs(x), tailMax), x)
	return dy * fma(xc, float32(e*density0), phi)
}

// geluTanh1 uses (1 + tanh(u))/2 = sigmoid(2u).
func geluTanh1(x float32) float32 {
	xc := withSign(atMost(abs(x), tailMax), x)
	num, e := logistic(xc * fma(float32(xc*xc), geluU3, geluU1))
	return clamp(x, -tailMax, float32(math.Inf(1))) * (num / (1 + e))
}

func geluTanhGrad1(x, dy float32) float32 {
	xc := withSign(atMost(abs(x), tailMax), x)
	square := xc * xc
	num, e := logistic(xc * fma(square, geluU3, geluU1))
	d := 1 / (1 + e)
	slope := xc * fma(square, geluDU3, geluU1)
	return dy * fma(float32(float32(e*d)*d), slope, float32(num*d))
}
