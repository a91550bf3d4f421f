package op

import (
	"sort"

	"defrost/engine/batch"
)

// steps is a batch in the order in which a recurrent network walks it: step by step, in each the
// sequences that are still going. Sequences are ranked by falling length, so those of a step are
// the first ones of the step before, and their states lie side by side.
type steps struct {
	ranked []int // sequence at each rank
	from   []int // (T+1) first row of each step; from[T] = N
	rows   []int // (N) row of the batch that each row reads, walking forward
}

// set lays the batch out; reverse walks every sequence from its end.
func (s *steps) set(b *batch.Batch, reverse bool) {
	s.rank(b)
	s.from, s.rows = append(s.from[:0], 0), s.rows[:0]
	for t := range b.Longest() {
		for _, seq := range s.ranked {
			from, to := b.Bounds(seq)
			switch {
			case to-from <= t:
			case reverse:
				s.rows = append(s.rows, to-1-t)
			default:
				s.rows = append(s.rows, from+t)
			}
		}
		s.from = append(s.from, len(s.rows))
	}
}

func (s *steps) rank(b *batch.Batch) {
	s.ranked = s.ranked[:0]
	for i := range b.Len() {
		s.ranked = append(s.ranked, i)
	}
	length := func(i int) int32 { return b.Offsets[s.ranked[i]+1] - b.Offsets[s.ranked[i]] }
	sort.SliceStable(s.ranked, func(i, j int) bool { return length(i) > length(j) })
}

// len is T, the number of steps.
func (s *steps) len() int { return len(s.from) - 1 }

// bounds are the rows of step t.
func (s *steps) bounds(t int) (from, to int) { return s.from[t], s.from[t+1] }

// going is how many sequences take step t.
func (s *steps) going(t int) int {
	if t >= s.len() {
		return 0
	}
	return s.from[t+1] - s.from[t]
}

// last is the row of the final step of the sequence at a rank, -1 when it is empty.
func (s *steps) last(rank int) int {
	for t := s.len() - 1; t >= 0; t-- {
		if rank < s.going(t) {
			return s.from[t] + rank
		}
	}
	return -1
}

// gather copies columns [col, col+w) of x (N, width) in walking order to dst (N, w).
func (s *steps) gather(dst, x []float32, width, col, w int) {
	for i, r := range s.rows {
		copy(dst[i*w:(i+1)*w], x[r*width+col:])
	}
}
