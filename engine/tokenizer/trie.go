package tokenizer

import "fmt"

// A trie finds the keys that begin a text, longest or all. Node 0 is the
// root; an edge is one slot of an open-addressing table keyed by (node, byte).
type trie struct {
	edges []edge
	shift uint    // 32 - log2(len(edges))
	value []int32 // by node: the key's value, -1 where no key ends
}

// An edge leads over a byte from a node to a child, which is never the root:
// child 0 marks a free slot.
type edge struct {
	key   uint32 // node<<8 | byte
	child int32
}

const (
	golden32 = 0x9E3779B9         // 2^32 / golden ratio, Knuth's multiplicative hashing
	golden64 = 0x9E3779B97F4A7C15 // the same for 2^64
	maxNodes = 1 << 24            // what a key has room for
)

func newTrie() *trie {
	const log = 10
	return &trie{edges: make([]edge, 1<<log), shift: 32 - log, value: []int32{-1}}
}

// find returns the slot of the edge, or the free slot where it would go.
func (t *trie) find(node int32, c byte) *edge {
	key := uint32(node)<<8 | uint32(c)
	mask := uint32(len(t.edges) - 1)
	for i := key * golden32 >> t.shift; ; i++ {
		e := &t.edges[i&mask]
		if e.key == key || e.child == 0 {
			return e
		}
	}
}

// insert stores value under key.
func (t *trie) insert(key string, value int32) error {
	node := int32(0)
	for i := range len(key) {
		e := t.find(node, key[i])
		if e.child == 0 {
			if len(t.value) == maxNodes {
				return fmt.Errorf("the vocabulary is too large: more than %d different beginnings of tokens", maxNodes)
			}
			*e = edge{uint32(node)<<8 | uint32(key[i]), int32(len(t.value))}
			t.value = append(t.value, -1)
			node = int32(len(t.value) - 1)
			if 2*len(t.value) > len(t.edges) {
				t.grow()
			}
			continue
		}
		node = e.child
	}
	t.value[node] = value
	return nil
}

// grow doubles the table.
func (t *trie) grow() {
	old := t.edges
	t.edges = make([]edge, 2*len(old))
	t.shift--
	for _, e := range old {
		if e.child != 0 {
			*t.find(int32(e.key>>8), byte(e.key)) = e
		}
	}
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
