package checkpoint

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"sync"
)

// deflateRatio is the most deflate can shrink data; a chunk that claims more lies.
const deflateRatio = 1032

// HDF5 filters understood here; fletcher32's four checksum bytes are cut off unread.
const (
	filterDeflate  = 1
	filterShuffle  = 2
	filterFletcher = 3
)

// chunks is a dataset cut into equal boxes, each stored and compressed on its own.
// It is an io.ReaderAt over the numbers in row-major order, put together when
// first read.
type chunks struct {
	h       *hdf5
	shape   []int
	box     []int // a chunk's shape
	size    int   // bytes of an element
	filters []uint16
	pieces  []piece
	total   int64 // stored bytes of all pieces

	once sync.Once
	data []byte
	err  error
}

// piece is one chunk as stored.
type piece struct {
	at     int64
	stored int64
	mask   uint32 // bit i: filter i was skipped
	start  []int  // of the box in the dataset
}

// chunked lists the chunks of a dataset and checks that they cover it.
func (h *hdf5) chunked(s *stored, m, filters []byte, want int64) error {
	rank := len(s.Shape)
	if len(m) < 11+4*(rank+1) || int(m[2]) != rank+1 {
		return fmt.Errorf("found a chunked layout of %d dimensions in %d bytes, expected %d", m[2], len(m), rank+1)
	}
	c := &chunks{h: h, shape: s.Shape, size: s.DType.Size()}
	boxBytes, expected := int64(c.size), int64(1)
	for i, n := range s.Shape {
		side := int64(le32(m[11+4*i:]))
		if side == 0 || boxBytes > 1<<31 {
			return fmt.Errorf("found chunks of side %d and over %d bytes", side, boxBytes)
		}
		c.box = append(c.box, int(side))
		boxBytes *= side
		expected *= (int64(n) + side - 1) / side
	}
	if want == 0 {
		return nil
	}
	var err error
	if c.filters, err = filterIDs(filters); err != nil {
		return err
	}
	if err := h.chunkNode(le64(m[3:]), maxDepth, c, boxBytes); err != nil {
		return err
	}
	if int64(len(c.pieces)) != expected {
		return fmt.Errorf("found %d chunks, expected %d for shape %v in boxes of %v", len(c.pieces), expected, s.Shape, c.box)
	}
	s.r = c
	return nil
}

// filterIDs reads a filter pipeline message, version 1 (what h5py writes) or 2.
func filterIDs(m []byte) (ids []uint16, err error) {
	if m == nil {
		return nil, nil
	}
	if len(m) < 8 || m[0] != 1 {
		return nil, fmt.Errorf("found a filter message %.2x, expected version 1", m)
	}
	n, rest := int(m[1]), m[8:]
	for range n {
		if len(rest) < 8 {
			return nil, fmt.Errorf("found a filter message of %d bytes, too short for %d filters", len(m), n)
		}
		id, name, values := le16(rest), int(le16(rest[2:])), int(le16(rest[6:]))
		if id != filterDeflate && id != filterShuffle && id != filterFletcher {
			return nil, fmt.Errorf("found HDF5 filter %d, expected gzip, shuffle or fletcher32", id)
		}
		ids = append(ids, id)
		length := 8 + (name+7)/8*8 + 4*(values+values%2)
		rest = rest[min(length, len(rest)):]
	}
	return ids, nil
}

// chunkNode collects the chunks under a tree node.
func (h *hdf5) chunkNode(at uint64, below int, c *chunks, boxBytes int64) error {
	head, err := h.treeNode(at, 1, below)
	if err != nil {
		return err
	}
	key := 8 + 8*(int64(len(c.shape))+1)
	used := int64(le16(head[6:]))
	body, err := h.bytes(at+24, used*(key+8)+key)
	if err != nil {
		return err
	}
	for i := range used {
		entry := body[i*(key+8) : (i+1)*(key+8)]
		child := le64(entry[key:])
		if head[5] > 0 {
			err = h.chunkNode(child, int(head[5]), c, boxBytes)
		} else {
			err = c.add(entry, child, boxBytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add checks one chunk's key: size, filter mask, place.
func (c *chunks) add(key []byte, at uint64, boxBytes int64) error {
	p := piece{stored: int64(le32(key)), mask: le32(key[4:])}
	room := c.h.size - c.h.base
	if at > uint64(room) || p.stored > room-int64(at) {
		return fmt.Errorf("found a chunk of %d bytes at address %d, expected it within the file's %d", p.stored, at, room)
	}
	if c.total += p.stored; c.total > c.h.size {
		return fmt.Errorf("found chunks of %d bytes in a file of %d", c.total, c.h.size)
	}
	limit := p.stored
	if len(c.filters) > 0 {
		limit = deflateRatio*p.stored + 64
	}
	if boxBytes > limit {
		return fmt.Errorf("found a chunk of %d bytes, expected more for a box of %d", p.stored, boxBytes)
	}
	p.at = c.h.base + int64(at)
	for i, n := range c.shape {
		start := le64(key[8+8*i:])
		if start >= uint64(n) || start%uint64(c.box[i]) != 0 {
			return fmt.Errorf("found a chunk starting at %d in dimension %d, expected a multiple of %d below %d", start, i, c.box[i], n)
		}
		p.start = append(p.start, int(start))
	}
	c.pieces = append(c.pieces, p)
	return nil
}

// ReadAt reads from the assembled numbers.
func (c *chunks) ReadAt(p []byte, at int64) (int, error) {
	c.once.Do(func() { c.err = c.assemble() })
	if c.err != nil {
		return 0, c.err
	}
	return bytes.NewReader(c.data).ReadAt(p, at)
}

// assemble unpacks every chunk into its place.
func (c *chunks) assemble() error {
	total, box := c.size, c.size
	for i, n := range c.shape {
		total *= n
		box *= c.box[i]
	}
	c.data = make([]byte, total)
	for _, p := range c.pieces {
		raw, err := c.unpack(p, box)
		if err != nil {
			return fmt.Errorf("chunk at %v: %w", p.start, err)
		}
		c.place(raw, p.start, 0, 0)
	}
	return nil
}

// unpack undoes the filters, last applied first.
func (c *chunks) unpack(p piece, box int) ([]byte, error) {
	raw := make([]byte, p.stored)
	if n, err := c.h.r.ReadAt(raw, p.at); n < len(raw) {
		return nil, err
	}
	for i := len(c.filters) - 1; i >= 0; i-- {
		if i < 32 && p.mask>>i&1 != 0 {
			continue
		}
		switch c.filters[i] {
		case filterDeflate:
			z, err := zlib.NewReader(bytes.NewReader(raw))
			if err != nil {
				return nil, err
			}
			raw, err = io.ReadAll(io.LimitReader(z, int64(box)+8)) // 8: a checksum may follow
			if err != nil {
				return nil, err
			}
		case filterShuffle:
			raw = unshuffle(raw, c.size)
		case filterFletcher:
			raw = raw[:max(0, len(raw)-4)]
		}
	}
	if len(raw) != box {
		return nil, fmt.Errorf("found %d bytes, expected %d", len(raw), box)
	}
	return raw, nil
}

// unshuffle puts an element's bytes together again: all first bytes come first in raw,
// then all second bytes, and so on.
func unshuffle(raw []byte, size int) []byte {
	out, n := make([]byte, len(raw)), len(raw)/size
	for b := range size {
		for i := range n {
			out[i*size+b] = raw[b*n+i]
		}
	}
	return out
}

// place copies the rows of a box from dimension d on to where they belong; what hangs
// over the dataset's edge is dropped. row is the index of the outer dimensions.
func (c *chunks) place(raw []byte, start []int, d, row int) {
	if d == len(c.shape) { // a scalar
		copy(c.data, raw)
		return
	}
	n := min(c.box[d], c.shape[d]-start[d])
	if d == len(c.shape)-1 {
		at := (row*c.shape[d] + start[d]) * c.size
		copy(c.data[at:], raw[:n*c.size])
		return
	}
	part := len(raw) / c.box[d]
	for i := range n {
		c.place(raw[i*part:(i+1)*part], start, d+1, row*c.shape[d]+start[d]+i)
	}
}
