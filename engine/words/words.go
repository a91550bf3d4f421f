// Package words asks word vectors what they know: which words are near each other, what a word is
// to another as a third is to a fourth, how well that agrees with what people say, and how it all
// looks on paper.
//
// space.go holds the vectors, near.go and analogy.go ask, similarity.go and questions.go measure,
// plane.go draws.
package words

import (
	"fmt"
	"math"
	"strings"

	"defrost/engine/vec"
)

// A Space is a set of words, each with a direction. Words are compared by the cosine of the angle
// between them: lengths are of no account.
type Space struct {
	Words []string // most frequent first, where the vectors came in that order
	Dim   int      // D
	unit  []float32
	rows  map[string]int
}

// New makes a space of vectors (V, D), one a word; of a word that comes twice the first counts.
func New(list []string, data []float32, dim int) (*Space, error) {
	if len(list) == 0 || dim < 1 || len(data) != len(list)*dim {
		return nil, fmt.Errorf("words: found %d words and %d numbers, expected one word or more of %d numbers each", len(list), len(data), dim)
	}
	s := &Space{Words: list, Dim: dim, unit: make([]float32, len(data)), rows: make(map[string]int, len(list))}
	copy(s.unit, data)
	for i, w := range list {
		normalise(s.row(i))
		if _, twice := s.rows[w]; !twice {
			s.rows[w] = i
		}
	}
	return s, nil
}

// normalise gives a vector the length 1; zeros stay.
func normalise(v []float32) {
	if n := math.Sqrt(vec.SumSquares(v)); n > 0 {
		vec.Scale(float32(1/n), v)
	}
}

// row is the direction of Words[i], (D).
func (s *Space) row(i int) []float32 { return s.unit[i*s.Dim : (i+1)*s.Dim : (i+1)*s.Dim] }

// Find returns the row of a word as it stands, else in lower case.
func (s *Space) Find(word string) (row int, ok bool) {
	if row, ok = s.rows[word]; !ok {
		row, ok = s.rows[strings.ToLower(word)]
	}
	return row, ok
}

// find is Find with an error.
func (s *Space) find(word string) (int, error) {
	row, ok := s.Find(word)
	if !ok {
		return 0, fmt.Errorf("words: %q is not among the %d words", word, len(s.Words))
	}
	return row, nil
}

// Vector is a copy of a word's direction, of length 1.
func (s *Space) Vector(word string) ([]float32, error) {
	row, err := s.find(word)
	if err != nil {
		return nil, err
	}
	return append([]float32(nil), s.row(row)...), nil
}

// Cosine is the cosine between two words, from -1 to 1.
func (s *Space) Cosine(a, b string) (float64, error) {
	i, err := s.find(a)
	if err != nil {
		return 0, err
	}
	j, err := s.find(b)
	if err != nil {
		return 0, err
	}
	return s.cosine(i, j), nil
}

func (s *Space) cosine(i, j int) float64 { return float64(vec.Dot(s.row(i), s.row(j))) }
