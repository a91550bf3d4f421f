package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"defrost/engine"
	"defrost/ui/figure"
	"defrost/ui/widgets/number"
)

// smoothing is the weight of the past in curves of losses.
const smoothing = 0.9

// Run is the report of a run: its curves, its settings, its results, and how far each layer moved.
func Run(run *engine.Run) Document {
	events, _ := run.Log.Since(0)
	c := curvesOf(events, Steps)
	return Document{Title: run.ID, Lead: c.lead(), Charts: c.charts(), Tables: Filled(c.results(), c.settings(), FreezeMap(c.layers), mixTable(c.layers))}
}

// lead says what the run is and how it ended.
func (c *curves) lead() []string {
	r := c.started.Recipe
	what := fmt.Sprintf("%s on %s, %d of %d steps", r.Backbone, r.Data, c.last.Step, c.started.Steps)
	if c.total > 0 {
		what += fmt.Sprintf(", %s of %s parameters learn", number.Compact(float64(c.trainable)), number.Compact(float64(c.total)))
	}
	switch {
	case c.failed != "":
		line, _, _ := strings.Cut(c.failed, "\n")
		return []string{what, "failed: " + line}
	case c.finished == nil:
		return []string{what, "not finished"}
	case c.finished.Stopped:
		return []string{what, "stopped after " + span(c.finished.Seconds)}
	}
	return []string{what, "finished after " + span(c.finished.Seconds)}
}

// charts are the curves of one run.
func (c *curves) charts() []figure.Chart {
	const none = "evaluated after each epoch"
	head := c.headline()
	return []figure.Chart{
		{Title: "loss", X: Steps, Marks: c.marks, Lines: []figure.Line{
			{Name: "train", Points: c.loss, Smooth: smoothing}, {Name: "dev", Points: c.devLoss, Style: 1, Dots: true},
		}},
		{Title: "dev " + plain(head), X: Steps, Empty: none, Lines: []figure.Line{{Name: plain(head), Points: c.dev[head], Style: 2, Dots: true}}},
		{Title: "learning rate", X: Steps, Lines: []figure.Line{{Name: "rate", Points: c.rate, Style: 0}}},
		{Title: "gradient norm", X: Steps, LogY: true, Lines: []figure.Line{{Name: "norm", Points: c.norm, Smooth: smoothing, Style: 3}}},
	}
}

// results are the metrics at the end, else of the last evaluation.
func (c *curves) results() Table {
	t := Table{"results", [][]string{{"figure", "value"}}}
	if c.finished != nil {
		for _, name := range slices.Sorted(maps.Keys(c.finished.Metrics)) {
			t.Rows = append(t.Rows, []string{plain(name), number.Sig(float64(c.finished.Metrics[name]), 4)})
		}
		return t
	}
	for _, name := range c.names {
		if list := c.dev[name]; len(list) > 0 {
			t.Rows = append(t.Rows, []string{"dev " + plain(name), number.Sig(list[len(list)-1].Y, 4)})
		}
	}
	return t
}

// settings are the lines of the recipe.
func (c *curves) settings() Table {
	t := Table{"recipe", [][]string{{"setting", "value"}}}
	if c.started.Run == "" {
		return t
	}
	for _, line := range strings.Split(strings.TrimSpace(c.started.Recipe.YAML()), "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
			value, _, _ = strings.Cut(value, " #")
			t.Rows = append(t.Rows, []string{plain(name), strings.Trim(strings.TrimSpace(value), `"`)})
		}
	}
	return t
}

// FreezeMap is a row per layer: what learns, at which rate, and how far it has moved.
func FreezeMap(layers []engine.LayerState) Table {
	t := Table{"layers", [][]string{{"layer", "kind", "state", "parameters", "learn", "rate", "gradient norm", "moved"}}}
	for _, l := range layers {
		state := "trains"
		switch {
		case l.Frozen():
			state = "frozen"
		case l.Trainable < l.Params:
			state = "partly"
		}
		t.Rows = append(t.Rows, []string{
			l.Name, l.Kind, state, fmt.Sprint(l.Params), fmt.Sprint(l.Trainable), number.Rate(float64(l.LR)),
			number.Sig(float64(l.GradNorm), 3), number.Sig(float64(l.Drift), 3),
		})
	}
	return t
}

// mixTable is how much a mix takes of each layer below it; without rows where nothing is mixed.
func mixTable(layers []engine.LayerState) Table {
	t := Table{"mix of layers", [][]string{{"layer", "share"}}}
	for _, l := range layers {
		if l.Mix == nil {
			continue
		}
		for k, share := range l.Mix.Shares {
			t.Rows = append(t.Rows, []string{l.Mix.Layers[k], number.Sig(float64(share), 3)})
		}
		t.Rows = append(t.Rows, []string{"gamma", number.Sig(float64(l.Mix.Gamma), 3)})
	}
	return t
}

// plain is a name for people: macro f1 for macro_f1.
func plain(name string) string { return strings.ReplaceAll(name, "_", " ") }
