package tokenizer

import "slices"

// A joining is the state of joinLong: symbols as a linked list and the joins
// that were possible when they were queued.
type joining struct {
	*merges
	symbols    []symbol
	prev, next []int32
	queue      []candidate // a heap
}

// A candidate is a join: it would make symbol id of the symbol at place at and its neighbour.
type candidate struct{ rank, at, id, left, right int32 }

func (a candidate) before(b candidate) bool {
	return a.rank < b.rank || a.rank == b.rank && a.at < b.at
}

// joinLong does what joinShort does in O(n log n) steps.
func (m *merges) joinLong(s []symbol) []symbol {
	own := slices.Clone(s) // so that callers may keep s on the stack
	j := &joining{merges: m, symbols: own, prev: make([]int32, len(s)), next: make([]int32, len(s))}
	for i := range s {
		j.prev[i], j.next[i] = int32(i)-1, int32(i)+1
	}
	for i := range s {
		j.offer(int32(i))
	}
	for len(j.queue) > 0 {
		j.apply(j.pop())
	}
	out := s[:0]
	for i := 0; i < len(own); i = int(j.next[i]) {
		out = append(out, own[i])
	}
	return out
}

// offer queues the join of the symbol at i with its right neighbour.
func (j *joining) offer(i int32) {
	if i < 0 || int(j.next[i]) >= len(j.symbols) {
		return
	}
	left, right := j.symbols[i].id, j.symbols[j.next[i]].id
	if f := j.find(left, right); f.rank != noRank {
		j.push(candidate{f.rank, i, f.id, left, right})
	}
}

// apply joins two symbols unless one of them has changed since.
func (j *joining) apply(q candidate) {
	i := q.at
	r := j.next[i]
	if r < 0 || int(r) >= len(j.symbols) || j.symbols[i].id != q.left || j.symbols[r].id != q.right {
		return
	}
	j.symbols[i].id, j.symbols[i].end = q.id, j.symbols[r].end
	j.next[i] = j.next[r]
	if n := j.next[i]; int(n) < len(j.symbols) {
		j.prev[n] = i
	}
	j.next[r] = -1 // gone
	j.offer(j.prev[i])
	j.offer(i)
}

// push and pop are the heap.
func (j *joining) push(q candidate) {
	j.queue = append(j.queue, q)
	for i := len(j.queue) - 1; i > 0; {
		up := (i - 1) / 2
		if !j.queue[i].before(j.queue[up]) {
			return
		}
		j.queue[i], j.queue[up] = j.queue[up], j.queue[i]
		i = up
	}
}

func (j *joining) pop() candidate {
	q := j.queue
	top, last := q[0], len(q)-1
	q[0] = q[last]
	q = q[:last]
	for i := 0; ; {
		least := i
		for _, c := range [2]int{2*i + 1, 2*i + 2} {
			if c < len(q) && q[c].before(q[least]) {
				least = c
			}
		}
		if least == i {
			break
		}
		q[i], q[least] = q[least], q[i]
		i = least
	}
	j.queue = q
	return top
}
