package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Sweep is a comparison of runs along one setting: how accuracy and cost change with the layers
// that learn, the learning rate or the number of labels.
type Sweep struct {
	Split   string   `json:"split"`
	Setting string   `json:"setting"` // such as limit
	Values  []string `json:"values"`  // in the order of the runs
	Lines   []Line   `json:"lines"`   // one for each combination of the other settings, seeds aside
}

// A Line is the points of a sweep that differ by nothing but its setting and their seeds.
type Line struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// A Point is a value of a sweep's setting. One run has Wilson's interval over the examples; several,
// that differ by their seeds, the mean of their figures with Student's interval over the seeds.
type Point struct {
	Value     string  `json:"value"`
	Runs      []int   `json:"runs"`    // indices of the runs
	Figure    Measure `json:"figure"`  // that the runs are judged by
	Seconds   float64 `json:"seconds"` // of training; means over the runs
	Tokens    int     `json:"tokens"`
	Steps     int     `json:"steps"`
	Trainable int     `json:"trainable"`
	Memory    int     `json:"memory"` // bytes, as planned
}

// sweepable are the settings whose values have an order, the most telling first.
var sweepable = []string{"limit", "train", "lr", "head_lr", "layer_decay", "epochs", "batch", "gradual", "average", "dropout", "max_length", "seconds"}

// Figure is the name of what the runs are judged by.
func (s Sweep) Figure() string {
	for _, l := range s.Lines {
		for _, p := range l.Points {
			if p.Figure.Name != "" {
				return p.Figure.Name
			}
		}
	}
	return usualMetric
}

// Axis is the setting that an experiment sweeps over: the one with most values, of those that have
// an order; "" when there is none with more than two.
func (e Experiment) Axis() string {
	axis, most := "", 2
	for _, item := range e.Vary {
		values, _ := item.Value.([]any)
		if key := fmt.Sprint(item.Key); slices.Contains(sweepable, key) && len(values) > most {
			axis, most = key, len(values)
		}
	}
	return axis
}

// Sweep arranges the runs of an experiment along its axis; ok is false for one without.
func (e Experiment) Sweep(c Comparison) (s Sweep, ok bool) {
	if e.Axis() == "" {
		return s, false
	}
	return e.along(e.Axis(), c), true
}

// Arrange is Sweep along what there is: the axis, else the first setting that is varied.
func (e Experiment) Arrange(c Comparison) Sweep {
	axis := e.Axis()
	for _, key := range e.varied() {
		if axis == "" && key != "seed" {
			axis = key
		}
	}
	return e.along(cmp.Or(axis, "seed"), c)
}

// along arranges the runs along a setting.
func (e Experiment) along(axis string, c Comparison) Sweep {
	s := Sweep{Split: c.Split, Setting: axis}
	var order []string
	lines := map[string]*Line{}
	for i, run := range c.Runs {
		value := settingText(run.Recipe, axis)
		if !slices.Contains(s.Values, value) {
			s.Values = append(s.Values, value)
		}
		name := e.lineName(run.Recipe, axis)
		if lines[name] == nil {
			order, lines[name] = append(order, name), &Line{Name: name}
		}
		lines[name].add(value, i)
	}
	for _, name := range order {
		l := lines[name]
		for k := range l.Points {
			l.Points[k].measure(c.Runs)
		}
		s.Lines = append(s.Lines, *l)
	}
	return s
}

// Compare compares the runs of an experiment. Of a sweep only what it asks is tested: at one value of
// its setting every two lines, and along a line every value with the last.
func (e Experiment) Compare(split string) (Comparison, error) {
	axis := e.Axis()
	if axis == "" {
		return Compare(e.Dirs(), split)
	}
	c, err := readRuns(e.Dirs(), split)
	if err != nil {
		return c, err
	}
	for i := range c.Runs {
		c.Runs[i].Name = e.Entries[i].Name
	}
	s := e.along(axis, c)
	last := s.Values[len(s.Values)-1]
	c.pair(func(a, b int) bool {
		first, second := c.Runs[a].Recipe, c.Runs[b].Recipe
		at, of := settingText(first, axis), settingText(second, axis)
		along := e.lineName(first, axis) == e.lineName(second, axis)
		return first.Seed == second.Seed && (!along && at == of || along && (at == last || of == last))
	})
	c.Verdict = s.verdict(c)
	return c, nil
}

// verdict is a sentence for each line: where it is best, and whether its last value is as good.
func (s Sweep) verdict(c Comparison) string {
	var list []string
	for _, l := range s.Lines {
		best := slices.MaxFunc(l.Points, func(a, b Point) int { return compareFigures(a.Figure, b.Figure) })
		text := fmt.Sprintf("%s: best at %s %s, %s", l.Name, s.Setting, best.Value, figures(best.Figure))
		if last := l.Points[len(l.Points)-1]; last.Value != best.Value {
			text += c.against(best, last)
		}
		list = append(list, text)
	}
	return fmt.Sprintf("%s on %d examples", strings.Join(list, "; "), c.Runs[0].Examples)
}

// against says what the test makes of two points of one run each.
func (c Comparison) against(best, last Point) string {
	for _, p := range c.Pairs {
		switch {
		case len(best.Runs) > 1 || len(last.Runs) > 1 || p.Why != "":
		case min(best.Runs[0], last.Runs[0]) != p.A || max(best.Runs[0], last.Runs[0]) != p.B:
		case p.Reliable():
			return fmt.Sprintf(", reliably better than %s (%s %s, Holm)", last.Value, p.Test, PText(float64(p.Holm)))
		default:
			return fmt.Sprintf(", no reliable difference from %s (%s %s, Holm)", last.Value, p.Test, PText(float64(p.Holm)))
		}
	}
	return ""
}

// lineName is what a run has of the settings that vary beside the axis and the seed.
func (e Experiment) lineName(r Recipe, axis string) string {
	var parts []string
	for _, key := range e.varied() {
		switch key {
		case axis, "seed":
		case "backbone", "data":
			parts = append(parts, plain(settingText(r, key)))
		default:
			parts = append(parts, key+" "+settingText(r, key))
		}
	}
	if len(parts) == 0 {
		return plain(r.Backbone)
	}
	return strings.Join(parts, " ")
}

// varied are the settings that are named run by run or vary, each once.
func (e Experiment) varied() []string {
	var keys []string
	for _, item := range append(slices.Concat(e.Runs...), e.Vary...) {
		if key := fmt.Sprint(item.Key); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// settingText is a setting's value for people.
func settingText(r Recipe, name string) string {
	for _, f := range settingsOf(r) {
		if f.Name == name {
			if name == "limit" && r.Limit == 0 {
				return "all"
			}
			return f.Text(0)
		}
	}
	return ""
}

func (l *Line) add(value string, run int) {
	at := slices.IndexFunc(l.Points, func(p Point) bool { return p.Value == value })
	if at < 0 {
		at, l.Points = len(l.Points), append(l.Points, Point{Value: value})
	}
	l.Points[at].Runs = append(l.Points[at].Runs, run)
}

// measure fills in the figures of a point's runs.
func (p *Point) measure(runs []Compared) {
	var values []float64
	n := len(p.Runs)
	for _, i := range p.Runs {
		r := runs[i]
		p.Seconds += r.Seconds / float64(n)
		p.Tokens, p.Steps = p.Tokens+r.Tokens, p.Steps+r.Steps
		p.Trainable, p.Memory = max(p.Trainable, r.Trainable), max(p.Memory, r.Memory)
		if m, ok := r.Figure(); ok {
			values = append(values, float64(m.Value))
			p.Figure = m
		}
	}
	p.Tokens, p.Steps = p.Tokens/n, p.Steps/n
	if len(values) > 1 {
		p.Figure = meanOf(p.Figure.Name, values)
	}
}
