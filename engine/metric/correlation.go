package metric

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// A Correlation gathers gold and predicted scores and says how well they
// rise and fall together, from -1 to 1.
type Correlation struct {
	name            string
	value           func(gold, predicted []float64) float64
	gold, predicted []float64
}

// NewPearson returns an empty measure of linear correlation.
func NewPearson() *Correlation { return &Correlation{name: "Pearson", value: Pearson} }

// NewSpearman returns an empty measure of the correlation of ranks.
func NewSpearman() *Correlation { return &Correlation{name: "Spearman", value: Spearman} }

// Name says what Value is.
func (c *Correlation) Name() string { return c.name }

// Add keeps one pair of scores.
func (c *Correlation) Add(gold, predicted float64) {
	c.gold = append(c.gold, gold)
	c.predicted = append(c.predicted, predicted)
}

// Value is the correlation of all pairs so far.
func (c *Correlation) Value() float64 { return c.value(c.gold, c.predicted) }

// Reset forgets all pairs.
func (c *Correlation) Reset() { c.gold, c.predicted = c.gold[:0], c.predicted[:0] }

// Pearson is the linear correlation of two lists. It is 0, not NaN, when
// either list is constant or shorter than two.
func Pearson(x, y []float64) float64 {
	if len(x) != len(y) {
		panic(fmt.Sprintf("metric: found %d predictions, expected %d", len(y), len(x)))
	}
	if len(x) < 2 || constant(x) || constant(y) {
		return 0
	}
	return math.Max(-1, math.Min(1, stat.Correlation(x, y, nil)))
}

// constant says that all values are the same.
func constant(x []float64) bool { return slices.Min(x) == slices.Max(x) }

// Spearman is the Pearson correlation of ranks; ties share their mean rank.
func Spearman(x, y []float64) float64 { return Pearson(ranks(x), ranks(y)) }

// ranks returns the 1-based rank of every value, the mean rank for ties.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	r := make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			r[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return r
}
