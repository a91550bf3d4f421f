package words

import (
	"cmp"
	"fmt"
	"slices"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A Neighbour is a word near another, or near where an answer should be.
type Neighbour struct {
	Word   string  `json:"word"`
	Cosine float64 `json:"cosine"` // -1 to 1
}

// Near lists the n nearest neighbours of a word, itself left out, the nearest first.
func (s *Space) Near(word string, n int) ([]Neighbour, error) {
	row, err := s.find(word)
	if err != nil {
		return nil, err
	}
	return s.nearest(s.row(row), n, row)
}

// NearVector lists the n words nearest to any vector (D).
func (s *Space) NearVector(v []float32, n int) ([]Neighbour, error) {
	if len(v) != s.Dim {
		return nil, fmt.Errorf("words: found a vector of %d numbers, expected %d", len(v), s.Dim)
	}
	v = slices.Clone(v)
	normalise(v)
	return s.nearest(v, n)
}

// nearest lists the n words nearest to a unit vector without the rows in except.
func (s *Space) nearest(v []float32, n int, except ...int) ([]Neighbour, error) {
	if n < 1 {
		return nil, fmt.Errorf("words: asked for %d neighbours, expected 1 or more", n)
	}
	scores := make([]float32, len(s.Words))
	const grain = 4096
	gemm.Parallel(len(scores), grain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			scores[i] = vec.Dot(v, s.row(i))
		}
	})
	order := make([]int, 0, len(scores))
	for i := range scores {
		if !slices.Contains(except, i) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	list := make([]Neighbour, min(n, len(order)))
	for i := range list {
		list[i] = Neighbour{s.Words[order[i]], float64(scores[order[i]])}
	}
	return list, nil
}
