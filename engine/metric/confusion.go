package metric

import (
	"fmt"
	"math"
)

// A Confusion is the table of gold against predicted classes.
// Its conventions are scikit-learn's: averages go over the classes that occur
// as gold or as predicted, and what would divide by zero is 0.
type Confusion struct {
	name   string
	value  func(*Confusion) float64
	n      int   // classes
	counts []int // (n, n): row gold, column predicted
	total  int
}

// NewConfusion returns the empty table of n classes; its Value is the accuracy.
func NewConfusion(n int) *Confusion { return NewAccuracy(n) }

// NewAccuracy returns a table of n classes whose Value is the accuracy.
func NewAccuracy(n int) *Confusion { return newConfusion("accuracy", n, (*Confusion).Accuracy) }

// NewMacroF1 returns a table of n classes whose Value is the mean F1 of the classes.
func NewMacroF1(n int) *Confusion { return newConfusion("macro F1", n, (*Confusion).MacroF1) }

// NewMCC returns a table of n classes whose Value is Matthews' correlation.
func NewMCC(n int) *Confusion { return newConfusion("MCC", n, (*Confusion).MCC) }

func newConfusion(name string, n int, value func(*Confusion) float64) *Confusion {
	return &Confusion{name: name, value: value, n: n, counts: make([]int, n*n)}
}

// Name says what Value is.
func (c *Confusion) Name() string { return c.name }

// Add counts one example. Classes are 0 to n-1; others panic.
func (c *Confusion) Add(gold, predicted int) {
	if gold < 0 || gold >= c.n || predicted < 0 || predicted >= c.n {
		panic(fmt.Sprintf("metric: found gold class %d and predicted class %d, expected 0 to %d", gold, predicted, c.n-1))
	}
	c.counts[gold*c.n+predicted]++
	c.total++
}

// Value is the measure the table was made for.
func (c *Confusion) Value() float64 { return c.value(c) }

// Reset empties the table.
func (c *Confusion) Reset() {
	clear(c.counts)
	c.total = 0
}

// Classes is the number of classes.
func (c *Confusion) Classes() int { return c.n }

// Total is the number of examples.
func (c *Confusion) Total() int { return c.total }

// At is how many examples of class gold were predicted as class predicted.
func (c *Confusion) At(gold, predicted int) int { return c.counts[gold*c.n+predicted] }

// Support is how many examples have class k as gold.
func (c *Confusion) Support(k int) int {
	sum := 0
	for p := range c.n {
		sum += c.At(k, p)
	}
	return sum
}

// Predicted is how many examples were predicted as class k.
func (c *Confusion) Predicted(k int) int {
	sum := 0
	for g := range c.n {
		sum += c.At(g, k)
	}
	return sum
}

// Correct is how many examples were predicted right.
func (c *Confusion) Correct() int {
	sum := 0
	for k := range c.n {
		sum += c.At(k, k)
	}
	return sum
}

// Accuracy is the share predicted right.
func (c *Confusion) Accuracy() float64 { return ratio(float64(c.Correct()), float64(c.total)) }

// Precision is the share of the predictions of class k that are right.
func (c *Confusion) Precision(k int) float64 {
	return ratio(float64(c.At(k, k)), float64(c.Predicted(k)))
}

// Recall is the share of class k that was found.
func (c *Confusion) Recall(k int) float64 {
	return ratio(float64(c.At(k, k)), float64(c.Support(k)))
}

// F1 is the harmonic mean of class k's precision and recall.
func (c *Confusion) F1(k int) float64 {
	return ratio(2*float64(c.At(k, k)), float64(c.Support(k)+c.Predicted(k)))
}

// MacroF1 is the mean F1 of the classes that occur.
func (c *Confusion) MacroF1() float64 {
	sum, classes := 0.0, 0.0
	for k := range c.n {
		if c.Support(k)+c.Predicted(k) > 0 {
			sum += c.F1(k)
			classes++
		}
	}
	return ratio(sum, classes)
}

// MicroF1 is the F1 over all decisions together. With one class for each
// example it equals the accuracy.
func (c *Confusion) MicroF1() float64 { return c.Accuracy() }

// WeightedF1 is the mean F1 of the classes, weighted by their support.
func (c *Confusion) WeightedF1() float64 {
	sum := 0.0
	for k := range c.n {
		sum += c.F1(k) * float64(c.Support(k))
	}
	return ratio(sum, float64(c.total))
}

// MCC is Matthews' correlation coefficient for any number of classes
// (Gorodkin 2004, R_K), 0 when all gold or all predicted classes are one.
func (c *Confusion) MCC() float64 {
	n := float64(c.total)
	both, gold2, pred2 := 0.0, 0.0, 0.0
	for k := range c.n {
		g, p := float64(c.Support(k)), float64(c.Predicted(k))
		both += g * p
		gold2 += g * g
		pred2 += p * p
	}
	return ratio(float64(c.Correct())*n-both, math.Sqrt(n*n-gold2)*math.Sqrt(n*n-pred2))
}

// tabulate fills a table from two equally long lists of classes.
func tabulate(gold, predicted []int) *Confusion {
	if len(gold) != len(predicted) {
		panic(fmt.Sprintf("metric: found %d predictions, expected %d", len(predicted), len(gold)))
	}
	n := 0
	for i := range gold {
		n = max(n, gold[i]+1, predicted[i]+1)
	}
	c := NewConfusion(n)
	for i := range gold {
		c.Add(gold[i], predicted[i])
	}
	return c
}

// Accuracy is the share of predicted classes that equal the gold classes.
func Accuracy(gold, predicted []int) float64 { return tabulate(gold, predicted).Accuracy() }

// MacroF1 is the mean F1 of the classes that occur.
func MacroF1(gold, predicted []int) float64 { return tabulate(gold, predicted).MacroF1() }

// MicroF1 is the F1 over all decisions together.
func MicroF1(gold, predicted []int) float64 { return tabulate(gold, predicted).MicroF1() }

// ClassF1 is the F1 of each class from 0 to the highest that occurs.
func ClassF1(gold, predicted []int) []float64 {
	c := tabulate(gold, predicted)
	f := make([]float64, c.n)
	for k := range f {
		f[k] = c.F1(k)
	}
	return f
}

// MCC is Matthews' correlation coefficient.
func MCC(gold, predicted []int) float64 { return tabulate(gold, predicted).MCC() }
