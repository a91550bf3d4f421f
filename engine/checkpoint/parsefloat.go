package checkpoint

import (
	"math"
	"strconv"
)

// exactPowers are the powers of ten a float64 holds exactly.
var exactPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// exactDigits is how many decimal digits a float64 always holds exactly.
const exactDigits = 15

// parseFloat reads a finite decimal number to the bits strconv.ParseFloat(s, 32) gives.
// Plain numbers (sign, up to 15 digits, a point) are mantissa / 10^k in float64: both
// are exact, so the quotient is rounded once. Rounding it again to float32 is right
// unless it landed on the middle between two float32, where the first rounding may
// have hidden the side; that case, and any other notation, goes to strconv.
func parseFloat(s []byte) (f float32, ok bool) {
	mantissa, scale, plain := decimal(s)
	if plain {
		d := float64(mantissa) / exactPowers[scale]
		if !onMiddle(d) && (mantissa == 0 || d >= 0x1p-126) { // below lie float32's subnormals
			if s[0] == '-' {
				d = -d
			}
			return float32(d), true
		}
	}
	slow, err := strconv.ParseFloat(string(s), 32)
	return float32(slow), err == nil && finite(float32(slow))
}

// onMiddle says whether d is half way between two float32: of the 29 bits a float32
// lacks, the first is set and the others are not.
func onMiddle(d float64) bool {
	return math.Float64bits(d)&(1<<29-1) == 1<<28
}

// decimal reads [+-]digits[.digits] as mantissa / 10^scale; ok is false for anything
// else and for more than exactDigits digits.
func decimal(s []byte) (mantissa uint64, scale int, ok bool) {
	i := 0
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		i = 1
	}
	digits, point := 0, -1
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = digits
		default:
			return 0, 0, false
		}
		if digits > exactDigits {
			return 0, 0, false
		}
	}
	if point >= 0 {
		scale = digits - point
	}
	return mantissa, scale, digits > 0
}

// finite says whether f is neither infinite nor NaN.
func finite(f float32) bool {
	return math.Float32bits(f)&0x7f800000 != 0x7f800000
}
