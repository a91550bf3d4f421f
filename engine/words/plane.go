package words

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Plane is vectors seen from where they differ most.
type Plane struct {
	X, Y      []float64  // coordinates of each vector, centred on their mean
	Explained [2]float64 // share of all variance along X and along Y, 0 to 1
}

// Project lays vectors on the plane of their first two principal components (Pearson 1901). So
// that the same vectors always give the same picture, the vector farthest along each axis is on
// its positive side.
func Project(vectors [][]float32) (Plane, error) {
	if len(vectors) == 0 || len(vectors[0]) == 0 {
		return Plane{}, fmt.Errorf("words: found no vectors to draw, expected one or more")
	}
	m, size, err := centred(vectors)
	if err != nil {
		return Plane{}, err
	}
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThinU) {
		return Plane{}, fmt.Errorf("words: the vectors have no principal components")
	}
	var u mat.Dense
	svd.UTo(&u)
	values, total := svd.Values(nil), 0.0
	for _, v := range values {
		total += v * v
	}
	p := Plane{X: make([]float64, len(vectors)), Y: make([]float64, len(vectors))}
	for axis, to := range [][]float64{p.X, p.Y} {
		if axis >= len(values) || total <= noise*size {
			continue
		}
		p.Explained[axis] = values[axis] * values[axis] / total
		for i := range to {
			to[i] = u.At(i, axis) * values[axis]
		}
		turn(to)
	}
	return p, nil
}

// noise is the share of squares that rounding leaves of equal vectors, and more.
const noise = 1e-12

// centred is the matrix of the vectors less their mean, (N, D), and the sum of squares before.
func centred(vectors [][]float32) (m *mat.Dense, size float64, err error) {
	n, d := len(vectors), len(vectors[0])
	m = mat.NewDense(n, d, nil)
	mean := make([]float64, d)
	for i, v := range vectors {
		if len(v) != d {
			return nil, 0, fmt.Errorf("words: vector %d has %d numbers, expected the %d of the first", i+1, len(v), d)
		}
		for j, x := range v {
			if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, 0, fmt.Errorf("words: vector %d holds %v, expected numbers", i+1, f)
			}
			m.Set(i, j, float64(x))
			mean[j] += float64(x) / float64(n)
			size += float64(x) * float64(x)
		}
	}
	for i := range n {
		for j := range d {
			m.Set(i, j, m.At(i, j)-mean[j])
		}
	}
	return m, size, nil
}

// turn mirrors an axis so that its farthest point is on the positive side.
func turn(axis []float64) {
	far := 0.0
	for _, x := range axis {
		if math.Abs(x) > math.Abs(far)+1e-12 { // of equals the first, whatever the last digits
			far = x
		}
	}
	if far < 0 {
		for i := range axis {
			axis[i] = -axis[i]
		}
	}
}
