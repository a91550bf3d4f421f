package report

import (
	"fmt"
	"strings"

	"defrost/engine"
	"defrost/ui/figure"
	"defrost/ui/widgets/number"
)

// Probe is the report of what each layer of some backbones knows about some data.
func Probe(list []engine.Probed) Document {
	d := Document{Title: "what each layer knows", Data: list}
	for _, p := range list {
		d.Lead = append(d.Lead, probeLead(p))
		d.Tables = append(d.Tables, probeTable(p))
		d.Charts = append(d.Charts, probeChart(p))
	}
	return d
}

// probeLead says which layer is best and where a learnt mix looks.
func probeLead(p engine.Probed) string {
	return fmt.Sprintf("%s on %s: %s is best at %s, on dev and test together; a learnt mix takes %s", p.Backbone, p.Data, p.Best, plain(p.Metric), mixed(p))
}

// mixed lists the layers' shares of the mix.
func mixed(p engine.Probed) string {
	var parts []string
	for k, share := range p.Mix.Shares {
		parts = append(parts, fmt.Sprintf("%.0f%% of %s", 100*float64(share), p.Layers[k].Layer))
	}
	return strings.Join(parts, ", ")
}

// probeTable is a row for each layer, and one for their mix.
func probeTable(p engine.Probed) Table {
	t := Table{p.Backbone + " on " + p.Data, [][]string{{"layer", "dev", "test", plain(p.Metric) + " on both", "share of the mix", "penalty"}}}
	for k, l := range append(p.Layers[:len(p.Layers):len(p.Layers)], p.Mix.LayerProbe) {
		share := ""
		if k < len(p.Mix.Shares) {
			share = fmt.Sprintf("%.2f", float64(p.Mix.Shares[k]))
		}
		both := Interval(l.Both)
		if l.Layer == p.Best {
			both += " best"
		}
		t.Rows = append(t.Rows, []string{l.Layer, figureOrDash(l.Dev), figureOrDash(l.Test), both, share, number.Sig(l.Penalty, 3)})
	}
	return t
}

// figureOrDash is a figure, or a dash where there were no examples.
func figureOrDash(m engine.Measure) string {
	if m.Name == "" {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(m.Value))
}

// probeChart draws the figure over the layers.
func probeChart(p engine.Probed) figure.Chart {
	c := figure.Chart{Title: fmt.Sprintf("%s on %s: %s, 95%% intervals", p.Backbone, p.Data, plain(p.Metric)), X: "layer"}
	line := figure.Line{Dots: true, Spread: figure.Bars}
	for k, l := range p.Layers {
		c.XTicks = append(c.XTicks, figure.Tick{Value: float64(k), Text: l.Layer})
		line.Points = append(line.Points, figure.Point{X: float64(k), Y: float64(l.Both.Value), Low: float64(l.Both.Low), High: float64(l.Both.High)})
	}
	c.Lines = []figure.Line{line}
	return c
}
