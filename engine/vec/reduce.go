package vec

import "math"

// The portable twins of the reductions.

// lanes is how many partial sums a reduction keeps.
const lanes = 16

// fold adds the lanes in the order every implementation uses.
func fold[T float32 | float64](s *[lanes]T) T {
	for w := lanes / 2; w > 0; w /= 2 {
		for i := range w {
			s[i] += s[i+w]
		}
	}
	return s[0]
}

func dotPortable(a, b []float32) float32 {
	var s [lanes]float32
	for i := range a {
		s[i%lanes] = fma(a[i], b[i], s[i%lanes])
	}
	return fold(&s)
}

func sumPortable(x []float32) float32 {
	var s [lanes]float32
	for i := range x {
		s[i%lanes] += x[i]
	}
	return fold(&s)
}

func sumSquaresPortable(x []float32) float64 {
	var s [lanes]float64
	for i := range x {
		v := float64(x[i])
		s[i%lanes] += v * v // the square is exact, so fusing changes nothing
	}
	return fold(&s)
}

func maximumPortable(x []float32) float32 {
	m := float32(math.Inf(-1))
	for _, v := range x {
		if v != v {
			return v
		}
		m = max(m, v)
	}
	return m
}

// maxAbsPortable compares bits: without the sign they are ordered like the
// numbers, and a NaN is above everything.
func maxAbsPortable(x []float32) float32 {
	var m uint32
	for _, v := range x {
		m = max(m, math.Float32bits(v)&^signBit)
	}
	return math.Float32frombits(m)
}

// scaleMaxPortable is Scale and Max in one pass.
func scaleMaxPortable(x []float32, alpha float32) float32 {
	scalePortable(x, alpha)
	return maximumPortable(x)
}

// expSumPortable is  for i := range x { x[i] = exp(x[i] - max); sum += x[i] }
func expSumPortable(x []float32, max float32) float32 {
	var s [lanes]float32
	for i := range x {
		x[i] = exp1(x[i] - max)
		s[i%lanes] += x[i]
	}
	return fold(&s)
}

// sumDeviationsPortable is  for i := range x { sum += (x[i]-mean)*(x[i]-mean) }
func sumDeviationsPortable(x []float32, mean float32) float32 {
	var s [lanes]float32
	for i := range x {
		d := x[i] - mean
		s[i%lanes] = fma(d, d, s[i%lanes])
	}
	return fold(&s)
}

// normSumsPortable is the two sums of LayerNormGrad.
func normSumsPortable(dy, x, gamma []float32, mean, rstd float32) (s, sh float32) {
	var a, b [lanes]float32
	for i := range dy {
		d := float32(dy[i] * gamma[i])
		a[i%lanes] += d
		b[i%lanes] = fma(d, (x[i]-mean)*rstd, b[i%lanes])
	}
	return fold(&a), fold(&b)
}
