package tokenizer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// A charsmap is SentencePiece's precompiled normalisation rules: a double
// array (Darts-clone) from text to a place in a pool of replacements that end
// with a zero byte.
type charsmap struct {
	units []uint32
	pool  []byte
	ascii bool // printable ASCII is left alone
}

// newCharsmap reads the size of the array in bytes, the array and the pool.
func newCharsmap(b []byte) (*charsmap, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("precompiled_charsmap has %d bytes, expected at least 4", len(b))
	}
	size := uint64(binary.LittleEndian.Uint32(b))
	if size%4 != 0 || size == 0 || size > uint64(len(b)-4) {
		return nil, fmt.Errorf("precompiled_charsmap has an array of %d bytes in %d, expected a multiple of 4 that fits", size, len(b))
	}
	m := &charsmap{units: make([]uint32, size/4), pool: b[4+size:], ascii: true}
	for i := range m.units {
		m.units[i] = binary.LittleEndian.Uint32(b[4+4*i:])
	}
	for c := byte(' '); c <= '~'; c++ {
		if _, found := m.find([]byte{c}); found {
			m.ascii = false
		}
	}
	return m, nil
}

func (m *charsmap) plain() bool { return m.ascii }

// find returns the replacement of the shortest rule that begins text.
func (m *charsmap) find(text []byte) (replacement []byte, found bool) {
	node := unitOffset(m.units[0])
	for _, c := range text {
		node ^= uint32(c)
		if c == 0 || int(node) >= len(m.units) {
			return nil, false
		}
		u := m.units[node]
		if u&(1<<31|0xFF) != uint32(c) {
			return nil, false
		}
		node ^= unitOffset(u)
		if u>>8&1 == 0 { // no rule ends here
			continue
		}
		if int(node) >= len(m.units) {
			return nil, false
		}
		at := int(m.units[node] &^ (1 << 31))
		if at > len(m.pool) {
			return nil, false
		}
		end := bytes.IndexByte(m.pool[at:], 0)
		if end < 0 {
			end = len(m.pool) - at
		}
		return m.pool[at : at+end], true
	}
	return nil, false
}

// unitOffset is where the children of a unit are, relative to it by xor.
func unitOffset(u uint32) uint32 { return u >> 10 << (u & (1 << 9) >> 6) }

// smallCluster is the size in bytes up to which the Rust library looks a whole
// grapheme cluster up before its characters.
const smallCluster = 5

// apply replaces clusters, else characters, that a rule begins.
func (m *charsmap) apply(in *tracked) *tracked {
	out := newTracked(len(in.runes))
	var one [utf8.UTFMax]byte
	for i := 0; i < len(in.runes); {
		end := clusterEnd(in.runes, i)
		if to, ok := m.findCluster(in.runes[i:end]); ok {
			out.putAll(to, in.from[i], in.to[i])
			i = end
			continue
		}
		for ; i < end; i++ {
			if to, ok := m.find(utf8.AppendRune(one[:0], in.runes[i])); ok {
				out.putAll(to, in.from[i], in.to[i])
			} else {
				out.put(in.runes[i], in.from[i], in.to[i])
			}
		}
	}
	return out
}

// findCluster returns the replacement of a small cluster of two or more
// characters.
func (m *charsmap) findCluster(s []rune) (replacement []byte, found bool) {
	if len(s) < 2 || len(s) > smallCluster {
		return nil, false
	}
	if text := []byte(string(s)); len(text) <= smallCluster {
		return m.find(text)
	}
	return nil, false
}

func (t *tracked) putAll(text []byte, from, to int32) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		t.put(r, from, to)
		text = text[size:]
	}
}

// clusterEnd returns the end of the grapheme cluster at i, as far as it can
// be small: a character with the marks and joiners after it, or CR LF.
func clusterEnd(s []rune, i int) int {
	first := s[i]
	i++
	if ' ' <= first && first <= '~' && (i == len(s) || s[i] <= '~') {
		return i
	}
	if first == '\r' && i < len(s) && s[i] == '\n' {
		return i + 1
	}
	if unicode.IsControl(first) || unicode.In(first, unicode.Cf, unicode.Zl, unicode.Zp) {
		return i
	}
	for i < len(s) && extends(s[i]) {
		i++
	}
	return i
}

// extends reports whether r continues a grapheme cluster.
func extends(r rune) bool {
	const nonJoiner, joiner = 0x200C, 0x200D
	return r == nonJoiner || r == joiner || 0x1F3FB <= r && r <= 0x1F3FF || r >= 0x300 && unicode.Is(unicode.M, r)
}
