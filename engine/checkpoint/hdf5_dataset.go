package checkpoint

import (
	"bytes"
	"fmt"
	"math"
)

// dataset adds the dataset that messages describe as a tensor called path.
func (h *hdf5) dataset(messages map[uint16][]byte, path string) error {
	dtype, known, err := hdf5Type(messages[msgDatatype])
	if err != nil {
		return fmt.Errorf("tensor %q: %w", path, err)
	}
	if !known {
		return nil
	}
	shape, err := hdf5Shape(messages[msgDataspace])
	if err != nil {
		return fmt.Errorf("tensor %q: %w", path, err)
	}
	s := stored{Info: Info{Name: path, DType: dtype, Shape: shape}, file: h.name, r: h.r}
	want, err := byteLen(dtype, shape)
	if err == nil {
		err = h.layout(&s, messages, want)
	}
	if err != nil {
		return fmt.Errorf("tensor %q: %w", path, err)
	}
	return h.table.add(s)
}

// hdf5Type reads a datatype message; known is false for what is not numbers.
func hdf5Type(m []byte) (d DType, known bool, err error) {
	const fixedPoint, floatingPoint = 0, 1
	if len(m) < 8 {
		return "", false, fmt.Errorf("found a datatype message of %d bytes, expected at least 8", len(m))
	}
	class, order, size := m[0]&15, m[1], le32(m[4:])
	if class != fixedPoint && class != floatingPoint {
		return "", false, nil
	}
	if order&1 != 0 && size > 1 {
		return "", false, fmt.Errorf("found big-endian numbers, expected little-endian")
	}
	if class == floatingPoint {
		return hdf5Float(m, size)
	}
	signed := order&8 != 0
	unsignedOf := map[uint32]DType{1: U8, 2: U16, 4: U32, 8: U64}
	signedOf := map[uint32]DType{1: I8, 2: I16, 4: I32, 8: I64}
	if signed {
		d, known = signedOf[size]
	} else {
		d, known = unsignedOf[size]
	}
	if !known {
		return "", false, fmt.Errorf("found integers of %d bytes, expected 1, 2, 4 or 8", size)
	}
	return d, true, nil
}

// hdf5Float tells the IEEE types by their size and exponent width.
func hdf5Float(m []byte, size uint32) (DType, bool, error) {
	if len(m) < 20 {
		return "", false, fmt.Errorf("found a float datatype of %d bytes, expected 20", len(m))
	}
	switch exponent := m[13]; {
	case size == 2 && exponent == 5:
		return F16, true, nil
	case size == 4 && exponent == 8:
		return F32, true, nil
	case size == 8 && exponent == 11:
		return F64, true, nil
	default:
		return "", false, fmt.Errorf("found floats of %d bytes with %d exponent bits, expected IEEE half, single or double", size, exponent)
	}
}

// hdf5Shape reads a dataspace message, version 1 or 2.
func hdf5Shape(m []byte) ([]int, error) {
	if len(m) < 4 || m[0] != 1 && m[0] != 2 {
		return nil, fmt.Errorf("found a dataspace message %.4x, expected version 1 or 2", m)
	}
	rank, at := int(m[1]), 8
	if m[0] == 2 {
		at = 4
	}
	if len(m) < at+8*rank {
		return nil, fmt.Errorf("found a dataspace message of %d bytes, expected %d for rank %d", len(m), at+8*rank, rank)
	}
	shape := make([]int, rank)
	for i := range shape {
		n := le64(m[at+8*i:])
		if n > math.MaxInt64 {
			return nil, fmt.Errorf("found dimension %d of size %d", i, n)
		}
		shape[i] = int(n)
	}
	return shape, nil
}

// layout finds where the numbers lie: want bytes in all.
func (h *hdf5) layout(s *stored, messages map[uint16][]byte, want int64) error {
	const compact, contiguous, chunked = 0, 1, 2
	m := messages[msgLayout]
	if len(m) < 4 || m[0] != 3 {
		return fmt.Errorf("found a layout message %.4x, expected version 3 (save with libver=\"earliest\")", m)
	}
	switch m[1] {
	case compact:
		return s.compact(m, want)
	case contiguous:
		return h.contiguous(s, m, want)
	case chunked:
		return h.chunked(s, m, messages[msgFilters], want)
	}
	return fmt.Errorf("found layout class %d, expected compact, contiguous or chunked", m[1])
}

// compact numbers lie in the message itself.
func (s *stored) compact(m []byte, want int64) error {
	if n := int64(le16(m[2:])); n != want || int64(len(m)-4) < want {
		return fmt.Errorf("found %d compact bytes, expected %d", n, want)
	}
	s.r = bytes.NewReader(m[4 : 4+want])
	return nil
}

// contiguous numbers are one run of bytes.
func (h *hdf5) contiguous(s *stored, m []byte, want int64) error {
	if len(m) < 18 {
		return fmt.Errorf("found a layout message of %d bytes, expected 18", len(m))
	}
	at, n := le64(m[2:]), le64(m[10:])
	room := uint64(h.size - h.base)
	switch {
	case want == 0:
		return nil
	case at == undefined:
		return fmt.Errorf("found no data, expected %d bytes", want)
	case n != uint64(want):
		return fmt.Errorf("found %d bytes, expected %d for %s of shape %v", n, want, s.DType, s.Shape)
	case at > room || n > room-at:
		return fmt.Errorf("found %d bytes at address %d, expected them within the file's %d", n, at, room)
	}
	s.at = h.base + int64(at)
	return nil
}
