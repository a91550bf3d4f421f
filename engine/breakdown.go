package engine

import (
	"cmp"
	"fmt"
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

// A Part is the accuracy of both runs on some of the examples.
type Part struct {
	Name     string  `json:"name"`
	Examples int     `json:"examples"`
	A        Measure `json:"a"`
	B        Measure `json:"b"`
	MidP     Number  `json:"mcnemar_midp"` // not corrected for the number of parts
}

// mostApart bounds the list of examples on which the runs' probabilities differ most.
const mostApart = 50

// study lists what both got wrong and where they are furthest apart, and breaks the accuracy down by
// label and by length.
func (p *Pair) study(first, second []PredictionLine) {
	p.WrongBoth, p.Apart = []Judged{}, []Judged{}
	for i, a := range first {
		j := judgedBy(a, second[i])
		if !a.Right() && !second[i].Right() {
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
	p.Classes = parts(first, second, byGold(first))
	p.Lengths = parts(first, second, byLength(first))
}

func judgedBy(a, b PredictionLine) Judged {
	return Judged{a.ID, a.Text, a.Gold, a.said(), b.said(), a.Probabilities[a.Gold] - b.Probabilities[a.Gold]}
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
func parts(first, second []PredictionLine, shares []share) []Part {
	list := []Part{}
	for _, s := range shares {
		var right [2][]bool
		for _, i := range s.at {
			right[0], right[1] = append(right[0], first[i].Right()), append(right[1], second[i].Right())
		}
		list = append(list, Part{s.name, len(s.at), share95(right[0]), share95(right[1]), Number(metric.Disagree(right[0], right[1]).MidP())})
	}
	return list
}

// share95 is the accuracy of judgements with Wilson's interval.
func share95(judgements []bool) Measure {
	right := 0
	for _, ok := range judgements {
		if ok {
			right++
		}
	}
	in := metric.Wilson(right, len(judgements), confidence)
	return Measure{"accuracy", Number(float64(right) / float64(len(judgements))), Number(in.Low), Number(in.High)}
}
