package engine

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"defrost/engine/metric"
)

// A Judged is an example with what both runs of a pair said.
type Judged struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Gold string `json:"gold"`
	A    Said   `json:"a"`
	B    Said   `json:"b"`
	Gap  Number `json:"gap"` // probability that the first run gave to the gold label, minus the second's
}

// A Part is the figure that both runs are judged by on some of the examples.
type Part struct {
	Name     string  `json:"name"`
	Examples int     `json:"examples"`
	A        Measure `json:"a"`
	B        Measure `json:"b"`
	P        Number  `json:"p"` // of the pair's test, not corrected for the number of parts
}

// mostApart bounds the list of examples on which the runs' probabilities differ most.
const mostApart = 50

// study lists what both got wrong and where they are furthest apart, and breaks the figure a, b that
// the runs are judged by down by length, and by label where examples have one, or several.
func (p *Pair) study(first, second []PredictionLine, a, b statistic) {
	p.WrongBoth, p.Apart, p.Classes = []Judged{}, []Judged{}, []Part{}
	for i, line := range first {
		j := judgedBy(line, second[i])
		if !line.Right() && !second[i].Right() {
			p.WrongBoth = append(p.WrongBoth, j)
		}
		if j.Gap != 0 {
			p.Apart = append(p.Apart, j)
		}
	}
	slices.SortStableFunc(p.Apart, func(a, b Judged) int {
		return cmp.Compare(math.Abs(float64(b.Gap)), math.Abs(float64(a.Gap)))
	})
	p.Apart = p.Apart[:min(len(p.Apart), mostApart)]
	if a.share {
		p.Classes = parts(a, b, byGold(first))
	}
	if a.name == "micro_f1" {
		p.Classes = labelParts(first, second)
	}
	p.Lengths = parts(a, b, byLength(first))
}

// judgedBy has no gap where one of the two said an answer without a probability.
func judgedBy(a, b PredictionLine) Judged {
	j := Judged{ID: a.ID, Text: a.Text, Gold: a.Gold, A: a.said(), B: b.said()}
	if a.Probabilities != nil && b.Probabilities != nil {
		j.Gap = a.sure(a.Gold, a.GoldLabels) - b.sure(a.Gold, a.GoldLabels)
	}
	return j
}

// sure is the probability of an answer; of one that may have several labels, that it has those and no
// other, where each is right or wrong by itself.
func (p PredictionLine) sure(answer string, labels []string) Number {
	own, known := p.Probabilities[answer]
	if known && labels == nil || len(p.Probabilities) == 0 {
		return own
	}
	all := Number(1)
	for _, label := range slices.Sorted(maps.Keys(p.Probabilities)) {
		if oneOf(label, labels...) {
			all *= p.Probabilities[label]
		} else {
			all *= 1 - p.Probabilities[label]
		}
	}
	return all
}

// A share is the indices of some of the examples, with a name.
type share struct {
	name string
	at   []int
}

// byGold are the examples of each label, in alphabetical order.
func byGold(list []PredictionLine) []share {
	at := map[string][]int{}
	for i, p := range list {
		at[p.Gold] = append(at[p.Gold], i)
	}
	var shares []share
	for gold, indices := range at {
		shares = append(shares, share{gold, indices})
	}
	slices.SortFunc(shares, func(a, b share) int { return cmp.Compare(a.name, b.name) })
	return shares
}

// labelParts are the F1 of each label that examples may have several of, on those for which it is
// right or was said by one of the two.
func labelParts(first, second []PredictionLine) []Part {
	at := map[string][]int{}
	for i := range first {
		concerned := slices.Concat(first[i].GoldLabels, first[i].Labels, second[i].Labels)
		slices.Sort(concerned)
		for _, label := range slices.Compact(concerned) {
			at[label] = append(at[label], i)
		}
	}
	list := []Part{}
	for _, label := range slices.Sorted(maps.Keys(at)) {
		count := func(p PredictionLine) metric.Tally { return labelTally(p.only(label)) }
		figure := func(list []PredictionLine) statistic {
			return statistic{"f1", false, tallied(list, count, metric.Tally.F1)}
		}
		list = append(list, parts(figure(first), figure(second), []share{{label, at[label]}})...)
	}
	return list
}

// only is a prediction of which no other label is left.
func (p PredictionLine) only(label string) PredictionLine {
	other := func(l string) bool { return l != label }
	p.GoldLabels = slices.DeleteFunc(slices.Clone(p.GoldLabels), other)
	p.Labels = slices.DeleteFunc(slices.Clone(p.Labels), other)
	return p
}

// lengthParts is how many parts of about equal size texts are cut into by their length.
const lengthParts = 4

// byLength are the examples from the shortest texts to the longest; texts of one length stay
// together.
func byLength(list []PredictionLine) []share {
	words := make([]int, len(list))
	for i, p := range list {
		words[i] = len(strings.Fields(p.Text))
	}
	order := whole(len(list))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(words[a], words[b]) })
	var shares []share
	for from, k := 0, 1; from < len(order); k++ {
		to := max(from+1, len(order)*k/lengthParts)
		for to < len(order) && words[order[to]] == words[order[to-1]] {
			to++
		}
		shares = append(shares, share{stretch(words[order[from]], words[order[to-1]]), order[from:to]})
		from = to
	}
	return shares
}

// stretch writes a range of lengths.
func stretch(from, to int) string {
	switch {
	case from != to:
		return fmt.Sprintf("%d-%d words", from, to)
	case from == 1:
		return "1 word"
	}
	return fmt.Sprintf("%d words", from)
}

// parts judges both runs on each share.
func parts(a, b statistic, shares []share) []Part {
	list := []Part{}
	for _, s := range shares {
		mine, other := a.on(s.at), b.on(s.at)
		part := Part{Name: s.name, Examples: len(s.at), A: mine.measure(len(s.at), partResamples), B: other.measure(len(s.at), partResamples)}
		if a.share {
			part.P = Number(metric.McNemar(mine.judged(len(s.at)), other.judged(len(s.at))))
		} else {
			c := metric.PairedBootstrap(len(s.at), partResamples, confidence, bootstrapSeed, other.of, mine.of)
			part.P = Number(c.PValue)
		}
		list = append(list, part)
	}
	return list
}

// partResamples is the number of bootstrap samples of a part.
const partResamples = 500

// on is the figure of some of the examples only.
func (s statistic) on(at []int) statistic {
	whole, chosen := s.of, make([]int, len(at))
	s.of = func(indices []int) float64 {
		for k, i := range indices {
			chosen[k] = at[i]
		}
		return whole(chosen[:len(indices)])
	}
	return s
}

// judged says of each of n examples whether it is right, for a share of examples.
func (s statistic) judged(n int) []bool {
	judgements := make([]bool, n)
	for i := range judgements {
		judgements[i] = s.of([]int{i}) == 1
	}
	return judgements
}
