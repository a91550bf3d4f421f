package checkpoint

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gunzipped reads a compressed file of testdata.
func gunzipped(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// shared returns a path in the folder of large reference files beside the module, and
// skips the test where it is absent.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("reference files are not here: %v", err)
	}
	return path
}

// counting is 0, 1, 2, ... n-1.
func counting(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i)
	}
	return v
}

func openMixed(t *testing.T) Source {
	t.Helper()
	data := gunzipped(t, "mixed.hdf5.gz")
	src, err := OpenHDF5(bytes.NewReader(data), int64(len(data)), "mixed.hdf5")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestEveryHDF5LayoutReads(t *testing.T) {
	src := openMixed(t)
	infos := map[string]Info{}
	for _, i := range src.Tensors() {
		infos[i.Name] = i
	}
	tests := []struct {
		name  string
		dtype DType
		shape []int
		want  []float32
	}{
		{"CNN/W_cnn_0", F32, []int{1, 1, 4, 3}, counting(12)},
		{"RNN_0/RNN/MultiRNNCell/Cell0/LSTMCell/B", F32, []int{2}, []float32{0.5, -1.5}},
		{"half", F16, []int{2}, []float32{1, 2.5}},
		{"double", F64, []int{1, 1}, []float32{1.0 / 3}},
		{"scalar", F32, []int{}, []float32{4.25}},
		{"empty", F32, []int{0, 3}, []float32{}},
		{"compact", F32, []int{2}, []float32{3, 4}},
		{"chunked", F32, []int{5, 7}, counting(35)},
		{"gzip", F32, []int{200, 30}, counting(6000)},
		{"shuffled", F64, []int{3, 4, 5}, counting(60)},
		{"many/t299", F32, []int{1}, []float32{299}},
	}
	for _, tt := range tests {
		if got := infos[tt.name]; got.DType != tt.dtype || !slices.Equal(got.Shape, tt.shape) {
			t.Errorf("%s is %s %v, want %s %v", tt.name, got.DType, got.Shape, tt.dtype, tt.shape)
			continue
		}
		got := make([]float32, len(tt.want))
		if err := src.Read(tt.name, got); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s = %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	for name, want := range map[string][]int64{"int32": {-7, 8}, "bytes": {200, 255}} {
		if got, err := src.ReadInts(name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s = %v, %v, want %v", name, got, err, want)
		}
	}
	if got, want := len(infos), 312; got != want {
		t.Errorf("%d tensors, want %d: text and soft links are left out", got, want)
	}
}

func TestUnreadableHDF5IsRefused(t *testing.T) {
	whole := gunzipped(t, "mixed.hdf5.gz")
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tests := []struct {
		what string
		file []byte
		want string
	}{
		{"truncated", whole[:len(whole)-1], "the file is truncated"},
		{"cut superblock", whole[:20], "HDF5 structure of 24 bytes"},
		{"no signature", []byte("PK\x03\x04 something else"), "found no HDF5 signature"},
		{"new format", read("latest.hdf5"), `superblock version 3, expected 0 or 1 (save with libver="earliest")`},
		{"big-endian", read("big_endian.hdf5"), `tensor "x": found big-endian numbers, expected little-endian`},
	}
	for _, tt := range tests {
		_, err := OpenHDF5(bytes.NewReader(tt.file), int64(len(tt.file)), "a.hdf5")
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "checkpoint: a.hdf5: ") {
			t.Errorf("%s: got %v, want an error with %q", tt.what, err, tt.want)
		}
	}
}

func TestPublishedELMoWeightsOpen(t *testing.T) {
	src, err := Open(os.DirFS(shared(t, "fixtures", "elmo-allennlp")))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	tests := []struct { // sums in float64 by h5py
		name  string
		shape []int
		sum   float64
	}{
		{"char_embed", []int{261, 4}, 20.36824323516339},
		{"CNN/W_cnn_4", []int{1, 5, 4, 64}, 16.043732296093367},
		{"RNN_0/RNN/MultiRNNCell/Cell0/LSTMCell/W_0", []int{32, 256}, 0.7668434176775918},
		{"RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_P_0", []int{64, 16}, -0.32023558401851915},
	}
	infos := src.Tensors()
	if got, want := len(infos), 33; got != want {
		t.Errorf("%d tensors, want %d", got, want)
	}
	for _, tt := range tests {
		at := slices.IndexFunc(infos, func(i Info) bool { return i.Name == tt.name })
		if at < 0 || !slices.Equal(infos[at].Shape, tt.shape) {
			t.Errorf("%s: not there with shape %v", tt.name, tt.shape)
			continue
		}
		v, sum := make([]float32, infos[at].Len()), 0.0
		if err := src.Read(tt.name, v); err != nil {
			t.Fatal(err)
		}
		for _, x := range v {
			sum += float64(x)
		}
		if math.Abs(sum-tt.sum) > 1e-9 {
			t.Errorf("%s sums to %v, want %v", tt.name, sum, tt.sum)
		}
	}
}
