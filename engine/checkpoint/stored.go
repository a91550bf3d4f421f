package checkpoint

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sync"
)

// chunkBytes is the working buffer for numbers that need converting: large enough
// to hide the read call, small enough to stay in the cache.
const chunkBytes = 64 << 10

// stored says where a tensor's numbers lie: one run of bytes in one file, in
// row-major order unless strides says otherwise.
type stored struct {
	Info
	file    string // for messages
	r       io.ReaderAt
	at      int64
	strides []int // in elements; nil when row-major without gaps
	span    int64 // elements from at on that the strides reach; 0 when strides is nil
}

// errorf names the file and the tensor in front of what went wrong.
func (s *stored) errorf(format string, args ...any) error {
	return fmt.Errorf("checkpoint: %s: tensor %q: %w", s.file, s.Name, fmt.Errorf(format, args...))
}

// table is a Source over stored tensors; every format of this package ends in one.
type table struct {
	name     string // the file or folder, for messages
	tensors  []stored
	index    map[string]int
	metadata map[string]string
	closers  []io.Closer
}

// add appends a tensor and refuses a second one of the same name.
func (t *table) add(s stored) error {
	if _, twice := t.index[s.Name]; twice {
		return s.errorf("found twice, expected once")
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	t.index[s.Name] = len(t.tensors)
	t.tensors = append(t.tensors, s)
	return nil
}

// find returns the named tensor or an error naming the file.
func (t *table) find(name string) (*stored, error) {
	i, ok := t.index[name]
	if !ok {
		return nil, fmt.Errorf("checkpoint: %s: found no tensor %q among %d", t.name, name, len(t.tensors))
	}
	return &t.tensors[i], nil
}

// Tensors lists the tensors in file order; the caller owns the list.
func (t *table) Tensors() []Info {
	infos := make([]Info, len(t.tensors))
	for i := range t.tensors {
		infos[i] = t.tensors[i].Info
		infos[i].Shape = slices.Clone(infos[i].Shape)
	}
	return infos
}

// Read fills dst with the named float tensor.
func (t *table) Read(name string, dst []float32) error {
	s, err := t.find(name)
	if err != nil {
		return err
	}
	switch {
	case !s.DType.isFloat():
		return s.errorf("found %s, expected F32, F16, BF16 or F64", s.DType)
	case len(dst) != s.Len():
		return s.errorf("found %d elements of shape %v, expected %d", s.Len(), s.Shape, len(dst))
	case s.strides != nil:
		return s.readStrided(dst)
	}
	return s.readFloats(dst)
}

// ReadInts returns the named integer tensor.
func (t *table) ReadInts(name string) ([]int64, error) {
	s, err := t.find(name)
	if err != nil {
		return nil, err
	}
	if s.DType.isFloat() {
		return nil, s.errorf("found %s, expected an integer type", s.DType)
	}
	if s.strides != nil {
		return nil, s.errorf("found strides %v, expected integers in row-major order", s.strides)
	}
	out := make([]int64, s.Len())
	err = s.chunks(len(out), func(first int, raw []byte) {
		decodeInts(out[first:], raw, s.DType)
	})
	return out, err
}

// Close closes every file and reports the first error.
func (t *table) Close() error {
	var first error
	for _, c := range t.closers {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	t.closers = nil
	return first
}

// readFloats reads len(dst) elements from s.at on. F32 goes straight into dst.
func (s *stored) readFloats(dst []float32) error {
	if s.DType == F32 {
		return s.readF32(dst)
	}
	return s.chunks(len(dst), func(first int, raw []byte) {
		decodeFloats(dst[first:], raw, s.DType)
	})
}

// readStrided gathers a tensor that was saved as a view (a transposed matrix, say):
// the run of bytes the view spans is read once, then picked in row-major order.
func (s *stored) readStrided(dst []float32) error {
	flat := make([]float32, s.span)
	if err := s.readFloats(flat); err != nil {
		return err
	}
	place := make([]int, len(s.Shape))
	from := 0
	for i := range dst {
		dst[i] = flat[from]
		for d := len(place) - 1; d >= 0; d-- {
			place[d]++
			from += s.strides[d]
			if place[d] < s.Shape[d] {
				break
			}
			from -= s.strides[d] * s.Shape[d]
			place[d] = 0
		}
	}
	return nil
}

var chunkPool = sync.Pool{New: func() any { return new([chunkBytes]byte) }}

// chunks reads n elements piecewise and hands each piece on with the index of its
// first element.
func (s *stored) chunks(n int, use func(first int, raw []byte)) error {
	buffer := chunkPool.Get().(*[chunkBytes]byte)
	defer chunkPool.Put(buffer)
	size := s.DType.Size()
	for first := 0; first < n; {
		raw := buffer[:min(chunkBytes, (n-first)*size)]
		if err := s.readAt(raw, int64(first)*int64(size)); err != nil {
			return err
		}
		use(first, raw)
		first += len(raw) / size
	}
	return nil
}

// readAt fills raw from offset bytes into the tensor.
func (s *stored) readAt(raw []byte, offset int64) error {
	n, err := s.r.ReadAt(raw, s.at+offset)
	if n == len(raw) {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return s.errorf("found %d bytes at offset %d, expected %d: %w", n, s.at+offset, len(raw), err)
}

// decodeInts converts len(raw)/size integers into dst.
func decodeInts(dst []int64, raw []byte, d DType) {
	le, size := binary.LittleEndian, d.Size()
	for i := range len(raw) / size {
		b := raw[i*size:]
		switch d {
		case Bool, U8:
			dst[i] = int64(b[0])
		case I8:
			dst[i] = int64(int8(b[0]))
		case U16:
			dst[i] = int64(le.Uint16(b))
		case I16:
			dst[i] = int64(int16(le.Uint16(b)))
		case U32:
			dst[i] = int64(le.Uint32(b))
		case I32:
			dst[i] = int64(int32(le.Uint32(b)))
		case U64, I64:
			dst[i] = int64(le.Uint64(b))
		}
	}
}
