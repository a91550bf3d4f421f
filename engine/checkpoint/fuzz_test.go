package checkpoint

import (
	"bytes"
	"io"
	"testing"
)

// readAll opens a damaged file and reads all of it, if it opens at all. A file cannot
// hold more numbers than bytes (times ratio, where it is compressed), so a tensor that
// claims to is a bug whoever allocates for it pays for.
func readAll(t *testing.T, b []byte, ratio int, open func(io.ReaderAt, int64, string) (Source, error)) {
	src, err := open(bytes.NewReader(b), int64(len(b)), "fuzz")
	if err != nil {
		if src != nil {
			t.Fatal("an error and a source")
		}
		return
	}
	defer src.Close()
	for _, info := range src.Tensors() {
		if info.Len() < 0 || info.Len()*info.DType.Size() > ratio*(len(b)+64) {
			t.Fatalf("%s %s %v in a file of %d bytes", info.Name, info.DType, info.Shape, len(b))
		}
		if info.DType.isFloat() {
			src.Read(info.Name, make([]float32, info.Len()))
		} else {
			src.ReadInts(info.Name)
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(safeFile(`{"__metadata__":{"format":"pt"},"x":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},"y":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}  `, make([]byte, 12)))
	f.Add(safeFile(`{}`, nil))
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b, 1, OpenSafetensors) })
}

func FuzzPyTorch(f *testing.F) {
	for _, name := range []string{"torch_zip.bin", "torch_legacy.bin", "torch_nested.bin"} {
		f.Add(readTestdata(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b, 1, OpenPyTorch) })
}

// FuzzPickle feeds the description alone, which a mutated archive's checksum guards.
func FuzzPickle(f *testing.F) {
	legacy := readTestdata(f, "torch_legacy.bin")
	for at := 0; at < len(legacy); {
		n, err := pickleEnd(legacy[at:])
		if err != nil {
			break
		}
		f.Add(legacy[at : at+n])
		at += n
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, n, err := unpickle(b, finder{torchClass, zipStorage}); err == nil && n > len(b) {
			t.Fatalf("a pickle of %d bytes in %d", n, len(b))
		}
		readAll(t, zipFile(t, 0, "a/data.pkl", string(b), "a/data/0", string(make([]byte, 40))), 1, OpenPyTorch)
	})
}

func FuzzHDF5(f *testing.F) {
	f.Add(readTestdata(f, "small.hdf5"))
	f.Add(readTestdata(f, "latest.hdf5"))
	f.Add(readTestdata(f, "big_endian.hdf5"))
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b, 2*deflateRatio, OpenHDF5) })
}

func FuzzNPY(f *testing.F) {
	f.Add(npyFloats(1, 2, 3))
	f.Add(npyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }", []byte{1, 2}))
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b, 1, OpenNPY) })
}

func FuzzVectors(f *testing.F) {
	f.Add([]byte("2 2\na 1 -2.5\n. . 3 4e1\n"), 0)
	f.Add([]byte("the 0.418 0.24968\n, 1 2\n"), 2)
	f.Add(append([]byte("1 2\nin "), floatBytes(1, 2)...), 2)
	f.Fuzz(func(t *testing.T, b []byte, dim int) {
		for _, read := range []func(io.Reader, int, func(string) bool) (*Vectors, error){ReadVectors, ReadWord2Vec} {
			v, err := read(bytes.NewReader(b), dim, nil)
			if err != nil {
				continue
			}
			if len(v.Data) != len(v.Words)*v.Dim || len(v.Data) > len(b) {
				t.Fatalf("%d words of %d numbers, %d in all, from %d bytes", len(v.Words), v.Dim, len(v.Data), len(b))
			}
		}
	})
}

func FuzzParseFloat(f *testing.F) {
	f.Add("-0.38194")
	f.Add("16777217")
	f.Add("1e-40")
	f.Fuzz(sameAsStrconv)
}
