package tokenizer

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

const (
	cacheSlots = 1 << 15 // about the distinct words of a long book
	cacheWord  = 48      // longer chunks are rare, and would make the bound on memory loose
)

// A cache remembers the pieces of chunks. A chunk may be in either of two slots
// and the newcomer evicts; readers and writers need no lock because an entry
// never changes once it is stored.
type cache struct {
	seed  maphash.Seed
	slots [cacheSlots]atomic.Pointer[entry]
}

// An entry is one chunk and its pieces.
type entry struct {
	chunk  string
	pieces []piece
}

func newCache() *cache { return &cache{seed: maphash.MakeSeed()} }

// get returns the pieces of chunk, asking m when the cache does not know them.
// Without a hit the pieces are appended to scratch, which is returned too.
func (c *cache) get(m model, chunk string, scratch []piece) (pieces, grown []piece) {
	if len(chunk) > cacheWord {
		scratch = m.pieces(scratch[:0], chunk)
		return scratch, scratch
	}
	hash := maphash.String(c.seed, chunk)
	slot, other := &c.slots[hash%cacheSlots], &c.slots[hash>>32%cacheSlots]
	a := slot.Load()
	if a != nil && a.chunk == chunk {
		return a.pieces, scratch
	}
	b := other.Load()
	if b != nil && b.chunk == chunk {
		return b.pieces, scratch
	}
	scratch = m.pieces(scratch[:0], chunk)
	if a != nil && (b == nil || hash>>63 == 1) {
		slot = other
	}
	slot.Store(&entry{strings.Clone(chunk), append([]piece(nil), scratch...)})
	return scratch, scratch
}
