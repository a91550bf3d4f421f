package tokenizer

// A trie finds the keys that begin a text, longest or all. Node 0 is the
// root; an edge is one slot of an open-addressing table keyed by (node, byte).
type trie struct {
	slots []edge
	shift uint    // 64 - log2(len(slots))
	value []int32 // by node: the key's value, -1 where no key ends
}

// An edge leads from a node over a byte to a child; key 0 marks a free slot.
type edge struct {
	key   uint64 // node<<8 | byte, plus 1
	child int32
}

const golden64 = 0x9E3779B97F4A7C15 // 2^64 / golden ratio, Knuth's multiplicative hashing

// newTrie returns an empty trie with room for keys of so many bytes in all.
func newTrie(bytes int) *trie {
	t := &trie{shift: 64 - 4, value: []int32{-1}}
	size := 16
	for size < 2*bytes {
		size *= 2
		t.shift--
	}
	t.slots = make([]edge, size)
	return t
}

// find returns the slot of the edge, or the free slot where it would go.
func (t *trie) find(node int32, c byte) *edge {
	key := uint64(node)<<8 | uint64(c) + 1
	for i := key * golden64 >> t.shift; ; i++ {
		e := &t.slots[i&uint64(len(t.slots)-1)]
		if e.key == key || e.key == 0 {
			return e
		}
	}
}

// insert stores value under key. The keys must not outgrow newTrie's bytes.
func (t *trie) insert(key string, value int32) {
	node := int32(0)
	for i := range len(key) {
		e := t.find(node, key[i])
		if e.key == 0 {
			*e = edge{uint64(node)<<8 | uint64(key[i]) + 1, int32(len(t.value))}
			t.value = append(t.value, -1)
		}
		node = e.child
	}
	t.value[node] = value
}

// step follows the byte from node; 0 when no key continues that way.
func (t *trie) step(node int32, c byte) int32 { return t.find(node, c).child }

// longest returns the value and length of the longest key that begins text,
// -1 and 0 when none does.
func (t *trie) longest(text []byte) (value int32, length int) {
	value = -1
	node := int32(0)
	for i, c := range text {
		if node = t.step(node, c); node == 0 {
			break
		}
		if v := t.value[node]; v >= 0 {
			value, length = v, i+1
		}
	}
	return value, length
}
