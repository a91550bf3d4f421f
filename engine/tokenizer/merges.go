package tokenizer

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// A mergeList is the merges of a BPE model, the first learnt first.
type mergeList [][2]string

// UnmarshalJSON reads ["a b", ...] or, as newer files have it, [["a", "b"], ...].
func (l *mergeList) UnmarshalJSON(b []byte) error {
	*l = make(mergeList, 0, len(b)/12)
	s := scanner{b}
	return s.eachElement(func(i int) error {
		if s.peek() == '[' {
			return l.addPair(i, &s)
		}
		line, err := s.text()
		if err != nil {
			return err
		}
		return l.add(i, line)
	})
}

// addPair reads ["a", "b"].
func (l *mergeList) addPair(i int, s *scanner) error {
	var p []string
	err := s.eachElement(func(int) error {
		piece, err := s.text()
		p = append(p, piece)
		return err
	})
	if err == nil && len(p) != 2 {
		err = fmt.Errorf("merge %d has %d pieces, expected two", i+1, len(p))
	}
	if err != nil {
		return err
	}
	*l = append(*l, [2]string(p))
	return nil
}

// add reads "a b".
func (l *mergeList) add(i int, line string) error {
	a, b, ok := strings.Cut(line, " ")
	if !ok || a == "" || b == "" || strings.Contains(b, " ") {
		return fmt.Errorf("merge %d is %q, expected two pieces with a blank between them", i+1, line)
	}
	*l = append(*l, [2]string{a, b})
	return nil
}

// readMergesText reads merges.txt: after a line "#version: 0.2" one merge a
// line.
func readMergesText(b []byte) (mergeList, error) {
	var l mergeList
	lines := strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
	if strings.HasPrefix(lines[0], "#version") {
		lines = lines[1:]
	}
	for _, line := range lines {
		if line == "" {
			continue
		}
		if err := l.add(len(l), line); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// MarshalJSON writes ["a b", ...].
func (l mergeList) MarshalJSON() ([]byte, error) {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p[0] + " " + p[1]
	}
	return marshal(lines)
}

// writeText writes merges.txt.
func (l mergeList) writeText(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("#version: 0.2\n")
	for _, p := range l {
		b.WriteString(p[0] + " " + p[1] + "\n")
	}
	return b.Flush()
}

// merges says which neighbours join to what, and how early they were learnt.
type merges struct {
	slots []merge
	shift uint
}

// A merge joins the symbols of key to symbol id; rank counts from 0, the first
// learnt first. A free slot has rank noRank.
type merge struct {
	key      uint64 // left<<32 | right
	id, rank int32
}

const noRank = math.MaxInt32

// newMerges looks the pieces up in v.
func newMerges(l mergeList, v *vocabulary) (*merges, error) {
	m := &merges{shift: 64 - 4}
	size := 16
	for size < 2*len(l) {
		size *= 2
		m.shift--
	}
	m.slots = slices.Repeat([]merge{{rank: noRank}}, size)
	for rank, p := range l {
		a, b, ab := v.id(p[0]), v.id(p[1]), v.id(p[0]+p[1])
		if a < 0 || b < 0 || ab < 0 {
			return nil, fmt.Errorf("merge %d joins %q and %q, which the vocabulary has not all three of: both and their join", rank+1, p[0], p[1])
		}
		if s := m.find(a, b); s.rank == noRank {
			*s = merge{pairKey(a, b), ab, int32(rank)}
		}
	}
	return m, nil
}

func pairKey(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

// find returns the merge of a and b, or the free slot where it would go.
func (m *merges) find(a, b int32) *merge {
	key := pairKey(a, b)
	for i := key * golden64 >> m.shift; ; i++ {
		s := &m.slots[i&uint64(len(m.slots)-1)]
		if s.key == key || s.rank == noRank {
			return s
		}
	}
}

// A symbol is a piece that may still grow.
type symbol struct{ id, start, end int32 }

// longWord is the number of symbols from which the queue pays.
const longWord = 32

// join applies the merges to s in place, the lowest rank first and of equals
// the leftmost.
func (m *merges) join(s []symbol) []symbol {
	if len(s) > longWord {
		return m.joinLong(s)
	}
	return m.joinShort(s)
}

// joinShort looks at all neighbours for every join.
func (m *merges) joinShort(s []symbol) []symbol {
	for {
		best, at := int32(noRank), -1
		var id int32
		for i := range len(s) - 1 {
			if f := m.find(s[i].id, s[i+1].id); f.rank < best {
				best, at, id = f.rank, i, f.id
			}
		}
		if at < 0 {
			return s
		}
		s[at].id, s[at].end = id, s[at+1].end
		s = slices.Delete(s, at+1, at+2)
	}
}
