package labs

import (
	"fmt"
	"slices"
	"strings"

	"defrost/engine"
)

// A Verdict says what runs have to say about a claim.
type Verdict string

// The verdicts. Chance is that of a difference which could as well have come out the other way round.
const (
	Yes    Verdict = "yes"
	No     Verdict = "no"
	Chance Verdict = "chance"
)

// A claim is about the order of two runs.
type claim struct {
	a, b   int  // indices of runs
	better bool // a is better than b; else: there is no reliable difference
}

// Index is the place of the run of that name, -1 for none.
func (l Lab) Index(name string) int {
	return slices.IndexFunc(l.Runs, func(r Run) bool { return r.Name == name })
}

func (l Lab) parseClaim(s string) (claim, error) {
	for sign, better := range map[string]bool{" > ": true, " ~ ": false} {
		if a, b, ok := strings.Cut(s, sign); ok {
			c := claim{l.Index(a), l.Index(b), better}
			if c.a < 0 || c.b < 0 || c.a == c.b {
				break
			}
			return c, nil
		}
	}
	return claim{}, fmt.Errorf("found %q, expected two runs and > or ~", s)
}

// A value is a figure of a run, or the difference of two runs' figures; b is -1 for none.
type value struct{ a, b int }

func (l Lab) parseValue(s string) (value, error) {
	a, b, two := strings.Cut(s, " - ")
	v := value{l.Index(a), -1}
	if two {
		v.b = l.Index(b)
	}
	if v.a < 0 || two && (v.b < 0 || v.a == v.b) {
		return v, fmt.Errorf("found %q, expected one run or two", s)
	}
	return v, nil
}

// A Judged is a claim with what the runs say about it.
type Judged struct {
	Claim   string  `json:"claim"`
	Words   string  `json:"words"` // the claim in words
	A       string  `json:"a"`     // the runs it is about
	B       string  `json:"b,omitempty"`
	Verdict Verdict `json:"verdict"`
	Fact    string  `json:"fact"` // the figures, in a sentence
}

// judge holds a claim against the comparison of the lab's runs.
func (l Lab) judge(text string, c engine.Comparison) (Judged, error) {
	cl, err := l.parseClaim(text)
	if err != nil {
		return Judged{}, fmt.Errorf("lab: claim: %w", err)
	}
	d, err := l.difference(c, cl.a, cl.b)
	if err != nil {
		return Judged{}, err
	}
	j := Judged{Claim: text, Verdict: Chance, Fact: d.String(), A: l.Runs[cl.a].Name, B: l.Runs[cl.b].Name}
	j.Words = j.A + " is better than " + j.B
	if !cl.better {
		j.Words = "nothing tells " + j.A + " and " + j.B + " apart"
	}
	switch {
	case cl.better && d.reliable && d.gap.Value > 0, !cl.better && !d.reliable:
		j.Verdict = Yes
	case d.reliable:
		j.Verdict = No
	}
	return j, nil
}

// A difference is how much better one run is than another.
type difference struct {
	a, b     engine.Compared
	of       string
	gap      engine.Measure // a's figure minus b's
	reliable bool
	examples int
	enough   engine.Number // the least difference that so many examples show
	test     string
}

// difference compares runs a and b. What the runs are judged by is tested with Holm's correction
// for all pairs of the lab, other figures by whether the interval of their difference leaves out 0.
func (l Lab) difference(c engine.Comparison, a, b int) (difference, error) {
	at := slices.IndexFunc(c.Pairs, func(p engine.Pair) bool { return p.A == min(a, b) && p.B == max(a, b) })
	if at < 0 {
		return difference{}, fmt.Errorf("lab: found no comparison of %s and %s", l.Runs[a].Name, l.Runs[b].Name)
	}
	p := c.Pairs[at]
	if p.Why != "" {
		return difference{}, fmt.Errorf("lab: %s", p.Why)
	}
	g, ok := p.Gap(l.Measure)
	if !ok {
		return difference{}, fmt.Errorf("lab: measure is %q, which these runs do not have", l.Measure)
	}
	d := difference{a: c.Runs[a], b: c.Runs[b], of: l.Measure, gap: g.Measure, examples: p.Examples, enough: p.Detectable}
	if a > b {
		d.gap.Value, d.gap.Low, d.gap.High = -g.Value, -g.High, -g.Low
	}
	d.reliable, d.test = p.Reliable(), p.Test+" "+engine.PText(float64(p.Holm))
	if l.Measure != c.Runs[a].Primary {
		d.reliable, d.test = g.Low > 0 || g.High < 0, "bootstrap "+engine.PText(float64(g.P))
	}
	return d, nil
}

// String is the difference in a sentence: figures with their 95% intervals, and the test.
func (d difference) String() string {
	ma, _ := d.a.Measure(d.of)
	mb, _ := d.b.Measure(d.of)
	text := fmt.Sprintf("%s %s, %s %s: difference %+.2f [%+.2f, %+.2f], %s", d.a.Name, figures(ma), d.b.Name, figures(mb),
		float64(d.gap.Value), float64(d.gap.Low), float64(d.gap.High), d.test)
	if d.reliable {
		return text
	}
	text += fmt.Sprintf(", within chance on %d examples", d.examples)
	if d.of == d.a.Primary && d.enough > 0 {
		text += fmt.Sprintf("; so many would show one of %.2f", float64(d.enough))
	}
	return text
}

// figures writes a measure as 0.86 [0.80, 0.91].
func figures(m engine.Measure) string {
	return fmt.Sprintf("%.2f [%.2f, %.2f]", float64(m.Value), float64(m.Low), float64(m.High))
}
