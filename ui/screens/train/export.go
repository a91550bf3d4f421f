package train

import (
	"fmt"

	"defrost/engine"
	"defrost/ui/figure"
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the recipe: the command, every setting, what differs from the defaults and from the run
// before, and the learning rate over the steps.
func (m *Model) Export() (e shared.Exported, ok bool) {
	r, others := m.session.Recipe, m.others()
	settings := report.Table{Title: "settings", Rows: [][]string{{"setting", "value", "meaning"}}}
	for _, f := range m.fields {
		settings.Rows = append(settings.Rows, []string{f.label, f.get(r), f.hint})
	}
	rate := m.rate()
	return shared.Exported{Name: "recipe", Charts: true, Make: func() (report.Document, error) {
		d := report.Document{Title: "recipe: " + r.Backbone + " on " + r.Data, Lead: []string{r.Command()}, Data: r}
		d.Tables = append(d.Tables, settings)
		for _, o := range others {
			d.Tables = append(d.Tables, differing(r, o))
		}
		d.Tables, d.Charts = report.Filled(d.Tables...), []figure.Chart{rate}
		return d, nil
	}}, true
}

func differing(r engine.Recipe, o other) report.Table {
	t := report.Table{Title: "differs from " + o.name, Rows: [][]string{{"setting", "here", "there"}}}
	for _, d := range r.Differences(o.recipe) {
		t.Rows = append(t.Rows, []string{d.Name, fmt.Sprint(plain(d.Mine)), fmt.Sprint(plain(d.Other))})
	}
	return t
}

// rate is the schedule as a chart.
func (m *Model) rate() figure.Chart {
	r, steps := m.session.Recipe, m.steps()
	line := figure.Line{Name: "rate"}
	for step := range steps {
		line.Points = append(line.Points, figure.Point{X: float64(step), Y: r.LR * engine.ScheduleAt(r, step, steps)})
	}
	return figure.Chart{Title: "learning rate, " + r.Schedule, X: "step", Lines: []figure.Line{line}}
}
