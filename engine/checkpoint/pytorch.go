package checkpoint

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// OpenPyTorch reads the index of a state dict written by torch.save, of size bytes: a
// zip archive since PyTorch 1.6, a row of pickles before. Only the descriptions are
// unpickled; the numbers are read from their place in the file.
func OpenPyTorch(r io.ReaderAt, size int64, name string) (Source, error) {
	t, err := openPyTorch(r, size, name)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func openPyTorch(r io.ReaderAt, size int64, name string) (*table, error) {
	mark := make([]byte, 4)
	if n, err := r.ReadAt(mark, 0); n < len(mark) {
		return nil, fmt.Errorf("checkpoint: %s: found %d bytes, expected a PyTorch file: %w", name, n, err)
	}
	p := &pytorch{r: r, size: size, name: name}
	var dict any
	var err error
	if string(mark) == "PK\x03\x04" {
		dict, err = p.openZip()
	} else {
		dict, err = p.openLegacy()
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	return p.table(dict)
}

func openPyTorchFile(fsys fs.FS, name string) (*table, error) {
	return openSingle(fsys, name, openPyTorch)
}

func openPyTorchShards(fsys fs.FS, name string) (*table, error) {
	return openShards(fsys, name, openPyTorchFile)
}

// pytorch is one file being opened.
type pytorch struct {
	r     io.ReaderAt
	size  int64
	name  string
	place map[string]place // storages by key
}

// place is where a storage's bytes lie.
type place struct{ at, size int64 }

// openZip reads a zip archive: NAME/data.pkl describes, NAME/data/KEY hold the numbers,
// uncompressed.
func (p *pytorch) openZip() (any, error) {
	z, err := zip.NewReader(p.r, p.size)
	if err != nil {
		return nil, err
	}
	var described *zip.File
	for _, f := range z.File {
		if f.Name == "data.pkl" || strings.HasSuffix(f.Name, "/data.pkl") {
			described = f
			break
		}
	}
	if described == nil {
		return nil, fmt.Errorf("found no data.pkl among the archive's %d files", len(z.File))
	}
	root := strings.TrimSuffix(described.Name, "data.pkl")
	if err := p.findPlaces(z, root); err != nil {
		return nil, err
	}
	text, err := readEntry(described)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", described.Name, err)
	}
	dict, _, err := unpickle(text, finder{torchClass, zipStorage})
	return dict, err
}

// findPlaces notes where the storages under root lie.
func (p *pytorch) findPlaces(z *zip.Reader, root string) error {
	p.place = map[string]place{}
	for _, f := range z.File {
		if f.Name == root+"byteorder" {
			order, err := readEntry(f)
			if err == nil && string(order) != "little" {
				err = fmt.Errorf("found byte order %.10q, expected little", order)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		key, ok := strings.CutPrefix(f.Name, root+"data/")
		if !ok {
			continue
		}
		if f.Method != zip.Store {
			return fmt.Errorf("%s: found a compressed storage, expected it stored", f.Name)
		}
		at, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		n := f.UncompressedSize64
		if n > uint64(p.size) || at > p.size-int64(n) {
			return fmt.Errorf("%s: found %d bytes at offset %d, expected them within the file's %d", f.Name, n, at, p.size)
		}
		p.place[key] = place{at, int64(n)}
	}
	return nil
}

// readEntry unpacks a small file of the archive.
func readEntry(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxPickle+1))
	if err == nil && len(text) > maxPickle {
		err = fmt.Errorf("found more than %d bytes of pickle", maxPickle)
	}
	return text, err
}

// legacyMagic is the number a file from before PyTorch 1.6 begins with.
const legacyMagic = "1950a86a20f9469cfc6c"

// openLegacy reads five pickles (mark, protocol version, system, dict, storage keys),
// after which each storage is a count of elements (8 bytes) and the numbers.
func (p *pytorch) openLegacy() (any, error) {
	head := make([]byte, min(p.size, maxPickle))
	if n, err := p.r.ReadAt(head, 0); n < len(head) {
		return nil, err
	}
	storages := map[string]*storage{}
	f := finder{torchClass, func(id any) (any, error) { return legacyStorage(id, storages) }}
	at := 0
	var values [5]any
	for i := range values {
		value, n, err := unpickle(head[at:], f)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			if m, ok := value.(*big.Int); !ok || m.Text(16) != legacyMagic {
				return nil, fmt.Errorf("found no PyTorch mark, expected a file of torch.save")
			}
		}
		values[i] = value
		at += n
	}
	if version, ok := values[1].(int); !ok || version != 1001 {
		return nil, fmt.Errorf("found protocol version %v, expected 1001", values[1])
	}
	keys, ok := values[4].(*types.List)
	if !ok {
		return nil, fmt.Errorf("found %T after the dict, expected the list of storage keys", values[4])
	}
	return values[3], p.legacyPlaces(*keys, storages, int64(at))
}

// legacyPlaces walks the storages, which begin at an offset of the file.
func (p *pytorch) legacyPlaces(keys types.List, storages map[string]*storage, at int64) error {
	p.place = map[string]place{}
	for _, k := range keys {
		key, _ := k.(string)
		s, ok := storages[key]
		if !ok {
			return fmt.Errorf("found storage key %.40q, expected one the dict refers to", key)
		}
		var count [8]byte
		if n, err := p.r.ReadAt(count[:], at); n < len(count) {
			return fmt.Errorf("storage %s: found %d bytes at offset %d, expected its length: the file is truncated (%w)", key, n, at, err)
		}
		at += 8
		if n := le64(count[:]); n != uint64(s.count) {
			return fmt.Errorf("storage %s: found %d elements, expected %d", key, n, s.count)
		}
		size := s.count * int64(s.dtype.Size()) // no overflow: newStorage checked it
		if size > p.size-at {
			return fmt.Errorf("storage %s: found %d bytes, expected %d: the file is truncated", key, p.size-at, size)
		}
		p.place[key] = place{at, size}
		at += size
	}
	return nil
}

// table turns the unpickled dict into stored tensors. What is no tensor (an epoch
// number, say) is left out. Training scripts save {"state_dict": ...} or {"model": ...}:
// a dict without tensors is searched for those, one level deep.
func (p *pytorch) table(dict any) (*table, error) {
	entries, ok := dictEntries(dict)
	if !ok {
		return nil, fmt.Errorf("checkpoint: %s: found %T, expected a dict of tensors", p.name, dict)
	}
	t, err := p.tensors(entries)
	if err != nil || len(t.tensors) > 0 {
		return t, err
	}
	for _, e := range entries {
		if e.Key != "state_dict" && e.Key != "model" {
			continue
		}
		inner, _ := dictEntries(e.Value)
		if t, err := p.tensors(inner); err != nil || len(t.tensors) > 0 {
			return t, err
		}
	}
	return nil, fmt.Errorf("checkpoint: %s: found no tensors among the dict's %d entries", p.name, len(entries))
}

// tensors makes a table of the entries that are tensors.
func (p *pytorch) tensors(entries []types.DictEntry) (*table, error) {
	t := &table{name: p.name}
	for _, e := range entries {
		name, isName := e.Key.(string)
		tensor, isTensor := e.Value.(*torchTensor)
		if !isName || !isTensor {
			continue
		}
		s := stored{Info: Info{Name: name, Shape: tensor.shape}, file: p.name, r: p.r}
		if err := p.locate(&s, tensor); err != nil {
			return nil, s.errorf("%w", err)
		}
		if err := t.add(s); err != nil {
			return nil, err
		}
	}
	return t, nil
}
