package checkpoint

import (
	"encoding/binary"
	"math"
)

// decodeFloats converts len(raw)/size little-endian numbers into dst.
func decodeFloats(dst []float32, raw []byte, d DType) {
	le := binary.LittleEndian
	switch d {
	case F16:
		for i := range len(raw) / 2 {
			dst[i] = fromF16(le.Uint16(raw[2*i:]))
		}
	case BF16:
		for i := range len(raw) / 2 {
			dst[i] = math.Float32frombits(uint32(le.Uint16(raw[2*i:])) << 16)
		}
	case F32:
		for i := range len(raw) / 4 {
			dst[i] = math.Float32frombits(le.Uint32(raw[4*i:]))
		}
	case F64:
		for i := range len(raw) / 8 {
			dst[i] = float32(math.Float64frombits(le.Uint64(raw[8*i:])))
		}
	}
}

// encodeFloats is the inverse of decodeFloats for F32, F16 and BF16; numbers are
// rounded to nearest, ties to even.
func encodeFloats(raw []byte, src []float32, d DType) {
	le := binary.LittleEndian
	for i, v := range src {
		switch d {
		case F16:
			le.PutUint16(raw[2*i:], toF16(v))
		case BF16:
			le.PutUint16(raw[2*i:], toBF16(v))
		default:
			le.PutUint32(raw[4*i:], math.Float32bits(v))
		}
	}
}

// fromF16 widens an IEEE 754 half (1 sign, 5 exponent, 10 fraction bits) exactly.
// Shifting its exponent and fraction into a float32's place leaves a number that is
// 2^112 too small; one multiplication mends it, subnormals included.
func fromF16(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	body := uint32(h&0x7fff) << 13
	if h&0x7c00 == 0x7c00 { // infinity or NaN: the exponent is all ones in both types
		return math.Float32frombits(sign | 0x7f800000 | body&0x007fffff)
	}
	const mend = 0x1p112 // 127-15 = 112, the difference of the exponents' biases
	return math.Float32frombits(sign | math.Float32bits(math.Float32frombits(body)*mend))
}

// toF16 narrows to the nearest half, ties to even; beyond 65504 it is infinity.
func toF16(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits>>16) & 0x8000
	bits &= 0x7fffffff
	switch {
	case bits > 0x7f800000: // NaN: keep it one, whatever its payload
		return sign | 0x7e00
	case bits >= 0x477ff000: // 65520 and more round past the largest half
		return sign | 0x7c00
	case bits < 0x38800000: // below 2^-14: adding 1/2 leaves the subnormal half in the last bits
		return sign | uint16(math.Float32bits(math.Float32frombits(bits)+0.5)-0x3f000000)
	}
	bits += 0x0fff + bits>>13&1 // round: half of the last kept bit, less one when it is even
	return sign | uint16((bits-0x38000000)>>13)
}

// toBF16 keeps the upper 16 bits of a float32, rounded to nearest, ties to even.
func toBF16(v float32) uint16 {
	bits := math.Float32bits(v)
	if bits&0x7fffffff > 0x7f800000 {
		return uint16(bits>>16) | 0x40
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}
