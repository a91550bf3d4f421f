package checkpoint

import (
	"encoding/binary"
	"unsafe"
)

// littleEndian says whether a float32 in memory is laid out as in the files.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf is the memory of v seen as bytes.
func bytesOf(v []float32) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), 4*len(v))
}

// readF32 reads straight into the memory of dst, so that a checkpoint costs its own
// size and no more. On a big-endian host the portable decoder runs in place: each
// element is read before the same four bytes are written.
func (s *stored) readF32(dst []float32) error {
	raw := bytesOf(dst)
	if len(raw) == 0 {
		return nil
	}
	if err := s.readAt(raw, 0); err != nil {
		return err
	}
	if !littleEndian {
		decodeFloats(dst, raw, F32)
	}
	return nil
}
