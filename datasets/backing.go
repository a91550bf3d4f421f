package datasets

import "strings"

// blockSize is how much text is kept in one piece of memory.
const blockSize = 64 << 10

// backing keeps the text of many examples in few pieces: one allocation each
// would cost time, and memory for rounding up.
type backing struct{ block strings.Builder }

// keep returns a copy of b. A text larger than a share of a block has memory
// of its own, so that little of a block is ever left empty.
func (k *backing) keep(b []byte) string {
	switch {
	case len(b) == 0:
		return ""
	case len(b) > blockSize/8:
		return string(b)
	case k.block.Cap()-k.block.Len() < len(b):
		k.block = strings.Builder{}
		k.block.Grow(blockSize)
	}
	from := k.block.Len()
	k.block.Write(b)
	return k.block.String()[from:]
}

// room makes room for the rows that are still to come, judged by those read so
// far: doubling a list of a million examples would hold it three times. The
// first rows may not be like the others, so it looks again after a while.
func (h *harvest) room() {
	n := len(h.examples)
	if n < cap(h.examples) || n < sampleRows {
		return
	}
	total := min(h.src.expect(n), 32*n)
	if total <= n {
		return
	}
	grown := make([]Example, n, total)
	copy(grown, h.examples)
	h.examples = grown
}

// expect is how many rows the whole source may have when n were read so far,
// 0 when that cannot be told.
func (s *source) expect(n int) int {
	if s == nil || s.size == 0 {
		return 0
	}
	read := s.passed
	if !s.packed {
		read -= int64(s.Buffered())
	}
	if read <= 0 {
		return 0
	}
	return int(1.01*float64(n)*float64(s.size)/float64(read)) + 16
}
