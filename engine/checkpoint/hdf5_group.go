package checkpoint

import (
	"bytes"
	"fmt"
)

// The message types of an object header that matter here.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgLayout       = 0x08
	msgFilters      = 0x0b
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
)

// maxBlocks bounds an object header's continuation blocks; writers use a handful.
const maxBlocks = 64

// messages collects an object header's messages, the first of each type.
func (h *hdf5) messages(at uint64) (map[uint16][]byte, error) {
	prefix, err := h.bytes(at, 16)
	if err != nil {
		return nil, err
	}
	if prefix[0] != 1 {
		return nil, fmt.Errorf("found object header version %d, expected 1 (save with libver=\"earliest\")", prefix[0])
	}
	block, err := h.bytes(at+16, int64(le32(prefix[8:])))
	if err != nil {
		return nil, err
	}
	found := map[uint16][]byte{}
	queue := [][]byte{block}
	for n := 0; n < len(queue); n++ {
		if n == maxBlocks {
			return nil, fmt.Errorf("found an object header of more than %d blocks", maxBlocks)
		}
		next, err := h.block(queue[n], found)
		if err != nil {
			return nil, err
		}
		queue = append(queue, next...)
	}
	return found, nil
}

// block sorts one block of messages into found and returns the blocks that continue it.
func (h *hdf5) block(b []byte, found map[uint16][]byte) (next [][]byte, err error) {
	for len(b) >= 8 {
		kind, size, flags := le16(b), int(le16(b[2:])), b[4]
		if b = b[8:]; size > len(b) {
			return nil, fmt.Errorf("found a header message of %d bytes, expected at most %d", size, len(b))
		}
		body := b[:size]
		b = b[size:]
		switch {
		case kind == msgContinuation && size >= 16:
			more, err := h.bytes(le64(body), int64(min(le64(body[8:]), 1<<62)))
			if err != nil {
				return nil, err
			}
			next = append(next, more)
		case flags&2 != 0 && (kind == msgDatatype || kind == msgDataspace):
			return nil, fmt.Errorf("found a shared header message of type %d, expected it in place", kind)
		case found[kind] == nil:
			found[kind] = body
		}
	}
	return next, nil
}

// group walks the tree and reads the objects its leaves name. heap holds the names.
func (h *hdf5) group(tree, heap uint64, path string, depth int) error {
	head, err := h.marked("HEAP", heap, 32)
	if err != nil {
		return fmt.Errorf("group %q: %w", path, err)
	}
	names, err := h.bytes(le64(head[24:]), int64(min(le64(head[8:]), 1<<62)))
	if err != nil {
		return fmt.Errorf("group %q: names: %w", path, err)
	}
	return h.groupNode(tree, maxDepth, func(entry []byte) error {
		name, err := heapName(names, le64(entry))
		if err != nil {
			return fmt.Errorf("group %q: %w", path, err)
		}
		if le64(entry[8:]) == undefined { // a soft link
			return nil
		}
		if path != "" {
			name = path + "/" + name
		}
		return h.object(le64(entry[8:]), name, depth+1)
	})
}

// heapName is the NUL-ended string at an offset of the group's heap.
func heapName(names []byte, at uint64) (string, error) {
	if at >= uint64(len(names)) {
		return "", fmt.Errorf("found a name at byte %d, expected it within the heap's %d", at, len(names))
	}
	name, _, ended := bytes.Cut(names[at:], []byte{0})
	if !ended || len(name) == 0 {
		return "", fmt.Errorf("found no ended name at byte %d of the heap", at)
	}
	return string(name), nil
}

// groupNode visits the symbol table entries (40 bytes each) under a tree node, whose
// level must be below the one above it.
func (h *hdf5) groupNode(at uint64, below int, visit func(entry []byte) error) error {
	const stride = 16 // key, child
	head, err := h.treeNode(at, 0, below)
	if err != nil {
		return err
	}
	level, used := int(head[5]), int64(le16(head[6:]))
	body, err := h.bytes(at+24, used*stride+8)
	if err != nil {
		return err
	}
	for i := range used {
		child := le64(body[i*stride+8:])
		if level > 0 {
			err = h.groupNode(child, level, visit)
		} else {
			err = h.symbols(child, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// treeNode reads the 24 bytes that head a tree node: kind 0 for groups, 1 for chunks.
func (h *hdf5) treeNode(at uint64, kind byte, below int) ([]byte, error) {
	head, err := h.marked("TREE", at, 24)
	if err != nil {
		return nil, err
	}
	if head[4] != kind || int(head[5]) >= below {
		return nil, fmt.Errorf("found a tree node of type %d at level %d, expected type %d below level %d", head[4], head[5], kind, below)
	}
	return head, nil
}

// symbols visits the entries of one leaf.
func (h *hdf5) symbols(at uint64, visit func(entry []byte) error) error {
	const size = 40
	head, err := h.marked("SNOD", at, 8)
	if err != nil {
		return err
	}
	n := int64(le16(head[6:]))
	entries, err := h.bytes(at+8, n*size)
	if err != nil {
		return err
	}
	for i := range n {
		if err := visit(entries[i*size : (i+1)*size]); err != nil {
			return err
		}
	}
	return nil
}
