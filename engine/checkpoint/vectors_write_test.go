package checkpoint

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWrittenWordVectorsReadBackToTheBit(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	v := &Vectors{Words: []string{"the", ",", "höhe", "7"}, Dim: 5}
	for range len(v.Words) * v.Dim {
		v.Data = append(v.Data, float32(random.NormFloat64()*math.Pow(10, float64(random.IntN(30)-15))))
	}
	dir := t.TempDir()
	for _, name := range []string{"v.txt", "v.vec", "v.bin"} {
		if err := WriteVectors(filepath.Join(dir, name), v); err != nil {
			t.Fatal(err)
		}
		got, err := OpenVectors(os.DirFS(dir), name, 0, nil)
		if err != nil || !slices.Equal(got.Words, v.Words) || !slices.Equal(got.Data, v.Data) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, v)
		}
	}
}

func TestWordVectorsThatCannotBeReadBackAreNotWritten(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		v    Vectors
		want string
	}{
		{"v.txt", Vectors{}, "found 0 words"},
		{"v.txt", Vectors{Words: []string{"a"}, Dim: 2, Data: []float32{1}}, "1 words and 1 numbers"},
		{"v.txt", Vectors{Words: []string{"a\nb"}, Dim: 1, Data: []float32{1}}, "without line breaks"},
		{"v.txt", Vectors{Words: []string{""}, Dim: 1, Data: []float32{1}}, `word 1: found ""`},
		{"v.bin", Vectors{Words: []string{". ."}, Dim: 1, Data: []float32{1}}, "without blanks"},
		{"v.bin", Vectors{Words: []string{"a"}, Dim: 1, Data: []float32{float32(math.NaN())}}, "found NaN"},
		{"none/v.txt", Vectors{Words: []string{"a"}, Dim: 1, Data: []float32{1}}, "none"},
	} {
		path := filepath.Join(dir, c.name)
		if err := WriteVectors(path, &c.v); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %q: got %v, want an error with %q", c.name, c.v.Words, err, c.want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("got %v left in the folder (%v), want nothing", left, err)
	}
}
