package checkpoint

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
)

// shapesFile lists the shapes of OpenAI's GPT-1 checkpoint, in order.
const shapesFile = "params_shapes.json"

// openParts opens params_0.npy, params_1.npy, ...: pieces of one long row of float32
// which params_shapes.json cuts into tensors. The format has no names, so tensors are
// called by their position, "0", "1", ... Without the shapes each file is one tensor.
func openParts(fsys fs.FS, _ string) (*table, error) {
	t := &table{name: "params_*.npy"}
	for n := 0; ; n++ {
		name := fmt.Sprintf("params_%d.npy", n)
		if _, err := fs.Stat(fsys, name); err != nil {
			break
		}
		if err := t.addPart(fsys, name); err != nil {
			t.Close()
			return nil, err
		}
	}
	if len(t.tensors) == 0 {
		return nil, fmt.Errorf("checkpoint: found no params_0.npy beside the other params_*.npy")
	}
	if _, err := fs.Stat(fsys, shapesFile); err != nil {
		return t, nil
	}
	cut, err := t.cut(fsys)
	if err != nil {
		t.Close()
		return nil, err
	}
	return cut, nil
}

// addPart opens one file and keeps it open with t.
func (t *table) addPart(fsys fs.FS, name string) error {
	part, err := openSingle(fsys, name, openNPY)
	if err != nil {
		return err
	}
	t.closers = append(t.closers, part.closers...)
	return t.add(part.tensors[0])
}

// cut splits the parts, laid end to end, into the tensors of params_shapes.json.
func (t *table) cut(fsys fs.FS) (*table, error) {
	var shapes [][]int
	if err := readJSON(fsys, shapesFile, &shapes); err != nil {
		return nil, err
	}
	row := &row{}
	for _, part := range t.tensors {
		if part.DType != F32 {
			return nil, part.errorf("found %s, expected F32", part.DType)
		}
		row.append(part.r, part.at, int64(part.Len())*4)
	}
	out, at := &table{name: t.name, closers: t.closers}, int64(0)
	for i, shape := range shapes {
		n, err := byteLen(F32, shape)
		if err == nil && n > row.size()-at {
			err = fmt.Errorf("found %d bytes, expected %d", row.size()-at, n)
		}
		if err != nil {
			return nil, fmt.Errorf("checkpoint: %s: tensor %d of shape %v: %w", shapesFile, i, shape, err)
		}
		s := stored{Info: Info{Name: strconv.Itoa(i), DType: F32, Shape: shape}, file: t.name, r: row, at: at}
		if err := out.add(s); err != nil {
			return nil, err
		}
		at += n
	}
	if at != row.size() {
		return nil, fmt.Errorf("checkpoint: %s: found shapes for %d bytes, expected %d", shapesFile, at, row.size())
	}
	return out, nil
}

// row is pieces of several files read as if they were one.
type row struct {
	pieces []io.ReaderAt
	ends   []int64 // where each piece ends in the row
}

// append adds n bytes of r from offset at on.
func (w *row) append(r io.ReaderAt, at, n int64) {
	w.pieces = append(w.pieces, io.NewSectionReader(r, at, n))
	w.ends = append(w.ends, w.size()+n)
}

// size is the row's length in bytes.
func (w *row) size() int64 {
	if len(w.ends) == 0 {
		return 0
	}
	return w.ends[len(w.ends)-1]
}

// ReadAt reads across the pieces' borders.
func (w *row) ReadAt(p []byte, at int64) (int, error) {
	i, _ := slices.BinarySearch(w.ends, at+1)
	done := 0
	for ; i < len(w.pieces) && done < len(p); i++ {
		start := int64(0)
		if i > 0 {
			start = w.ends[i-1]
		}
		n := min(int64(len(p)-done), w.ends[i]-at)
		got, err := w.pieces[i].ReadAt(p[done:done+int(n)], at-start)
		done += got
		if int64(got) < n {
			return done, err
		}
		at += n
	}
	if done < len(p) {
		return done, io.EOF
	}
	return done, nil
}
