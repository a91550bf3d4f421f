package report

import (
	"slices"

	"defrost/engine"
	"defrost/ui/figure"
)

// Axes that curves can be drawn over.
const (
	Steps  = "step"
	Time   = "seconds"
	Tokens = "tokens"
)

// Axes lists the axes, the usual one first.
func Axes() []string { return []string{Steps, Time, Tokens} }

// curves are what a run's events say over one axis.
type curves struct {
	loss, rate, norm, speed, devLoss []figure.Point
	dev                              map[string][]figure.Point // by metric
	names                            []string                  // of the metrics, as they came
	marks                            []figure.Mark
	layers                           []engine.LayerState // newest freeze map with what has moved
	started                          engine.Started
	finished                         *engine.Finished
	failed                           string
	last                             engine.Step
	trainable, total                 int
}

// curvesOf draws events over an axis. Steps that a run took back are gone; over time and tokens they
// stay, for those were spent.
func curvesOf(events []engine.Event, axis string) *curves {
	c := &curves{dev: map[string][]figure.Point{}}
	x, tokens := 0.0, 0
	for _, e := range events {
		switch e := e.(type) {
		case engine.Step:
			tokens += e.Tokens
			x = map[string]float64{Steps: float64(e.Step), Time: e.Seconds, Tokens: float64(tokens)}[axis]
			c.step(x, e)
		case engine.Evaluated:
			c.evaluated(x, e)
		case engine.Steered:
			if e.Action == "rewind" && axis == Steps {
				x = float64(e.Step)
				c.cut(func(p figure.Point) bool { return p.X > x })
			}
			c.mark(x, letters[e.Action])
		case engine.Measured:
			c.layers = e.Layers
		case engine.Thawed:
			c.layers = e.Layers
			if e.Why != "person" { // else the Steered event says it
				c.mark(x, "G")
			}
		default:
			c.other(e)
		}
	}
	return c
}

func (c *curves) step(x float64, e engine.Step) {
	if e.Step <= c.last.Step {
		c.cut(func(p figure.Point) bool { return p.X >= x })
	}
	c.last = e
	c.loss = append(c.loss, figure.Point{X: x, Y: float64(e.Loss)})
	c.rate = append(c.rate, figure.Point{X: x, Y: float64(e.LR)})
	c.norm = append(c.norm, figure.Point{X: x, Y: float64(e.GradNorm)})
	if e.Took > 0 {
		c.speed = append(c.speed, figure.Point{X: x, Y: float64(e.Tokens) / e.Took})
	}
}

// cut takes points back from all curves.
func (c *curves) cut(back func(figure.Point) bool) {
	for _, list := range []*[]figure.Point{&c.loss, &c.rate, &c.norm, &c.speed, &c.devLoss} {
		*list = slices.DeleteFunc(*list, back)
	}
	for name := range c.dev {
		c.dev[name] = slices.DeleteFunc(c.dev[name], back)
	}
}

func (c *curves) evaluated(x float64, e engine.Evaluated) {
	if e.Split != "dev" {
		return
	}
	if len(e.Layers) > 0 {
		c.layers = e.Layers
	}
	c.devLoss = append(c.devLoss, figure.Point{X: x, Y: float64(e.Loss)})
	var names []string
	for name := range e.Metrics {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if c.dev[name] == nil {
			c.names = append(c.names, name)
		}
		c.dev[name] = append(c.dev[name], figure.Point{X: x, Y: float64(e.Metrics[name])})
	}
}

func (c *curves) other(e engine.Event) {
	switch e := e.(type) {
	case engine.Started:
		c.started, c.failed = e, ""
	case engine.Loaded:
		c.layers, c.trainable, c.total = e.Layers, e.Trainable, e.Total
	case engine.Finished:
		c.finished, c.failed = &e, ""
	case engine.Failed:
		c.failed = e.Error
	}
}

// letters are the marks that a person's interventions leave, as on the live screen.
var letters = map[string]string{"pause": "P", "step": ".", "lr": "L", "freeze": "F", "thaw": "T", "save": "S", "stop": "X", "rewind": "W"}

func (c *curves) mark(x float64, letter string) {
	if letter != "" {
		c.marks = append(c.marks, figure.Mark{X: x, Text: letter})
	}
}

// headline is the metric that a run is judged by.
func (c *curves) headline() string { return c.started.JudgedBy() }
