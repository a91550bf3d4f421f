package words

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// lifted places points of the plane in d dimensions by a random rotation and a shift.
func lifted(points [][2]float64, d int) [][]float32 {
	random := rand.New(rand.NewPCG(7, 8))
	axes := make([][]float64, 2)
	for i := range axes {
		axes[i] = make([]float64, d)
		for j := range d {
			axes[i][j] = random.NormFloat64()
		}
	}
	along := dot(axes[0], axes[1]) / dot(axes[0], axes[0])
	for j := range d {
		axes[1][j] -= along * axes[0][j]
	}
	out := make([][]float32, len(points))
	for i, p := range points {
		for j := range d {
			x := p[0]*axes[0][j]/math.Sqrt(dot(axes[0], axes[0])) + p[1]*axes[1][j]/math.Sqrt(dot(axes[1], axes[1]))
			out[i] = append(out[i], float32(x+10))
		}
	}
	return out
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func TestAPlaneInSpaceIsFoundAgain(t *testing.T) {
	points := [][2]float64{{6, 1}, {2, -1}, {-4, 2}, {-1, -2}, {-3, 0}} // centred, and wider than high
	p, err := Project(lifted(points, 40))
	if err != nil {
		t.Fatal(err)
	}
	if sum := p.Explained[0] + p.Explained[1]; math.Abs(sum-1) > 1e-6 || p.Explained[0] < p.Explained[1] {
		t.Errorf("got %v explained, want all of it, most along x", p.Explained)
	}
	for i := range points {
		for j := range points {
			got := math.Hypot(p.X[i]-p.X[j], p.Y[i]-p.Y[j])
			if want := math.Hypot(points[i][0]-points[j][0], points[i][1]-points[j][1]); math.Abs(got-want) > 1e-4 {
				t.Errorf("points %d and %d: got a distance of %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestTheFarthestPointIsOnThePositiveSide(t *testing.T) {
	p, err := Project([][]float32{{-5, 0, 0}, {1, 1, 0}, {4, -1, 0}})
	if err != nil || p.X[0] < 4.9 || p.X[2] > 0 {
		t.Errorf("got %+v, %v, want the first at 5, turned to the right", p, err)
	}
}

func TestFewVectorsLieWhereTheyCan(t *testing.T) {
	for _, c := range []struct {
		name    string
		vectors [][]float32
		want    [2]float64
	}{
		{"one", [][]float32{{1, 2, 3}}, [2]float64{}},
		{"equal", [][]float32{{1, 2}, {1, 2}, {1, 2}}, [2]float64{}},
		{"equal but for rounding", slices.Repeat([][]float32{{0.1, -0.7, 1e3}}, 7), [2]float64{}},
		{"two", [][]float32{{1, 2, 3}, {3, 2, 1}}, [2]float64{1, 0}},
		{"one number each", [][]float32{{1}, {2}, {5}}, [2]float64{1, 0}},
	} {
		p, err := Project(c.vectors)
		if err != nil || len(p.X) != len(c.vectors) || len(p.Y) != len(c.vectors) {
			t.Errorf("%s: got %+v, %v, want a place for each", c.name, p, err)
			continue
		}
		if math.Abs(p.Explained[0]-c.want[0]) > 1e-9 || math.Abs(p.Explained[1]-c.want[1]) > 1e-9 {
			t.Errorf("%s: got %v explained, want %v", c.name, p.Explained, c.want)
		}
	}
}

func TestVectorsThatCannotBeDrawnAreRefused(t *testing.T) {
	for want, vectors := range map[string][][]float32{
		"no vectors": nil, "found no vectors": {{}}, "vector 2 has 1 numbers, expected the 2": {{1, 2}, {1}}, "vector 1 holds NaN": {{float32(math.NaN()), 1}},
	} {
		if _, err := Project(vectors); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
