package checkpoint

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// A format is one way a model folder may hold its weights.
type format struct {
	pattern string // glob of the file that gives the format away
	open    func(fsys fs.FS, name string) (*table, error)
}

// formats in order of preference: what is safe and fast first.
var formats = []format{
	{"model.safetensors", openSafetensorsFile},
	{"model.safetensors.index.json", openSafetensorsShards},
	{"pytorch_model.bin", openPyTorchFile},
	{"pytorch_model.bin.index.json", openPyTorchShards},
	{"lm_weights.hdf5", openHDF5File},
	{"*weights.hdf5", openHDF5File},
	{"params_*.npy", openParts},
}

// Open finds the weights in a model folder and reads their index. It looks for, in
// this order: model.safetensors, model.safetensors.index.json and its shards,
// pytorch_model.bin or its shards, lm_weights.hdf5 or another *weights.hdf5, OpenAI's
// params_*.npy.
func Open(fsys fs.FS) (Source, error) {
	looked := make([]string, 0, len(formats))
	for _, f := range formats {
		found, err := fs.Glob(fsys, f.pattern)
		if err != nil {
			return nil, fmt.Errorf("checkpoint: looking for %s: %w", f.pattern, err)
		}
		if len(found) == 0 {
			looked = append(looked, f.pattern)
			continue
		}
		t, err := f.open(fsys, found[0])
		if err != nil {
			return nil, err
		}
		return t, nil
	}
	return nil, fmt.Errorf("checkpoint: found no weights in the folder, expected one of %s", strings.Join(looked, ", "))
}

// openFile opens name for reading at any offset. Files of the operating system and
// of embed.FS can do so; any other is read into memory, never past the size it states.
func openFile(fsys fs.FS, name string) (io.ReaderAt, int64, io.Closer, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("checkpoint: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s: found a folder, expected a file", name)
	}
	if err != nil {
		f.Close()
		return nil, 0, nil, fmt.Errorf("checkpoint: %w", err)
	}
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), f, nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, info.Size()))
	if err != nil {
		return nil, 0, nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	return bytes.NewReader(data), int64(len(data)), io.NopCloser(nil), nil
}

// openSingle opens a format that is one file.
func openSingle(fsys fs.FS, name string, parse func(io.ReaderAt, int64, string) (*table, error)) (*table, error) {
	r, size, closer, err := openFile(fsys, name)
	if err != nil {
		return nil, err
	}
	t, err := parse(r, size, name)
	if err != nil {
		closer.Close()
		return nil, err
	}
	t.closers = append(t.closers, closer)
	return t, nil
}

func openSafetensorsFile(fsys fs.FS, name string) (*table, error) {
	return openSingle(fsys, name, openSafetensors)
}

func openHDF5File(fsys fs.FS, name string) (*table, error) {
	return openSingle(fsys, name, openHDF5)
}

func openSafetensorsShards(fsys fs.FS, name string) (*table, error) {
	return openShards(fsys, name, openSafetensorsFile)
}
