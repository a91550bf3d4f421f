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

// A cache remembers the pieces of chunks. Every chunk has one slot and the
// newcomer evicts; readers and writers need no lock because an entry never
// changes once it is stored.
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
	slot := &c.slots[maphash.String(c.seed, chunk)%cacheSlots]
	if e := slot.Load(); e != nil && e.chunk == chunk {
		return e.pieces, scratch
	}
	scratch = m.pieces(scratch[:0], chunk)
	slot.Store(&entry{strings.Clone(chunk), append([]piece(nil), scratch...)})
	return scratch, scratch
}
