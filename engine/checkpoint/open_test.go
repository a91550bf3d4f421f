package checkpoint

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

//go:embed testdata/torch_zip.bin
var embedded embed.FS

// streamFS hides everything of a file but reading it in order.
type streamFS struct{ fs.FS }

type stream struct{ fs.File }

func (s streamFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return stream{f}, err
}

func TestAnyFileSystemServes(t *testing.T) {
	if _, _, _, err := openFile(embedded, "testdata"); err == nil || !strings.Contains(err.Error(), "found a folder, expected a file") {
		t.Errorf("a folder: %v", err)
	}
	for what, fsys := range map[string]fs.FS{"embedded": embedded, "stream": streamFS{embedded}} {
		src, err := openSingle(fsys, "testdata/torch_zip.bin", openPyTorch)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		got := make([]float32, 2)
		if err := src.Read("half", got); err != nil || !slices.Equal(got, []float32{1, 2.5}) {
			t.Errorf("%s: half = %v, %v", what, got, err)
		}
		if err := src.Close(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheSafestFormatIsPreferred(t *testing.T) {
	one := safeFile(`{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, floatBytes(1))
	folder := fstest.MapFS{
		"pytorch_model.bin": {Data: readTestdata(t, "torch_zip.bin")},
		"model.safetensors": {Data: one},
	}
	src, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(src.Tensors()); got != 1 {
		t.Errorf("%d tensors, want the 1 of model.safetensors", got)
	}
	_, err = Open(fstest.MapFS{"config.json": {}})
	const want = "checkpoint: found no weights in the folder, expected one of model.safetensors, model.safetensors.index.json, " +
		"pytorch_model.bin, pytorch_model.bin.index.json, lm_weights.hdf5, *weights.hdf5, params_*.npy"
	if err == nil || err.Error() != want {
		t.Errorf("an empty folder: got %v, want %s", err, want)
	}
}
