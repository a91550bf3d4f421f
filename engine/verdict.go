package engine

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"defrost/engine/metric"
)

// names are short names that tell runs apart: what is particular about each in as many of the
// settings as are needed, led by the backbone where that is not the same; else the runs' ids.
func names(runs []Compared, settings []Setting) []string {
	list, shared := make([]string, len(runs)), true
	for i, run := range runs {
		list[i] = plain(run.Recipe.Backbone)
		shared = shared && list[i] == list[0]
	}
	bare := append([]string(nil), list...)
	for _, s := range weighty(settings) {
		if distinct(list) {
			break
		}
		for i := range list {
			list[i] += s.tell(i)
		}
	}
	for i, run := range runs {
		switch {
		case !distinct(list):
			return ids(runs)
		case shared && len(list[i]) > len(bare[i]):
			list[i] = strings.TrimPrefix(list[i], plain(run.Recipe.Backbone)+" ")
		}
	}
	return list
}

// weighty puts first what matters more than all other settings together: fresh weights.
func weighty(settings []Setting) []Setting {
	at := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == "scratch" })
	if at < 0 {
		return settings
	}
	return slices.Concat(settings[at:at+1], settings[:at], settings[at+1:])
}

func ids(runs []Compared) []string {
	var list []string
	for _, run := range runs {
		list = append(list, run.ID)
	}
	return list
}

// tell is what a setting adds to run i's name: nothing for the usual value, unless the setting alone
// tells all runs apart.
func (s Setting) tell(i int) string {
	on, isBool := s.Values[i].(bool)
	switch {
	case s.Name == "backbone", isBool && !on, s.Text(i) == "-", !s.alone() && s.Values[i] == s.usual:
		return ""
	case isBool:
		return " " + s.Name
	case s.Name == "data":
		return " " + plain(s.Text(i))
	}
	return " " + s.Name + " " + s.Text(i)
}

// alone says that no two runs share a value.
func (s Setting) alone() bool {
	var list []string
	for i := range s.Values {
		list = append(list, s.Text(i))
	}
	return distinct(list)
}

func distinct(list []string) bool {
	seen := map[string]bool{}
	for _, s := range list {
		if seen[s] {
			return false
		}
		seen[s] = true
	}
	return true
}

// verdict is the comparison in a sentence.
func (c Comparison) verdict() string {
	switch {
	case len(c.Seeds) == 1 && len(c.Seeds[0].Runs) == len(c.Runs):
		g := c.Seeds[0]
		return fmt.Sprintf("%d seeds of one recipe on %s: %s %s, standard deviation %.3f", len(g.Runs), c.Split, plainMetric(g.Mean.Name), figures(g.Mean), float64(g.Std))
	case len(c.Seeds) == 2 && len(c.Seeds[0].Runs)+len(c.Seeds[1].Runs) == len(c.Runs):
		return c.seedVerdict(c.Seeds[0], c.Seeds[1])
	case len(c.Runs) == 2:
		return c.PairVerdict(0)
	}
	return c.bestVerdict()
}

// PairVerdict is pair i in a sentence.
func (c Comparison) PairVerdict(i int) string {
	p := c.Pairs[i]
	if p.Why != "" {
		return "not comparable: " + p.Why
	}
	a, b := c.Runs[p.A], c.Runs[p.B]
	ma, _ := a.Figure()
	mb, _ := b.Figure()
	test := p.Test + " " + PText(float64(p.Holm))
	if len(c.Pairs) > 1 {
		test += " (Holm)"
	}
	head := fmt.Sprintf("%s %s vs %s %s, %s: ", a.Name, figures(ma), b.Name, figures(mb), test)
	if !p.Reliable() {
		return head + fmt.Sprintf("no reliable difference on %d examples", p.Examples) + p.needed()
	}
	better := a.Name
	if compareFigures(mb, ma) > 0 {
		better = b.Name
	}
	return head + fmt.Sprintf("%s is better on %d examples", better, p.Examples)
}

// needed says how large a difference would have shown.
func (p Pair) needed() string {
	if math.IsNaN(float64(p.Detectable)) || p.OnlyA+p.OnlyB == 0 {
		return ""
	}
	return fmt.Sprintf("; so many would show one of %.2f", float64(p.Detectable))
}

// seedVerdict compares two recipes by their runs with the same seeds.
func (c Comparison) seedVerdict(a, b Seeds) string {
	first, second := c.Runs[a.Runs[0]], c.Runs[b.Runs[0]]
	short := names([]Compared{withoutSeed(first), withoutSeed(second)}, settings([]Compared{withoutSeed(first), withoutSeed(second)}))
	head := fmt.Sprintf("%s %s vs %s %s, mean of %d and %d seeds", short[0], figures(a.Mean), short[1], figures(b.Mean), len(a.Runs), len(b.Runs))
	differences, same := seedDifferences(c.Runs, a, b)
	if !same {
		return head + ": with the same seeds in both, the difference could be tested"
	}
	mean, _ := metric.MeanStd(differences)
	in := metric.TInterval(differences, confidence)
	head += fmt.Sprintf(", difference %+.2f [%+.2f, %+.2f]: ", mean, in.Low, in.High)
	switch falls := Better(a.Mean.Name, 0, 1); {
	case in.Low > 0 && !falls, in.High < 0 && falls:
		return head + short[0] + " is better"
	case in.High < 0, in.Low > 0:
		return head + short[1] + " is better"
	}
	return head + "no reliable difference"
}

func withoutSeed(c Compared) Compared {
	c.Recipe.Seed = 0
	return c
}

// bestVerdict names the best run and those it is reliably better than.
func (c Comparison) bestVerdict() string {
	best, top := -1, Measure{}
	for i, run := range c.Runs {
		if m, ok := run.Figure(); ok && (best < 0 || compareFigures(m, top) > 0) {
			best, top = i, m
		}
	}
	if best < 0 || !c.Tested() {
		return "not comparable: " + c.Pairs[0].Why
	}
	var beaten, equal, untested []string
	for _, p := range c.Pairs {
		other := p.A + p.B - best
		switch {
		case p.A != best && p.B != best:
		case p.Why != "":
			untested = append(untested, c.Runs[other].Name)
		case p.Reliable():
			beaten = append(beaten, c.Runs[other].Name)
		default:
			equal = append(equal, c.Runs[other].Name)
		}
	}
	text := fmt.Sprintf("%s is best, %s on %d examples", c.Runs[best].Name, figures(top), c.Runs[best].Examples)
	text += listed("; reliably better than ", beaten) + listed("; no reliable difference from ", equal)
	return text + listed("; not comparable with ", untested) + " (" + c.test() + ", Holm)"
}

func listed(head string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return head + strings.Join(list, ", ")
}

// test is what the pairs were tested by.
func (c Comparison) test() string {
	for _, p := range c.Pairs {
		if p.Why == "" {
			return p.Test
		}
	}
	return ""
}

// compareFigures is positive when the first of two values of a metric is better, negative when it is
// worse.
func compareFigures(a, b Measure) int {
	switch {
	case a.Value == b.Value:
		return 0
	case Better(a.Name, a.Value, b.Value):
		return 1
	}
	return -1
}

// figures writes a measure as 0.86 [0.80, 0.91], or 45.1 [40.2, 50.3] where it is no share.
func figures(m Measure) string {
	format := "%.2f [%.2f, %.2f]"
	if math.Abs(float64(m.Value)) > 1 {
		format = "%.1f [%.1f, %.1f]"
	}
	return fmt.Sprintf(format, float64(m.Value), float64(m.Low), float64(m.High))
}

// plainMetric writes the name of a metric for people.
func plainMetric(name string) string { return strings.ReplaceAll(name, "_", " ") }

// PText writes a p-value: p = 0.004, p < 0.001.
func PText(p float64) string {
	switch {
	case p < 0.001:
		return "p < 0.001"
	case p < 0.1:
		return fmt.Sprintf("p = %.3f", p)
	}
	return fmt.Sprintf("p = %.2f", p)
}
