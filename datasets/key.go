package datasets

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// key is a 64-bit FNV-1a hash of an example's input, by which equal inputs are
// found; case and spacing do not count. For questions it is that of the
// context alone when paragraph is true.
func (e *Example) key(paragraph bool) uint64 {
	k := newKey()
	switch {
	case paragraph:
		k.add(e.Context)
	case e.Words != nil:
		for _, w := range e.Words {
			k.add(w)
			k.space = true
		}
	default:
		for _, s := range [...]string{e.Text, e.Pair, e.Context, e.Question} {
			k.add(s)
			k.end()
		}
	}
	return k.sum
}

// A keyed is the key of an example and its index.
type keyed struct {
	key   uint64
	index int
}

// sortKeys brings equal keys together, in the order of their indices. A map of
// a million keys takes three times the memory of the list.
func sortKeys(keys []keyed) {
	slices.SortFunc(keys, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.index, b.index)) })
}

// FNV-1a, 64 bits (Fowler, Noll, Vo).
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hasher runs FNV-1a over folded code points.
type hasher struct {
	sum   uint64
	space bool // white space was seen since the last word
	begun bool // the field has a word
}

func newKey() hasher { return hasher{sum: fnvOffset} }

// add hashes s: lower case, one space between words, none around.
func (h *hasher) add(s string) {
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		switch { // nearly all text is ASCII
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRuneInString(s[i:])
			if r = unicode.ToLower(r); unicode.IsSpace(r) {
				r = ' '
			}
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case '\t' <= r && r <= '\r':
			r = ' '
		}
		i += size
		if r == ' ' {
			h.space = true
			continue
		}
		if h.space && h.begun {
			h.mix(' ')
		}
		h.space, h.begun = false, true
		h.mix(r)
	}
}

// end closes one field.
func (h *hasher) end() {
	h.mix(-1)
	h.space, h.begun = false, false
}

func (h *hasher) mix(r rune) {
	h.sum = (h.sum ^ uint64(uint32(r))) * fnvPrime
}
