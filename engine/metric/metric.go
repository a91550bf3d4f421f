// Package metric measures how good predictions are, and how sure one can be.
//
// The measures come first: [Confusion] (accuracy, F1, MCC), [Correlation],
// [Entities], [Squad], [Perplexity], [BLEU], [ChrF]. Each gathers examples with
// Add and can be asked for its Value at any time. The statistics follow:
// intervals ([Wilson], [Bootstrap], [TInterval]), comparisons of two models on
// the same examples ([McNemar], [PairedBootstrap]), [Holm]'s correction for
// many comparisons, and the smallest difference a test could have found
// ([DetectableDifference], [DetectableEffect]).
//
// Values are shares between 0 and 1, except BLEU and chrF (0 to 100, as they
// are reported) and perplexity.
package metric

// A Metric gathers gold answers of type G and predictions of type P.
type Metric[G, P any] interface {
	Name() string
	Add(gold G, predicted P)
	Value() float64
	Reset()
}

// ratio is a/b, and 0 when b is 0 (scikit-learn's zero_division=0).
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// harmonic is the F1 of a precision and a recall.
func harmonic(precision, recall float64) float64 {
	return ratio(2*precision*recall, precision+recall)
}
