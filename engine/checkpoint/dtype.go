package checkpoint

import (
	"fmt"
	"math"
)

// A DType is the type a tensor's numbers are stored in, spelt as safetensors does.
type DType string

// The types a checkpoint may hold. All are little-endian in files, except in npy
// and HDF5 files that say otherwise, which are refused.
const (
	F16  DType = "F16"
	BF16 DType = "BF16"
	F32  DType = "F32"
	F64  DType = "F64"
	Bool DType = "BOOL"
	U8   DType = "U8"
	I8   DType = "I8"
	U16  DType = "U16"
	I16  DType = "I16"
	U32  DType = "U32"
	I32  DType = "I32"
	U64  DType = "U64"
	I64  DType = "I64"
)

// Size is the number of bytes of one element, 0 for a type this package does not know.
func (d DType) Size() int {
	switch d {
	case Bool, U8, I8:
		return 1
	case F16, BF16, U16, I16:
		return 2
	case F32, U32, I32:
		return 4
	case F64, U64, I64:
		return 8
	}
	return 0
}

// isFloat says whether Read (and not ReadInts) serves the type.
func (d DType) isFloat() bool {
	return d == F16 || d == BF16 || d == F32 || d == F64
}

// byteLen is the space shape takes in a file, or an error when a dimension is
// negative or the product leaves the range of an int.
func byteLen(d DType, shape []int) (int64, error) {
	size := int64(d.Size())
	if size == 0 {
		return 0, fmt.Errorf("unknown dtype %q", string(d))
	}
	total, zero := size, false
	for _, n := range shape {
		switch {
		case n < 0:
			return 0, fmt.Errorf("found a negative dimension in shape %v", shape)
		case n == 0:
			zero = true
		case total > math.MaxInt64/int64(n):
			return 0, fmt.Errorf("shape %v is larger than any file", shape)
		default:
			total *= int64(n)
		}
	}
	if zero {
		return 0, nil
	}
	return total, nil
}
