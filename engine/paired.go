package engine

import (
	"fmt"

	"defrost/engine/metric"
)

// A Pair is two runs judged on the same examples. Differences are the first's figure minus the
// second's.
type Pair struct {
	A   int    `json:"a"` // index of the run
	B   int    `json:"b"`
	Why string `json:"why,omitempty"` // why the pair was not tested; "" when it was

	Examples int `json:"examples"`
	Both     int `json:"both_right"`
	OnlyA    int `json:"only_a_right"`
	OnlyB    int `json:"only_b_right"`
	Neither  int `json:"both_wrong"`

	MidP  Number `json:"mcnemar_midp"`
	Exact Number `json:"mcnemar_exact"`
	Holm  Number `json:"mcnemar_midp_holm"` // mid-p, corrected for the number of pairs

	Gaps       []Gap  `json:"metric_differences"` // accuracy, macro_f1, loss
	Detectable Number `json:"detectable"`         // least true difference in accuracy found 4 times in 5; NaN for none

	RightA []Disagreed `json:"a_right_b_wrong"`
	RightB []Disagreed `json:"b_right_a_wrong"`

	WrongBoth []Judged `json:"both_wrong_examples"`
	Apart     []Judged `json:"furthest_apart"` // by the probability of the gold label, the largest gap first
	Classes   []Part   `json:"by_class"`
	Lengths   []Part   `json:"by_length"` // in words, from the shortest
}

// A Gap is how much higher a figure of the first run is, with its 95% interval and p-value from
// resampling the examples (Koehn 2004).
type Gap struct {
	Measure
	P Number `json:"p"`
}

// A Disagreed is an example that one run got right and the other wrong.
type Disagreed struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Gold  string `json:"gold"`
	Right Said   `json:"right"`
	Wrong Said   `json:"wrong"`
}

// Said is what a run predicted for an example, and the probability it gave that.
type Said struct {
	Label      string `json:"label"`
	Confidence Number `json:"confidence"`
}

// Reliable says that chance hardly explains the difference: the corrected p-value is below 0.05.
func (p Pair) Reliable() bool { return p.Why == "" && p.Holm < level }

// Gap is the difference in a figure; ok is false when the pair was not tested.
func (p Pair) Gap(name string) (g Gap, ok bool) {
	for _, g := range p.Gaps {
		if g.Name == name {
			return g, true
		}
	}
	return Gap{}, false
}

// newPair compares two runs example by example.
func newPair(runs []Compared, a, b int, split string) Pair {
	p := Pair{A: a, B: b, MidP: 1, Exact: 1, Holm: 1, Gaps: []Gap{}, RightA: []Disagreed{}, RightB: []Disagreed{}}
	first, second, err := align(runs[a], runs[b], split)
	if err != nil {
		p.Why = err.Error()
		return p
	}
	p.Examples = len(first)
	p.judge(first, second)
	p.differ(first, second)
	p.study(first, second)
	return p
}

// align puts the second run's predictions in the order of the first's, or says why the examples are
// not the same.
func align(a, b Compared, split string) (first, second []PredictionLine, err error) {
	for _, run := range []Compared{a, b} {
		if len(run.predictions) == 0 {
			return nil, nil, fmt.Errorf("%s has no predictions on %s", run.Name, split)
		}
	}
	byID := map[string]PredictionLine{}
	for _, p := range b.predictions {
		byID[p.ID] = p
	}
	for _, p := range a.predictions {
		q, known := byID[p.ID]
		switch {
		case !known:
			return nil, nil, fmt.Errorf("not the same examples: %s was judged on %d, %s on %d, and only the first on %q",
				a.Name, len(a.predictions), b.Name, len(b.predictions), p.ID)
		case p.Text != q.Text:
			return nil, nil, fmt.Errorf("not the same examples: %q is another text for %s than for %s", p.ID, a.Name, b.Name)
		case p.Gold != q.Gold:
			return nil, nil, fmt.Errorf("not the same labels: %q is %q for %s and %q for %s", p.ID, p.Gold, a.Name, q.Gold, b.Name)
		}
		second = append(second, q)
	}
	if len(a.predictions) != len(b.predictions) {
		return nil, nil, fmt.Errorf("not the same examples: %s was judged on %d, %s on %d", a.Name, len(a.predictions), b.Name, len(b.predictions))
	}
	return a.predictions, second, nil
}

// judge counts who was right where, and tests it.
func (p *Pair) judge(first, second []PredictionLine) {
	right := [2][]bool{}
	for i, a := range first {
		b := second[i]
		right[0], right[1] = append(right[0], a.Right()), append(right[1], b.Right())
		switch {
		case a.Right() && !b.Right():
			p.RightA = append(p.RightA, disagreed(a, b))
		case b.Right() && !a.Right():
			p.RightB = append(p.RightB, disagreed(b, a))
		}
	}
	d := metric.Disagree(right[0], right[1])
	p.Both, p.OnlyA, p.OnlyB, p.Neither = d.Both, d.OnlyFirst, d.OnlySecond, d.Neither
	p.MidP, p.Exact = Number(d.MidP()), Number(d.Exact())
	share := float64(d.OnlyFirst+d.OnlySecond) / float64(len(first))
	p.Detectable = Number(metric.DetectableDifference(len(first), share, level, power))
}

func disagreed(right, wrong PredictionLine) Disagreed {
	return Disagreed{right.ID, right.Text, right.Gold, right.said(), wrong.said()}
}

func (p PredictionLine) said() Said { return Said{p.Predicted, p.Probabilities[p.Predicted]} }

// differ resamples the examples for the intervals of the differences.
func (p *Pair) differ(first, second []PredictionLine) {
	mine := append([]statistic{accuracy(first)}, statistics(first)...)
	other := append([]statistic{accuracy(second)}, statistics(second)...)
	for i := range min(len(mine), len(other)) {
		c := metric.PairedBootstrap(len(first), resamples, confidence, bootstrapSeed, other[i].of, mine[i].of)
		m := Measure{mine[i].name, Number(c.Difference), Number(c.Interval.Low), Number(c.Interval.High)}
		p.Gaps = append(p.Gaps, Gap{m, Number(c.PValue)})
	}
}

// accuracy is the share of examples predicted right.
func accuracy(list []PredictionLine) statistic {
	return statistic{"accuracy", func(indices []int) float64 {
		right := 0
		for _, i := range indices {
			if list[i].Right() {
				right++
			}
		}
		return float64(right) / float64(len(indices))
	}}
}
