package checkpoint

import (
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// An npy file is: "\x93NUMPY", major and minor version, the header's length (2 bytes,
// from version 2 on 4), the header (a Python dictionary such as
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }), the numbers.
const npyMagic = "\x93NUMPY"

// maxNPYHeader bounds the header, in bytes; numpy's own limit for safe reading.
const maxNPYHeader = 10_000

var (
	npyDescr = regexp.MustCompile(`'descr'\s*:\s*'([<>|=]?)(\w+)'`)
	npyOrder = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	npyShape = regexp.MustCompile(`'shape'\s*:\s*\(([0-9,\sL]*)\)`)
)

// npyTypes maps numpy's type letters and sizes.
var npyTypes = map[string]DType{
	"f2": F16, "f4": F32, "f8": F64, "b1": Bool,
	"i1": I8, "i2": I16, "i4": I32, "i8": I64, "u1": U8, "u2": U16, "u4": U32, "u8": U64,
}

// OpenNPY reads the header of a numpy array file of size bytes. Its one tensor is
// called like the file without ".npy".
func OpenNPY(r io.ReaderAt, size int64, name string) (Source, error) {
	t, err := openNPY(r, size, name)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func openNPY(r io.ReaderAt, size int64, name string) (*table, error) {
	header, start, err := npyHeader(r, size)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	s := stored{file: name, r: r, at: start}
	s.Name = strings.TrimSuffix(name, ".npy")
	if s.DType, s.Shape, err = parseNPYHeader(header); err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	want, err := byteLen(s.DType, s.Shape)
	if err == nil && size-start != want {
		err = fmt.Errorf("found %d bytes, expected %d for %s of shape %v", size-start, want, s.DType, s.Shape)
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	t := &table{name: name}
	return t, t.add(s)
}

// npyHeader returns the dictionary's text and where the numbers start.
func npyHeader(r io.ReaderAt, size int64) (header string, start int64, err error) {
	prefix := make([]byte, 12)
	n, err := r.ReadAt(prefix, 0)
	if n < len(prefix) {
		return "", 0, fmt.Errorf("found %d bytes, expected an npy header: %w", n, err)
	}
	if string(prefix[:6]) != npyMagic {
		return "", 0, fmt.Errorf("found %q, expected the npy mark %q", prefix[:6], npyMagic)
	}
	length := int64(binary.LittleEndian.Uint16(prefix[8:]))
	start = 10
	if prefix[6] > 1 {
		length = int64(binary.LittleEndian.Uint32(prefix[8:]))
		start = 12
	}
	if limit := min(size-start, maxNPYHeader); length > limit {
		return "", 0, fmt.Errorf("found an npy header of %d bytes, expected at most %d", length, limit)
	}
	text := make([]byte, length)
	if n, err := r.ReadAt(text, start); n < len(text) {
		return "", 0, fmt.Errorf("found %d bytes of npy header, expected %d: %w", n, length, err)
	}
	return string(text), start + length, nil
}

// parseNPYHeader reads the three entries of the dictionary.
func parseNPYHeader(header string) (DType, []int, error) {
	descr := npyDescr.FindStringSubmatch(header)
	order := npyOrder.FindStringSubmatch(header)
	dims := npyShape.FindStringSubmatch(header)
	if descr == nil || order == nil || dims == nil {
		return "", nil, fmt.Errorf("found the npy header %.80q, expected descr, fortran_order and shape", header)
	}
	d, ok := npyTypes[descr[2]]
	if !ok {
		return "", nil, fmt.Errorf("unknown dtype %q", descr[1]+descr[2])
	}
	if descr[1] == ">" && d.Size() > 1 {
		return "", nil, fmt.Errorf("found big-endian numbers %q, expected little-endian", descr[1]+descr[2])
	}
	shape := []int{}
	for field := range strings.SplitSeq(dims[1], ",") {
		if field = strings.Trim(field, " \t\nL"); field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil {
			return "", nil, fmt.Errorf("found dimension %q: %w", field, err)
		}
		shape = append(shape, n)
	}
	if order[1] == "True" && len(shape) > 1 {
		return "", nil, fmt.Errorf("found column-major order, expected row-major")
	}
	return d, shape, nil
}
