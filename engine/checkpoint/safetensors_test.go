package checkpoint

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// safeFile assembles a safetensors file from a header and its data.
func safeFile(header string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func openSafeBytes(b []byte) (Source, error) {
	return OpenSafetensors(bytes.NewReader(b), int64(len(b)), "a.safetensors")
}

func TestWrittenTensorsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	want := []Tensor{
		{Name: "b.weight", Shape: []int{2, 3}, Data: []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-42}},
		{Name: "empty", Shape: []int{0, 4}, Data: []float32{}},
		{Name: "scalar", Data: []float32{7}},
		{Name: "step", Shape: []int{2}, Ints: []int64{-1, math.MaxInt64}},
		{Name: `quote " and ü`, Shape: []int{1}, Data: []float32{-0.5}},
	}
	meta := map[string]string{"format": "pt", "é": "<&>"}
	if err := WriteSafetensors(path, want, F32, meta); err != nil {
		t.Fatal(err)
	}
	src, err := Open(os.DirFS(filepath.Dir(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if got := Metadata(src); got["format"] != "pt" || got["é"] != "<&>" || len(got) != 2 {
		t.Errorf("metadata = %v, want %v", got, meta)
	}
	for _, w := range want {
		if w.Ints != nil {
			got, err := src.ReadInts(w.Name)
			if err != nil || !slices.Equal(got, w.Ints) {
				t.Errorf("%s = %v, %v, want %v", w.Name, got, err, w.Ints)
			}
			continue
		}
		got := make([]float32, len(w.Data))
		if err := src.Read(w.Name, got); err != nil || !slices.Equal(got, w.Data) {
			t.Errorf("%s = %v, %v, want %v", w.Name, got, err, w.Data)
		}
	}
	if got, want := src.Tensors()[0].Name, "step"; got != want {
		t.Errorf("first tensor is %q, want %q: integers lead so that all data is aligned", got, want)
	}
}

func TestSameTensorsGiveSameAlignedBytes(t *testing.T) {
	dir := t.TempDir()
	tensors := []Tensor{{Name: "x", Shape: []int{3}, Data: []float32{1, 2, 3}}}
	meta := map[string]string{"b": "1", "a": "2", "c": "3"}
	var files [2][]byte
	for i := range files {
		path := filepath.Join(dir, "m")
		if err := WriteSafetensors(path, tensors, F32, meta); err != nil {
			t.Fatal(err)
		}
		files[i], _ = os.ReadFile(path)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Errorf("two writes differ:\n%q\n%q", files[0], files[1])
	}
	if n := binary.LittleEndian.Uint64(files[0]); n%8 != 0 {
		t.Errorf("header is %d bytes, want a multiple of 8", n)
	}
}

func TestHalfPrecisionFilesAreHalfAsLong(t *testing.T) {
	for _, d := range []DType{F16, BF16} {
		path := filepath.Join(t.TempDir(), "m")
		data := make([]float32, 100_000) // more than one chunk
		for i := range data {
			data[i] = float32(i%256) / 8
		}
		if err := WriteSafetensors(path, []Tensor{{Name: "x", Shape: []int{len(data)}, Data: data}}, d, nil); err != nil {
			t.Fatal(err)
		}
		src, err := Open(os.DirFS(filepath.Dir(path)))
		if err == nil {
			t.Fatal("a file called m was taken for a checkpoint")
		}
		f, _ := os.Open(path)
		defer f.Close()
		info, _ := f.Stat()
		if got := info.Size(); got < 200_000 || got > 200_200 {
			t.Errorf("%s file has %d bytes, want 2 per element", d, got)
		}
		src, err = OpenSafetensors(f, info.Size(), "m")
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, len(data))
		if err := src.Read("x", got); err != nil || !slices.Equal(got, data) {
			t.Errorf("%s: numbers a half holds exactly did not come back (%v)", d, err)
		}
	}
}

func TestBrokenSafetensorsAreRefused(t *testing.T) {
	one := `{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
	eight := make([]byte, 8)
	whole := safeFile(one, eight)
	tests := []struct {
		what string
		file []byte
		want string // part of the message
	}{
		{"empty", nil, "found 0 bytes"},
		{"length only", whole[:8], "found a header of 54 bytes in a file of 8, expected at most 0"},
		{"truncated header", whole[:20], "found a header of 54 bytes in a file of 20"},
		{"truncated data", whole[:len(whole)-1], `tensor "x": ends at byte 8 of the data, expected at most 7`},
		{"data too long", append(slices.Clone(whole), 0), "found 9 bytes of data, expected the 8"},
		{"huge header", append([]byte{255, 255, 255, 255, 255, 255, 255, 255}, whole...), "found a header of 18446744073709551615 bytes"},
		{"not json", safeFile("hello", nil), "expected a JSON object"},
		{"array", safeFile("[]", nil), "expected a JSON object"},
		{"cut json", safeFile(`{"x":`, nil), "header: "},
		{"after the object", safeFile(`{}x`, nil), "after the header's object"},
		{"overlap", safeFile(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight), "overlaps"},
		{"hole", safeFile(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}}`, eight), "hole"},
		{"hole at the start", safeFile(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight), "hole"},
		{"duplicate", safeFile(`{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight), `tensor "x": found twice`},
		{"unknown dtype", safeFile(`{"x":{"dtype":"F9","shape":[2],"data_offsets":[0,8]}}`, eight), `unknown dtype "F9"`},
		{"wrong length", safeFile(`{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}`, eight), "found 8 bytes, expected 12 for F32 of shape [3]"},
		{"negative shape", safeFile(`{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}`, eight), "negative dimension"},
		{"overflowing shape", safeFile(`{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, nil), "larger than any file"},
		{"backward offsets", safeFile(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}`, eight), "expected [from, to]"},
		{"no offsets", safeFile(`{"x":{"dtype":"F32","shape":[2]}}`, eight), "expected [from, to]"},
		{"metadata of numbers", safeFile(`{"__metadata__":{"a":1}}`, nil), "__metadata__"},
	}
	for _, tt := range tests {
		src, err := openSafeBytes(tt.file)
		if err == nil || src != nil {
			t.Errorf("%s: opened, want an error with %q", tt.what, tt.want)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "checkpoint: a.safetensors: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %q, want one line with %q", tt.what, err, tt.want)
		}
	}
}

func TestWrongReadsSayWhatWasFound(t *testing.T) {
	src, err := openSafeBytes(safeFile(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I32","shape":[1],"data_offsets":[8,12]}}`, make([]byte, 12)))
	if err != nil {
		t.Fatal(err)
	}
	_, asInts := src.ReadInts("x")
	tests := []struct {
		got  error
		want string
	}{
		{src.Read("x", make([]float32, 3)), `checkpoint: a.safetensors: tensor "x": found 2 elements of shape [2], expected 3`},
		{src.Read("y", nil), `checkpoint: a.safetensors: found no tensor "y" among 2`},
		{src.Read("i", make([]float32, 1)), `checkpoint: a.safetensors: tensor "i": found I32, expected F32, F16, BF16 or F64`},
		{asInts, `checkpoint: a.safetensors: tensor "x": found F32, expected an integer type`},
	}
	for _, tt := range tests {
		if tt.got == nil || tt.got.Error() != tt.want {
			t.Errorf("got %v, want %s", tt.got, tt.want)
		}
	}
}

func TestFailedWriteKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors")
	good := []Tensor{{Name: "x", Shape: []int{1}, Data: []float32{1}}}
	if err := WriteSafetensors(path, good, F32, nil); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	bad := []struct {
		what    string
		tensors []Tensor
		dtype   DType
	}{
		{"wrong length", []Tensor{{Name: "x", Shape: []int{2}, Data: []float32{1}}}, F32},
		{"twice", []Tensor{good[0], good[0]}, F32},
		{"not UTF-8", []Tensor{{Name: "\xff", Shape: []int{1}, Data: []float32{1}}}, F32},
		{"reserved name", []Tensor{{Name: "__metadata__", Shape: []int{1}, Data: []float32{1}}}, F32},
		{"integers as floats", good, I64},
	}
	for _, b := range bad {
		if err := WriteSafetensors(path, b.tensors, b.dtype, nil); err == nil {
			t.Errorf("%s: written, want an error", b.what)
		}
	}
	failing := func(f *os.File) error { f.WriteString("half"); return os.ErrInvalid }
	if err := replaceFile(path, failing); err == nil {
		t.Error("a failing write was reported as done")
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("a failed write changed the file")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left, want 1: temporary files are removed", len(left))
	}
}
