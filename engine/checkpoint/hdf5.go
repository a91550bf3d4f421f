package checkpoint

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The HDF5 subset read here is what h5py writes by default and ELMo was published in:
// superblock 0 or 1, version 1 object headers, groups as symbol tables, numbers stored
// contiguously, compactly or in (gzipped) chunks. Terms and layouts follow the HDF5
// File Format Specification, version 2.0.

// undefined is the address HDF5 writes for "not there".
const undefined = ^uint64(0)

// maxDepth bounds how deep groups may nest; ELMo's go five deep.
const maxDepth = 32

// hdf5 reads the structures of one file. Addresses in the file count from base.
type hdf5 struct {
	table  *table
	r      io.ReaderAt
	name   string
	size   int64
	base   int64
	budget int64 // bytes of structure that may still be read
}

// OpenHDF5 reads the index of an HDF5 file of size bytes. Tensors are named by their
// path without the leading slash, e.g. "RNN_0/RNN/MultiRNNCell/Cell0/LSTMCell/W_0".
// Datasets that are not numbers (text) are left out.
func OpenHDF5(r io.ReaderAt, size int64, name string) (Source, error) {
	t, err := openHDF5(r, size, name)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func openHDF5(r io.ReaderAt, size int64, name string) (*table, error) {
	// A sound file has each of its structures read about once. The budget lets links
	// repeat some of them, and stops files whose nodes point in circles.
	h := &hdf5{table: &table{name: name}, r: r, name: name, size: size, budget: 4*size + 64<<10}
	root, err := h.superblock()
	if err == nil {
		err = h.object(root, "", 0)
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	return h.table, nil
}

// superblock finds the file's signature and returns the root group's address.
func (h *hdf5) superblock() (uint64, error) {
	const signature = "\x89HDF\r\n\x1a\n"
	for at := int64(0); at+8 <= h.size; at = max(512, 2*at) {
		mark, err := h.bytes(uint64(at), 8)
		if err != nil {
			return 0, err
		}
		if string(mark) == signature {
			return h.superblockAt(uint64(at))
		}
	}
	return 0, fmt.Errorf("found no HDF5 signature")
}

func (h *hdf5) superblockAt(at uint64) (uint64, error) {
	b, err := h.bytes(at, 24)
	if err != nil {
		return 0, err
	}
	version, rest := b[8], at+24
	switch {
	case version > 1:
		return 0, fmt.Errorf("found HDF5 superblock version %d, expected 0 or 1 (save with libver=\"earliest\")", version)
	case b[13] != 8 || b[14] != 8:
		return 0, fmt.Errorf("found HDF5 offsets of %d and lengths of %d bytes, expected 8", b[13], b[14])
	case version == 1:
		rest += 4 // one more tree parameter
	}
	if b, err = h.bytes(rest, 32+16); err != nil {
		return 0, err
	}
	base, end := le64(b), le64(b[16:])
	if base > uint64(h.size) || end > uint64(h.size) {
		return 0, fmt.Errorf("found %d bytes, expected %d: the file is truncated", h.size, end)
	}
	h.base = int64(base)
	return le64(b[40:]), nil // the root's symbol table entry: name offset, header address
}

// bytes reads n bytes of structure at an address.
func (h *hdf5) bytes(at uint64, n int64) ([]byte, error) {
	room := h.size - h.base
	if at > uint64(room) || n < 0 || n > room-int64(at) {
		return nil, fmt.Errorf("found an HDF5 structure of %d bytes at address %d, expected it within the file's %d", n, at, room)
	}
	if h.budget -= n; h.budget < 0 {
		return nil, fmt.Errorf("found HDF5 structures that repeat themselves, expected a tree")
	}
	b := make([]byte, n)
	if got, err := h.r.ReadAt(b, h.base+int64(at)); got < len(b) {
		return nil, fmt.Errorf("reading %d bytes at address %d: %w", n, at, err)
	}
	return b, nil
}

// marked reads a structure that begins with a four-letter mark.
func (h *hdf5) marked(mark string, at uint64, n int64) ([]byte, error) {
	b, err := h.bytes(at, n)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", mark, err)
	}
	if string(b[:4]) != mark {
		return nil, fmt.Errorf("found %q at address %d, expected the HDF5 mark %q", b[:4], at, mark)
	}
	return b, nil
}

// object reads the object header at an address: a group is walked, a dataset added.
func (h *hdf5) object(at uint64, path string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: found groups nested deeper than %d", path, maxDepth)
	}
	messages, err := h.messages(at)
	if err != nil {
		return fmt.Errorf("object %q: %w", path, err)
	}
	if m, ok := messages[msgSymbolTable]; ok {
		if len(m) < 16 {
			return fmt.Errorf("group %q: found a symbol table message of %d bytes, expected 16", path, len(m))
		}
		return h.group(le64(m), le64(m[8:]), path, depth)
	}
	if _, ok := messages[msgLayout]; ok {
		return h.dataset(messages, path)
	}
	if _, ok := messages[msgLinkInfo]; ok {
		return fmt.Errorf("group %q: found new-style links, expected a symbol table (save with libver=\"earliest\")", path)
	}
	return nil // a named datatype: nothing to read
}

func le16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }
func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func le64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
