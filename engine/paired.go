package engine

import (
	"fmt"
	"math"

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

	Test  string `json:"test"`          // McNemar's exact test for shares of examples, else the paired bootstrap
	P     Number `json:"p"`             // of that test, of the figure the runs are judged by
	Holm  Number `json:"p_holm"`        // corrected for the number of pairs
	Exact Number `json:"mcnemar_exact"` // of who has more examples wholly right
	MidP  Number `json:"mcnemar_midp"`  // the same, less cautious

	Gaps       []Gap  `json:"metric_differences"` // of all figures, the one the runs are judged by first
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
	p := Pair{A: a, B: b, P: 1, Holm: 1, Exact: 1, MidP: 1, Gaps: []Gap{}, RightA: []Disagreed{}, RightB: []Disagreed{}}
	first, second, err := align(runs[a], runs[b], split)
	if err != nil {
		p.Why = err.Error()
		return p
	}
	p.Examples = len(first)
	p.judge(first, second)
	mine, other := statistics(runs[a].Primary, first), statistics(runs[b].Primary, second)
	if len(mine) == 0 || len(other) == 0 {
		p.Why = fmt.Sprintf("the predictions do not say what %s is computed from", plainMetric(runs[a].Primary))
		return p
	}
	p.differ(mine, other)
	p.study(first, second, mine[0], other[0])
	return p
}

// align puts the second run's predictions in the order of the first's, or says why the examples are
// not the same.
func align(a, b Compared, split string) (first, second []PredictionLine, err error) {
	if a.Primary != b.Primary {
		return nil, nil, fmt.Errorf("%s is judged by %s, %s by %s", a.Name, a.Primary, b.Name, b.Primary)
	}
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

func (p PredictionLine) said() Said { return Said{p.Predicted, p.sure(p.Predicted, p.Labels)} }

// McNemar and PairedBootstrap name the test of a pair.
const (
	McNemar         = "McNemar"
	PairedBootstrap = "paired bootstrap"
)

// differ resamples the examples for the intervals of the differences, and chooses the test.
func (p *Pair) differ(mine, other []statistic) {
	for i := range min(len(mine), len(other)) {
		c := metric.PairedBootstrap(p.Examples, resamples, confidence, bootstrapSeed, other[i].of, mine[i].of)
		m := Measure{mine[i].name, Number(c.Difference), Number(c.Interval.Low), Number(c.Interval.High)}
		p.Gaps = append(p.Gaps, Gap{m, Number(c.PValue)})
	}
	p.Test, p.P = McNemar, p.Exact
	if !mine[0].share {
		p.Test, p.P, p.Detectable = PairedBootstrap, p.Gaps[0].P, Number(math.NaN())
	}
}
