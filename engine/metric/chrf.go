package metric

import "strings"

// The constants of chrF2.
const (
	chrfOrder = 6 // longest character n-gram
	chrfBeta2 = 4 // recall counts beta = 2 times as much as precision
)

// chrfCounts holds, for each order, the n-grams of the prediction, of the
// reference, and the matches.
type chrfCounts [chrfOrder]struct{ predicted, gold, right int }

// ChrF is the corpus score of Popović 2015 as sacreBLEU computes it by default
// (chrF2): character n-grams of orders 1 to 6, white space ignored, averaged
// over the orders that occur in both texts.
type ChrF struct{ counts chrfCounts }

// NewChrF returns an empty measure.
func NewChrF() *ChrF { return &ChrF{} }

// Name is chrF2.
func (c *ChrF) Name() string { return "chrF2" }

// Add counts one sentence against the reference it matches best.
func (c *ChrF) Add(references []string, predicted string) {
	var best chrfCounts
	top := -1.0
	for _, r := range references {
		counts := chrfOf(r, predicted)
		if score := counts.score(); score > top {
			best, top = counts, score
		}
	}
	c.Join(&ChrF{best})
}

// Join adds what another measure has counted, so that resampled examples need not be counted again.
func (c *ChrF) Join(other *ChrF) {
	for n := range c.counts {
		c.counts[n].predicted += other.counts[n].predicted
		c.counts[n].gold += other.counts[n].gold
		c.counts[n].right += other.counts[n].right
	}
}

// chrfOf counts one pair of texts.
func chrfOf(gold, predicted string) chrfCounts {
	g, p := letters(gold), letters(predicted)
	var counts chrfCounts
	for n := range counts {
		counts[n].gold = max(0, len(g)-n)
		if counts[n].gold > 0 { // without any gold n-gram the predicted ones do not count
			counts[n].predicted = max(0, len(p)-n)
		}
		counts[n].right = overlap(charGrams(p, n+1), charGrams(g, n+1))
	}
	return counts
}

// letters returns a text without its white space.
func letters(s string) []rune { return []rune(strings.Join(strings.Fields(s), "")) }

// score is the F-score with beta 2 of the mean precision and recall, 0 to 100.
func (c *chrfCounts) score() float64 {
	precision, recall, orders := 0.0, 0.0, 0.0
	for _, o := range c {
		if o.predicted > 0 && o.gold > 0 {
			precision += float64(o.right) / float64(o.predicted)
			recall += float64(o.right) / float64(o.gold)
			orders++
		}
	}
	precision, recall = ratio(precision, orders), ratio(recall, orders)
	return 100 * ratio((1+chrfBeta2)*precision*recall, chrfBeta2*precision+recall)
}

// Value is the score from 0 to 100.
func (c *ChrF) Value() float64 { return c.counts.score() }

// Reset forgets all sentences.
func (c *ChrF) Reset() { *c = ChrF{} }
