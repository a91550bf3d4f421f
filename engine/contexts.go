package engine

import (
	"fmt"
	"math"

	"defrost/engine/vec"
)

// Contexts compare the places where a word stands, one entry each.
type Contexts struct {
	Plane   Plane
	Nearest []int     // index of the place where the word is most alike, -1 when there is one place only
	Cosine  []float64 // with that place, 0 without one
	First   []float64 // cosine with the first place
	Mean    float64   // cosine of two different places, on average: 1 for static vectors, less the more context counts
}

// CompareContexts lays the vectors of a word on a plane and says which places are alike.
func CompareContexts(places []Occurrence) (Contexts, error) {
	vectors := make([][]float32, len(places))
	for i, o := range places {
		vectors[i] = o.Vector
	}
	plane, err := Project(vectors)
	if err != nil {
		return Contexts{}, err
	}
	c := Contexts{Plane: plane, Nearest: make([]int, len(places)), Cosine: make([]float64, len(places)), First: make([]float64, len(places))}
	for i := range places {
		c.Nearest[i], c.First[i] = -1, cosineOf(vectors[0], vectors[i])
		for j := range places {
			if i == j {
				continue
			}
			cosine := cosineOf(vectors[i], vectors[j])
			c.Mean += cosine / float64(len(places)*(len(places)-1))
			if c.Nearest[i] < 0 || cosine > c.Cosine[i] {
				c.Nearest[i], c.Cosine[i] = j, cosine
			}
		}
	}
	return c, nil
}

// cosineOf is 0 when one of the vectors is.
func cosineOf(a, b []float32) float64 {
	length := math.Sqrt(vec.SumSquares(a) * vec.SumSquares(b))
	if length == 0 {
		return 0
	}
	return min(float64(vec.Dot(a, b))/length, 1)
}

// commonVectors are the embedded vectors whose words are in the order of their frequency.
const commonVectors = "pocket-glove"

// CommonWords lists the n commonest words of the embedded word vectors.
func CommonWords(n int) ([]string, error) {
	m, err := describe(commonVectors)
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	list := m.words()
	return list[:min(n, len(list))], nil
}
