package checkpoint

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A download that stopped early must never pass for a checkpoint.
func TestAFileCutAnywhereIsRefused(t *testing.T) {
	tests := []struct {
		what string
		file []byte
		open func(io.ReaderAt, int64, string) (Source, error)
	}{
		{"safetensors", safeFile(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, floatBytes(1, 2)), OpenSafetensors},
		{"PyTorch zip", readTestdata(t, "torch_zip.bin"), OpenPyTorch},
		{"PyTorch legacy", readTestdata(t, "torch_legacy.bin"), OpenPyTorch},
		{"HDF5", readTestdata(t, "small.hdf5"), OpenHDF5},
		{"npy", npyFloats(1, 2), OpenNPY},
	}
	for _, tt := range tests {
		for n := range tt.file {
			if _, err := tt.open(bytes.NewReader(tt.file[:n]), int64(n), "cut"); err == nil {
				t.Errorf("%s: opened with %d of %d bytes", tt.what, n, len(tt.file))
			}
		}
		if _, err := tt.open(bytes.NewReader(tt.file), int64(len(tt.file)), "whole"); err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
	}
}

func TestReferenceModelsOpen(t *testing.T) {
	folders, err := os.ReadDir(shared(t, "golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		path := shared(t, "golden", folder.Name())
		if _, err := os.Stat(filepath.Join(path, "model.safetensors")); err != nil {
			continue
		}
		src, err := Open(os.DirFS(path))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, info := range src.Tensors() {
			if !info.DType.isFloat() {
				continue
			}
			if err := src.Read(info.Name, make([]float32, info.Len())); err != nil {
				t.Error(err)
			}
		}
		src.Close()
	}
}
