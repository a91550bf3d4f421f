package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// WriteSafetensors writes tensors to path, floats as dtype (F32, F16 or BF16),
// rounded to nearest. Tensors with Ints come first, as I64, so that all data stays
// aligned; the rest keeps the caller's order. The same arguments give the same bytes.
// The write is atomic: on any error the previous file survives. Python's
// transformers asks for metadata {"format": "pt"}.
func WriteSafetensors(path string, tensors []Tensor, dtype DType, metadata map[string]string) error {
	if dtype != F32 && dtype != F16 && dtype != BF16 {
		return fmt.Errorf("checkpoint: writing %s: found dtype %q, expected F32, F16 or BF16", path, string(dtype))
	}
	tensors = intsFirst(tensors)
	header, err := safeHeader(tensors, dtype, metadata)
	if err != nil {
		return fmt.Errorf("checkpoint: writing %s: %w", path, err)
	}
	err = replaceFile(path, func(f *os.File) error {
		return writeSafe(f, header, tensors, dtype)
	})
	if err != nil {
		return fmt.Errorf("checkpoint: writing %s: %w", path, err)
	}
	return nil
}

// intsFirst moves integer tensors to the front and keeps the order otherwise.
func intsFirst(tensors []Tensor) []Tensor {
	sorted := make([]Tensor, 0, len(tensors))
	for _, t := range tensors {
		if t.Ints != nil {
			sorted = append(sorted, t)
		}
	}
	for _, t := range tensors {
		if t.Ints == nil {
			sorted = append(sorted, t)
		}
	}
	return sorted
}

// safeHeader is the length prefix and the JSON, padded with blanks so that the data
// starts at a multiple of 8.
func safeHeader(tensors []Tensor, dtype DType, metadata map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, 8)) // the length, filled in below
	b.WriteByte('{')
	if len(metadata) > 0 {
		writeMember(&b, "__metadata__", metadata)
	}
	seen, at := map[string]bool{}, int64(0)
	for _, t := range tensors {
		if seen[t.Name] || t.Name == "__metadata__" || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("tensor %q: expected a name of its own in UTF-8", t.Name)
		}
		seen[t.Name] = true
		e, err := t.entry(dtype, at)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
		}
		writeMember(&b, t.Name, e)
		at = e.Offsets[1]
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(b.Len()-8))
	return b.Bytes(), nil
}

// writeMember appends "name":value to the object being built in b.
func writeMember(b *bytes.Buffer, name string, value any) {
	if b.Bytes()[b.Len()-1] != '{' {
		b.WriteByte(',')
	}
	key, _ := json.Marshal(name) // strings and these plain structs always marshal
	val, _ := json.Marshal(value)
	b.Write(key)
	b.WriteByte(':')
	b.Write(val)
}

// entry describes t when its data starts at byte at.
func (t *Tensor) entry(dtype DType, at int64) (safeEntry, error) {
	length := len(t.Data)
	if t.Ints != nil {
		dtype, length = I64, len(t.Ints)
	}
	n, err := byteLen(dtype, t.Shape)
	if err != nil {
		return safeEntry{}, err
	}
	if found := int64(length) * int64(dtype.Size()); found != n {
		return safeEntry{}, fmt.Errorf("found %d elements, expected %d for shape %v", length, n/int64(dtype.Size()), t.Shape)
	}
	shape := t.Shape
	if shape == nil {
		shape = []int{} // a scalar is [] in the header, not null
	}
	return safeEntry{DType: dtype, Shape: shape, Offsets: []int64{at, at + n}}, nil
}

// writeSafe writes header and data.
func writeSafe(w io.Writer, header []byte, tensors []Tensor, dtype DType) error {
	if _, err := w.Write(header); err != nil {
		return err
	}
	buffer := make([]byte, 0, chunkBytes)
	for _, t := range tensors {
		var err error
		switch {
		case t.Ints != nil:
			err = writeInts(w, t.Ints, buffer)
		case dtype == F32 && littleEndian:
			_, err = w.Write(bytesOf(t.Data))
		default:
			err = writeFloats(w, t.Data, dtype, buffer)
		}
		if err != nil {
			return fmt.Errorf("tensor %q: %w", t.Name, err)
		}
	}
	return nil
}

// writeInts writes v as I64 by way of buffer.
func writeInts(w io.Writer, v []int64, buffer []byte) error {
	for len(v) > 0 {
		n := min(len(v), cap(buffer)/8)
		raw := buffer[:8*n]
		for i := range n {
			binary.LittleEndian.PutUint64(raw[8*i:], uint64(v[i]))
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}

// writeFloats writes v as d by way of buffer.
func writeFloats(w io.Writer, v []float32, d DType, buffer []byte) error {
	for len(v) > 0 {
		n := min(len(v), cap(buffer)/d.Size())
		raw := buffer[:n*d.Size()]
		encodeFloats(raw, v[:n], d)
		if _, err := w.Write(raw); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}
