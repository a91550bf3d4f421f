package vec

import "math"

// F16ToF32 converts IEEE half precision; every value is representable.
func F16ToF32(dst []float32, src []uint16) {
	src = src[:len(dst)]
	for i, h := range src {
		dst[i] = fromHalf(h)
	}
}

// F32ToF16 converts to IEEE half precision, rounding to nearest even; values
// from 65520 on become Inf, a NaN stays one.
func F32ToF16(dst []uint16, src []float32) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = toHalf(v)
	}
}

// BF16ToF32 converts bfloat16, the upper half of a float32.
func BF16ToF32(dst []float32, src []uint16) {
	src = src[:len(dst)]
	for i, h := range src {
		dst[i] = math.Float32frombits(uint32(h) << 16)
	}
}

// F32ToBF16 converts to bfloat16, rounding to nearest even; a NaN stays one.
func F32ToBF16(dst []uint16, src []float32) {
	src = src[:len(dst)]
	for i, v := range src {
		bits := math.Float32bits(v)
		if v != v {
			dst[i] = uint16(bits>>16) | 0x40 // quiet, or truncation could make it Inf
			continue
		}
		dst[i] = uint16((bits + 0x7fff + bits>>16&1) >> 16)
	}
}

// fromHalf widens sign 1, exponent 5, fraction 10 to 1, 8, 23. Moved into the
// place of a float32, the exponent is too small by 127-15, which one exact
// multiplication repairs, for subnormal numbers too.
func fromHalf(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	rest := uint32(h&0x7fff) << 13
	if h&0x7c00 == 0x7c00 { // Inf, NaN
		return math.Float32frombits(sign | rest | 0x7f800000)
	}
	v := math.Float32frombits(rest) * 0x1p112
	return math.Float32frombits(sign | math.Float32bits(v))
}

// toHalf rounds to the 11 significant bits of a half.
func toHalf(v float32) uint16 {
	bits := math.Float32bits(v)
	sign, rest := uint16(bits>>16)&0x8000, bits&0x7fffffff
	switch {
	case rest > 0x7f800000: // NaN
		return sign | 0x7e00 | uint16(rest>>13)&0x3ff
	case rest >= 0x477ff000: // 65520
		return sign | 0x7c00
	case rest < 0x38800000: // below 2^-14: a subnormal half counts in units of 2^-24
		return sign | uint16(math.RoundToEven(float64(math.Float32frombits(rest))*(1<<24)))
	}
	return sign | uint16((rest-(127-15)<<23+0xfff+rest>>13&1)>>13)
}
