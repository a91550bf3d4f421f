package labs

import (
	"fmt"
	"slices"
	"strconv"

	"defrost/engine"
)

// An Outcome is what the runs of a lab came to. Every figure is computed from their predictions.
type Outcome struct {
	Lab        string            `json:"lab"`
	Split      string            `json:"split"` // the examples judged on: test, or dev
	Measure    string            `json:"measure"`
	Runs       []engine.Compared `json:"runs"`
	Seconds    float64           `json:"seconds"` // of training, all runs
	Prediction Prediction        `json:"prediction"`
	Shows      []Shown           `json:"shows"`
}

// OneSeed is what must be said below every outcome.
const OneSeed = "Each run has one seed. The intervals and tests are about the examples: another seed would move the figures as well."

// A Prediction is the person's answer held against what came out.
type Prediction struct {
	Answer  string   `json:"answer"`
	Said    string   `json:"said"`    // the answer in words
	Verdict Verdict  `json:"verdict"` // Chance when the runs cannot tell
	Text    string   `json:"text"`    // the verdict in a sentence
	Claims  []Judged `json:"claims"`
}

// Shown is one comparison with the explanation that fits what came out.
type Shown struct {
	Judged
	Says string `json:"says"`
}

// Outcome compares the runs, which must all have finished.
func (l Lab) Outcome(p Progress) (Outcome, error) {
	out := Outcome{Lab: l.Name, Measure: l.Measure}
	var dirs []string
	for i, s := range l.Standings(p) {
		if !s.Finished {
			return out, fmt.Errorf("lab: run %s of %s has not finished", l.Runs[i].Name, l.Name)
		}
		dirs = append(dirs, s.Dir)
	}
	c, err := engine.Compare(dirs, "")
	if err != nil {
		return out, fmt.Errorf("lab: %w", err)
	}
	for i := range c.Runs {
		c.Runs[i].Name = l.Runs[i].Name
		out.Seconds += c.Runs[i].Seconds
	}
	out.Split, out.Runs = c.Split, c.Runs
	if out.Prediction, err = l.predicted(p.Answer, c); err != nil {
		return out, err
	}
	for _, s := range l.Shows {
		j, err := l.judge(s.Claim, c)
		if err != nil {
			return out, err
		}
		says := map[Verdict]string{Yes: s.Yes, No: s.No, Chance: s.Chance}[j.Verdict]
		out.Shows = append(out.Shows, Shown{j, says})
	}
	return out, nil
}

// Told says that one of the comparisons shown gives the figures of a claim.
func (o Outcome) Told(j Judged) bool {
	return slices.ContainsFunc(o.Shows, func(s Shown) bool { return s.A == j.A && s.B == j.B || s.A == j.B && s.B == j.A })
}

// predicted judges the answer.
func (l Lab) predicted(answer string, c engine.Comparison) (Prediction, error) {
	p := Prediction{Answer: answer, Said: l.Said(answer)}
	if err := l.refuses(answer); err != nil {
		return p, err
	}
	if l.Predict.Number != "" {
		return l.guessed(p, c)
	}
	i, _ := strconv.Atoi(answer)
	for _, claim := range l.Predict.Choices[i-1].Claims {
		j, err := l.judge(claim, c)
		if err != nil {
			return p, err
		}
		p.Claims = append(p.Claims, j)
	}
	p.Verdict = verdictOf(p.Claims)
	p.Text = map[Verdict]string{
		Yes:    "As you predicted.",
		No:     "Not as you predicted.",
		Chance: "Nobody can tell from these runs whether you are right: a difference your answer needs is within chance.",
	}[p.Verdict]
	return p, nil
}

// verdictOf is No when one claim is refuted, else Chance when one is open, else Yes.
func verdictOf(claims []Judged) Verdict {
	has := func(v Verdict) bool {
		return slices.ContainsFunc(claims, func(j Judged) bool { return j.Verdict == v })
	}
	switch {
	case has(No):
		return No
	case has(Chance):
		return Chance
	}
	return Yes
}

// guessed holds a number against the interval of what was measured.
func (l Lab) guessed(p Prediction, c engine.Comparison) (Prediction, error) {
	v, err := l.parseValue(l.Predict.Number)
	if err != nil {
		return p, fmt.Errorf("lab: number: %w", err)
	}
	m, ok := c.Runs[v.a].Measure(l.Measure)
	if !ok {
		return p, fmt.Errorf("lab: measure is %q, which %s does not have", l.Measure, c.Runs[v.a].Name)
	}
	if v.b >= 0 {
		d, err := l.difference(c, v.a, v.b)
		if err != nil {
			return p, err
		}
		m = d.gap
	}
	x, _ := strconv.ParseFloat(p.Answer, 64)
	value, low, high := 100*float64(m.Value), 100*float64(m.Low), 100*float64(m.High)
	p.Text = fmt.Sprintf("You said %g; %.0f came out, with a 95%% interval from %.0f to %.0f. ", x, value, low, high)
	if x >= low && x <= high {
		p.Verdict = Yes
		p.Text += "Your number lies in it: these examples do not contradict you."
	} else {
		p.Verdict = No
		p.Text += "Your number lies outside."
	}
	p.Claims = []Judged{{
		Claim: l.Predict.Number, Words: l.Predict.Number + " in percent", A: l.Runs[v.a].Name, Verdict: p.Verdict,
		Fact: fmt.Sprintf("%s in percent: %.1f [%.1f, %.1f]", l.Predict.Number, value, low, high),
	}}
	return p, nil
}
