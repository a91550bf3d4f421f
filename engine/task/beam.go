package task

import (
	"cmp"
	"math"
	"slices"
)

// A search writes several answers at once, each of which goes on in the likeliest ways (beam search).
// Answers that have ended compete by their score per piece, the end included: else short ones would
// win.
type search struct {
	width int   // answers kept side by side
	end   int32 // ends an answer
	// next returns what each answer may go on with, a logarithm of a probability for each piece, and
	// what is to be remembered of the step, one for each answer.
	next func(going []*path, spans []int32) (scores [][]float32, looks [][]float32, err error)
}

// A path is an answer as far as it is written.
type path struct {
	before *path
	piece  int32
	look   []float32 // where the decoder looked when it wrote the piece
	row    int       // of the step that comes after the piece, among all that go on
	length int
	score  float64 // sum of logarithms
}

// rate is what a path competes by.
func (p *path) rate() float64 { return p.score / float64(max(p.length, 1)) }

// pieces are those of the whole path, from its first one, with where the decoder looked.
func (p *path) pieces() (ids []int32, looks [][]float32) {
	for ; p.before != nil; p = p.before {
		ids, looks = append(ids, p.piece), append(looks, p.look)
	}
	slices.Reverse(ids)
	slices.Reverse(looks)
	return ids, looks
}

// A contest is the search for one answer.
type contest struct {
	going, ended []*path
	most         int // pieces
}

// run returns the paths that ended for every answer, at least one, the best one first; most is how
// long each may become, 0 for an empty one. A path that ended holds the end as its last piece.
func (s search) run(most []int) ([][]*path, error) {
	list := make([]*contest, len(most))
	for i, m := range most {
		list[i] = &contest{going: []*path{{piece: s.end}}, most: m}
		if m == 0 {
			list[i].ended, list[i].going = list[i].going, nil
		}
	}
	for {
		going, spans := together(list)
		if len(going) == 0 {
			break
		}
		scores, looks, err := s.next(going, spans)
		if err != nil {
			return nil, err
		}
		for i, c := range list {
			from, to := spans[i], spans[i+1]
			s.extend(c, scores[from:to], looks[from:to])
		}
	}
	ended := make([][]*path, len(list))
	for i, c := range list {
		slices.SortStableFunc(c.ended, func(a, b *path) int { return cmp.Compare(b.rate(), a.rate()) })
		ended[i] = c.ended
	}
	return ended, nil
}

// together are the paths of all contests that go on, and their borders.
func together(list []*contest) (going []*path, spans []int32) {
	spans = append(spans, 0)
	for _, c := range list {
		going = append(going, c.going...)
		spans = append(spans, int32(len(going)))
	}
	return going, spans
}

// extend writes one more piece in a contest. It is over when as many paths have ended as are kept
// side by side, or at the longest length, where what is written counts as it is.
func (s search) extend(c *contest, scores, looks [][]float32) {
	if len(c.going) == 0 {
		return
	}
	first := c.going[0].row
	var going []*path
	for _, p := range s.candidates(c.going, scores) {
		p.look = looks[p.before.row-first]
		switch {
		case p.piece == s.end:
			c.ended = append(c.ended, p)
		case len(going) < s.width:
			going = append(going, p)
		}
	}
	c.going = going
	if len(going) == 0 || len(c.ended) >= s.width {
		c.going = nil
	} else if going[0].length >= c.most {
		c.ended, c.going = append(c.ended, going...), nil
	}
}

// candidates are the likeliest continuations of paths, highest first: twice as many as are kept, so
// that enough are left to go on when others end. One ends only if it is among those to be kept.
func (s search) candidates(going []*path, scores [][]float32) []*path {
	var list []*path
	for i, p := range going {
		for _, id := range likeliest(scores[i], 2*s.width) {
			list = append(list, &path{before: p, piece: id, length: p.length + 1, score: p.score + float64(scores[i][id])})
		}
	}
	slices.SortStableFunc(list, func(a, b *path) int { return cmp.Compare(b.score, a.score) })
	list = list[:min(len(list), 2*s.width)]
	kept := min(len(list), s.width)
	return append(list[:kept], slices.DeleteFunc(list[kept:], func(p *path) bool { return p.piece == s.end })...)
}

// likeliest are the n pieces with the highest scores, highest first.
func likeliest(scores []float32, n int) []int32 {
	n = min(n, len(scores))
	best := make([]int32, 0, n+1)
	for id, v := range scores {
		if len(best) == n && v <= scores[best[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, v, func(b int32, v float32) int { return cmp.Compare(v, scores[b]) })
		for at < len(best) && scores[best[at]] == v { // the first one of equals stays first
			at++
		}
		best = slices.Insert(best, at, int32(id))
		best = best[:min(len(best), n)]
	}
	return best
}

// logSoftmax turns scores into logarithms of probabilities, in place.
func logSoftmax(z []float32) {
	top := slices.Max(z)
	sum := 0.0
	for _, v := range z {
		sum += math.Exp(float64(v - top))
	}
	shift := top + float32(math.Log(sum))
	for i := range z {
		z[i] -= shift
	}
}
