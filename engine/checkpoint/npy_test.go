package checkpoint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// npyFile assembles a version 1 npy file.
func npyFile(header string, data []byte) []byte {
	b := append([]byte(npyMagic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), data...)
}

// floatBytes is v as little-endian float32.
func floatBytes(v ...float32) []byte {
	raw := make([]byte, 4*len(v))
	encodeFloats(raw, v, F32)
	return raw
}

func npyFloats(v ...float32) []byte {
	return npyFile(fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }\n", len(v)), floatBytes(v...))
}

func TestNumpyArraysRead(t *testing.T) {
	tests := []struct {
		header string
		data   []byte
		shape  []int
		want   []float32
	}{
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n", floatBytes(1, -2), []int{2, 1}, []float32{1, -2}},
		{"{'shape': (), 'descr': '<f2', 'fortran_order': False}", []byte{0, 0x3c}, []int{}, []float32{1}},
		{"{'descr': '<f4', 'fortran_order': True, 'shape': (2L,), }", floatBytes(3, 4), []int{2}, []float32{3, 4}},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }", nil, []int{0, 5}, []float32{}},
	}
	for _, tt := range tests {
		b := npyFile(tt.header, tt.data)
		src, err := OpenNPY(bytes.NewReader(b), int64(len(b)), "a.npy")
		if err != nil {
			t.Errorf("%s: %v", tt.header, err)
			continue
		}
		got := make([]float32, len(tt.want))
		if err := src.Read("a", got); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: read %v, %v, want %v", tt.header, got, err, tt.want)
		}
		if got := src.Tensors()[0].Shape; !slices.Equal(got, tt.shape) {
			t.Errorf("%s: shape %v, want %v", tt.header, got, tt.shape)
		}
	}
}

func TestBrokenNumpyFilesAreRefused(t *testing.T) {
	tests := []struct {
		what string
		file []byte
		want string
	}{
		{"empty", nil, "found 0 bytes"},
		{"other file", []byte("PK\x03\x04........"), "expected the npy mark"},
		{"long header", []byte(npyMagic + "\x01\x00\xff\xff{}"), "found an npy header of 65535 bytes, expected at most 2"},
		{"truncated", npyFloats(1, 2)[:70], "expected 8 for F32 of shape [2]"},
		{"too long", append(npyFloats(1), 0), "found 5 bytes, expected 4"},
		{"columns first", npyFile("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", floatBytes(1)), "expected row-major"},
		{"big-endian", npyFile("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", floatBytes(1)), "expected little-endian"},
		{"objects", npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", nil), `unknown dtype "|O"`},
		{"no shape", npyFile("{'descr': '<f4', 'fortran_order': False}", nil), "expected descr, fortran_order and shape"},
		{"overflow", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999)}", nil), "larger than any file"},
		{"number too long", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", nil), "dimension"},
	}
	for _, tt := range tests {
		_, err := OpenNPY(bytes.NewReader(tt.file), int64(len(tt.file)), "a.npy")
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "checkpoint: a.npy: ") {
			t.Errorf("%s: got %v, want an error with %q", tt.what, err, tt.want)
		}
	}
}

func TestGPT1PartsAreCutByTheirShapes(t *testing.T) {
	folder := fstest.MapFS{
		"params_0.npy":       {Data: npyFloats(0, 1, 2)},
		"params_1.npy":       {Data: npyFloats(3)},
		"params_2.npy":       {Data: npyFloats(4, 5, 6)},
		"params_shapes.json": {Data: []byte("[[2], [1, 2, 2], [1]]")},
	}
	src, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	want := [][]float32{{0, 1}, {2, 3, 4, 5}, {6}}
	for i, info := range src.Tensors() {
		got := make([]float32, info.Len())
		if err := src.Read(info.Name, got); err != nil || !slices.Equal(got, want[i]) {
			t.Errorf("tensor %s %v = %v, %v, want %v", info.Name, info.Shape, got, err, want[i])
		}
	}
	for shapes, want := range map[string]string{
		"[[2], [1, 2, 2]]":      "found shapes for 24 bytes, expected 28",
		"[[2], [1, 2, 2], [2]]": "tensor 2 of shape [2]: found 4 bytes, expected 8",
		"[[-1]]":                "negative dimension",
		"{}":                    "params_shapes.json",
	} {
		folder["params_shapes.json"] = &fstest.MapFile{Data: []byte(shapes)}
		if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", shapes, err, want)
		}
	}
}
