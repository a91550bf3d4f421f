package engine

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"defrost/engine/metric"
)

// level is the chance of a false alarm that tests accept, confidence that of an interval to hold
// the true value, power how often a detectable difference is detected.
const (
	level      = 0.05
	confidence = 0.95
	power      = 0.8
)

// resamples is the number of bootstrap samples: the ends of a 95% interval rest on 50 each.
const resamples = 2000

// bootstrapSeed makes intervals the same every time they are asked for.
const bootstrapSeed = 1

// A Comparison says in what runs differ, how good each is on the same split, and whether chance
// explains the difference.
type Comparison struct {
	Split    string     `json:"split"` // dev, test or hard
	Runs     []Compared `json:"runs"`
	Settings []Setting  `json:"differences"`     // settings that are not the same in all runs
	Pairs    []Pair     `json:"pairs"`           // every two runs
	Seeds    []Seeds    `json:"seeds,omitempty"` // runs that differ by nothing but their seed
	Verdict  string     `json:"verdict"`
}

// A Setting is a line of the recipe in which runs differ, with the value of each.
type Setting struct {
	Name   string `json:"name"`
	Values []any  `json:"values"`

	usual any // the value of Defaults
}

// Text writes run i's value for people: "-" for none, yes and no.
func (s Setting) Text(i int) string {
	switch v := s.Values[i].(type) {
	case string:
		if v == "" {
			return "-"
		}
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	}
	return fmt.Sprint(s.Values[i])
}

// Splits are the parts of the data that runs can be compared on.
func Splits() []string { return []string{"test", "dev", "hard"} }

// Compare reads the run folders, of which there must be two or more, and compares their predictions
// on a split; "" takes test where every run has it (dev has chosen the checkpoints), else dev.
// Two runs that were not judged on the same examples are not tested, and their Pair says why.
func Compare(dirs []string, split string) (Comparison, error) {
	c, err := readRuns(dirs, split)
	if err != nil {
		return c, err
	}
	c.pair(func(int, int) bool { return true })
	c.Seeds = seeds(c.Runs)
	c.Verdict = c.verdict()
	return c, nil
}

// readRuns is a comparison without tests.
func readRuns(dirs []string, split string) (Comparison, error) {
	c := Comparison{Split: split, Pairs: []Pair{}}
	if split != "" && !oneOf(split, Splits()...) {
		return c, fmt.Errorf("compare: split is %q, expected test, dev or hard", split)
	}
	if len(dirs) < 2 {
		return c, fmt.Errorf("compare: found %d runs, expected two or more", len(dirs))
	}
	if c.Split == "" {
		c.Split = commonSplit(dirs)
	}
	if err := c.read(dirs); err != nil {
		return c, err
	}
	c.Settings = settings(c.Runs)
	for i, name := range names(c.Runs, c.Settings) {
		c.Runs[i].Name = name
	}
	return c, nil
}

// commonSplit is test where every run has predictions on it, else dev.
func commonSplit(dirs []string) string {
	for _, dir := range dirs {
		if !exists(filepath.Join(dir, predictionsOn("test"))) {
			return "dev"
		}
	}
	return "test"
}

// read fills in the runs, each once.
func (c *Comparison) read(dirs []string) error {
	seen := map[string]bool{}
	for _, dir := range dirs {
		full, err := filepath.Abs(dir)
		if err != nil {
			return fmt.Errorf("compare: %w", err)
		}
		if seen[full] {
			return fmt.Errorf("compare: run %s is given twice, expected different runs", dir)
		}
		seen[full] = true
		run, err := readCompared(full, c.Split)
		if err != nil {
			return fmt.Errorf("compare: %w", err)
		}
		c.Runs = append(c.Runs, run)
	}
	return nil
}

// pair tests every two runs that asked says yes to and corrects for how many tests there are.
func (c *Comparison) pair(asked func(a, b int) bool) {
	var tested []int
	var p []float64
	for i := range c.Runs {
		for j := i + 1; j < len(c.Runs); j++ {
			if !asked(i, j) {
				continue
			}
			pair := newPair(c.Runs, i, j, c.Split)
			if pair.Why == "" {
				tested = append(tested, len(c.Pairs))
				p = append(p, float64(pair.P))
			}
			c.Pairs = append(c.Pairs, pair)
		}
	}
	for k, corrected := range metric.Holm(p) {
		c.Pairs[tested[k]].Holm = Number(corrected)
	}
}

// Figures are the names of all figures that the runs have, those they are judged by first.
func (c Comparison) Figures() []string {
	var names []string
	for _, run := range c.Runs {
		if !oneOf(run.Primary, names...) {
			names = append(names, run.Primary)
		}
	}
	for _, run := range c.Runs {
		for _, m := range run.Metrics {
			if !oneOf(m.Name, names...) {
				names = append(names, m.Name)
			}
		}
	}
	return names
}

// Tested says that at least two of the runs could be compared example by example.
func (c Comparison) Tested() bool {
	return slices.ContainsFunc(c.Pairs, func(p Pair) bool { return p.Why == "" })
}

// settings lists what differs between recipes, in the order of the recipe's fields.
func settings(runs []Compared) []Setting {
	var recipes []Recipe
	for _, run := range runs {
		recipes = append(recipes, run.Recipe)
	}
	return slices.DeleteFunc(settingsOf(recipes...), func(s Setting) bool {
		return !slices.ContainsFunc(s.Values, func(v any) bool { return v != s.Values[0] })
	})
}

// settingsOf lists every setting of recipes, in the order of the recipe's fields.
func settingsOf(recipes ...Recipe) []Setting {
	list := []Setting{}
	fields, usual := reflect.TypeFor[Recipe](), reflect.ValueOf(Defaults())
	for f := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(f).Tag.Get("yaml"), ",")
		s := Setting{Name: name, usual: usual.Field(f).Interface()}
		for _, r := range recipes {
			s.Values = append(s.Values, reflect.ValueOf(r).Field(f).Interface())
		}
		list = append(list, s)
	}
	return list
}
