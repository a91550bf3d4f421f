package checkpoint

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func openTorchBytes(b []byte) (Source, error) {
	return OpenPyTorch(bytes.NewReader(b), int64(len(b)), "a.bin")
}

func TestBothPyTorchLayoutsRead(t *testing.T) {
	tests := []struct {
		name  string
		dtype DType
		shape []int
		want  []float32
	}{
		{"encoder.weight", F32, []int{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		{"transposed", F32, []int{3, 2}, []float32{0, 3, 1, 4, 2, 5}},
		{"tied", F32, []int{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		{"tail", F32, []int{2, 3}, []float32{4, 5, 6, 7, 8, 9}},
		{"columns", F32, []int{3, 2}, []float32{1, 2, 4, 5, 7, 8}},
		{"half", F16, []int{2}, []float32{1, 2.5}},
		{"brain", BF16, []int{2}, []float32{1, -2.5}},
		{"double", F64, []int{}, []float32{1.0 / 3}},
		{"position_ids", I64, []int{1, 3}, nil},
		{"parameter", F32, []int{3}, []float32{3, 4, 5}},
		{"empty", F32, []int{0}, []float32{}},
	}
	for _, file := range []string{"torch_zip.bin", "torch_legacy.bin"} {
		src, err := Open(fstest.MapFS{"pytorch_model.bin": {Data: readTestdata(t, file)}})
		if err != nil {
			t.Error(err)
			continue
		}
		infos := src.Tensors()
		if len(infos) != len(tests) {
			t.Errorf("%s: %d tensors, want %d: the epoch number is none", file, len(infos), len(tests))
		}
		for i, tt := range tests {
			if got := infos[i]; got.Name != tt.name || got.DType != tt.dtype || !slices.Equal(got.Shape, tt.shape) {
				t.Errorf("%s: tensor %d is %v, want %s %s %v", file, i, got, tt.name, tt.dtype, tt.shape)
			}
			if tt.want == nil {
				continue
			}
			got := make([]float32, len(tt.want))
			if err := src.Read(tt.name, got); err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%s: %s = %v, %v, want %v", file, tt.name, got, err, tt.want)
			}
		}
		if got, err := src.ReadInts("position_ids"); err != nil || !slices.Equal(got, []int64{7, -8, 9}) {
			t.Errorf("%s: position_ids = %v, %v", file, got, err)
		}
	}
}

func TestANestedStateDictIsFound(t *testing.T) {
	src, err := openTorchBytes(readTestdata(t, "torch_nested.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if got := src.Tensors(); len(got) != 1 || got[0].Name != "w" {
		t.Errorf("found %v, want the one tensor w", got)
	}
}

func TestShardsAreReadAsOne(t *testing.T) {
	a := safeFile(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, floatBytes(1))
	b := safeFile(`{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"unlisted":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, floatBytes(2, 3))
	folder := fstest.MapFS{
		"model.safetensors.index.json": {Data: []byte(`{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}`)},
		"1.safetensors":                {Data: a}, "2.safetensors": {Data: b},
	}
	src, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	got := make([]float32, 1)
	if err := src.Read("b", got); err != nil || got[0] != 2 || len(src.Tensors()) != 2 {
		t.Errorf("b = %v, %v of %d tensors, want 2 of 2", got, err, len(src.Tensors()))
	}
	for index, want := range map[string]string{
		`{"weight_map":{"a":"2.safetensors"}}`:      `found no tensor "a" in 2.safetensors, where the index puts it`,
		`{"weight_map":{"a":"3.safetensors"}}`:      "3.safetensors",
		`{"weight_map":{"a":"../1.safetensors"}}`:   "../1.safetensors",
		`{"weight_map":{}}`:                         "found no tensors under weight_map",
		`{"weight_map":{"a":"1.safetensors"`:        "unexpected end of JSON",
		`{"weight_map":{"a":1}}`:                    "cannot unmarshal number",
		`{"weight_map":{"a":"/etc/1.safetensors"}}`: "/etc/1.safetensors",
	} {
		folder["model.safetensors.index.json"] = &fstest.MapFile{Data: []byte(index)}
		if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", index, err, want)
		}
	}
}

// zipFile builds an archive of stored entries.
func zipFile(t testing.TB, method uint16, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: entries[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, entries[i+1])
	}
	z.Close()
	return b.Bytes()
}

func TestHostilePicklesAreRefused(t *testing.T) {
	whole := readTestdata(t, "torch_zip.bin")
	legacy := readTestdata(t, "torch_legacy.bin")
	pickled := func(p string) []byte { return zipFile(t, zip.Store, "archive/data.pkl", p) }
	const floatStorage = "(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQ"
	tensor := func(offsetShapeStrides string) []byte {
		p := "}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n(" + floatStorage + offsetShapeStrides + "\x89Ntu."
		p = strings.Replace(p, "}X", "}(X", 1)
		p = strings.Replace(p, "\x89Ntu.", "\x89NtRu.", 1)
		return zipFile(t, zip.Store, "a/data.pkl", p, "a/data/0", "12345678")
	}
	tests := []struct {
		what string
		file []byte
		want string
	}{
		{"empty", nil, "found 0 bytes"},
		{"cut archive", whole[:len(whole)-30], "zip"},
		{"cut legacy file", legacy[:len(legacy)-1], "the file is truncated"},
		{"no description", zipFile(t, zip.Store, "a/other", ""), "found no data.pkl"},
		{"a command to run", pickled("cposix\nsystem\n(X\x02\x00\x00\x00ls\x85R."), "found class posix.system, expected a state dict"},
		{"a string of 4 GB", pickled("X\xff\xff\xff\xffabc."), "found 4 bytes, expected 4294967295"},
		{"bytes without end", pickled("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f."), "expected 9223372036854775807"},
		{"a frame of 1 TB", pickled("\x80\x04\x95\x00\x00\x00\x00\x00\x01\x00\x00."), "frame longer than the pickle"},
		{"an endless integer", pickled("\x8b\x00\x20\x00\x00" + strings.Repeat("\x01", 8192) + "."), "found an integer of 8196 bytes"},
		{"no end", pickled("}"), "found no end of the pickle"},
		{"an empty stack", pickled("0."), "pickle: "},
		{"an extension", pickled("\x82\x01."), "opcode 0x82"},
		{"a number", pickled("K\x01."), "found int, expected a dict of tensors"},
		{"no tensors", pickled("}."), "found no tensors"},
		{"a list as key", pickled("ccollections\nOrderedDict\n)RC\x01xK\x01s."), "pickle: "},
		{"compressed storage", zipFile(t, zip.Deflate, "a/data.pkl", "}.", "a/data/0", "xxxx"), "compressed storage"},
		{"big-endian", zipFile(t, zip.Store, "a/data.pkl", "}.", "a/byteorder", "big"), `byte order "big"`},
		{"too long a shape", tensor("K\x00K\x03\x85K\x01\x85"), "found shape [3] at offset 0 with strides [1], expected it within 2 elements"},
		{"negative stride", tensor("K\x00K\x02\x85J\xff\xff\xff\xff\x85"), "strides [-1]"},
		{"negative offset", tensor("J\xff\xff\xff\xffK\x01\x85K\x01\x85"), "found offset -1"},
		{"one number as many", tensor("K\x00M\xff\xff\x85K\x00\x85"), "expected it within 2 elements"},
		{"negative shape", tensor("K\x00J\xff\xff\xff\xff\x85K\x01\x85"), "negative dimension"},
		{"ranks differ", tensor("K\x00K\x01\x85)"), ""},
		{"not PyTorch", []byte("hello, world"), "opcode"},
		{"another pickle", []byte("\x80\x02K\x01."), "found no PyTorch mark"},
	}
	for _, tt := range tests {
		_, err := openTorchBytes(tt.file)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "checkpoint: a.bin: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want one line with %q", tt.what, err, tt.want)
		}
	}
	if src, err := openTorchBytes(tensor("K\x00K\x02\x85K\x01\x85")); err != nil || len(src.Tensors()) != 1 {
		t.Errorf("the sound twin of the broken tensors: %v", err)
	}
}
