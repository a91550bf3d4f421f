package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"defrost/engine"
	"defrost/ui/figure"
	"defrost/ui/widgets/number"
)

// mostExamples bounds the disagreements of a pair that a page lists; JSON has them all.
const mostExamples = 20

// Compare is the report of a comparison: curves of all runs over one axis (Steps, Time or Tokens),
// figures with their intervals, tests, and examples that the runs disagree on.
func Compare(c engine.Comparison, axis string) (Document, error) {
	d := Document{Title: title(c), Lead: []string{c.Verdict}, Tables: Tables(c), Data: c}
	var runs []*curves
	for _, r := range c.Runs {
		run, err := engine.OpenRun(r.Dir)
		if err != nil {
			return d, err
		}
		events, _ := run.Log.Since(0)
		runs = append(runs, curvesOf(events, axis))
	}
	d.Charts = charts(c, runs, axis)
	d.Tables = append(d.Tables, examples(c)...)
	return d, nil
}

func title(c engine.Comparison) string {
	var names []string
	for _, r := range c.Runs {
		names = append(names, r.Name)
	}
	if len(names) > 4 {
		return fmt.Sprintf("%d runs", len(names))
	}
	return strings.Join(names, " vs ")
}

// charts are the curves of all runs over each other, and the figures they end with.
func charts(c engine.Comparison, runs []*curves, axis string) []figure.Chart {
	head := runs[0].headline()
	loss, dev := figure.Chart{Title: "train loss", X: axis}, figure.Chart{Title: "dev " + plain(head), X: axis}
	devLoss := figure.Chart{Title: "dev loss", X: axis}
	for i, r := range runs {
		l := figure.Line{Name: lineName(c, i), Style: i}
		l.Points, l.Smooth = r.loss, smoothing
		loss.Lines = append(loss.Lines, l)
		l.Points, l.Smooth, l.Dots = r.dev[head], 0, true
		dev.Lines = append(dev.Lines, l)
		l.Points = r.devLoss
		devLoss.Lines = append(devLoss.Lines, l)
	}
	return []figure.Chart{loss, dev, devLoss, results(c)}
}

// results is the figure that every run is judged by, with its interval.
func results(c engine.Comparison) figure.Chart {
	chart := figure.Chart{Title: plain(c.Figures()[0]) + " on " + c.Split + ", 95% intervals", Room: 0.5 / float64(max(1, len(c.Runs)-1))}
	for i, r := range c.Runs {
		m, ok := r.Figure()
		if !ok {
			continue
		}
		x := float64(i)
		chart.XTicks = append(chart.XTicks, figure.Tick{Value: x, Text: letter(i)})
		chart.Lines = append(chart.Lines, figure.Line{
			Name: lineName(c, i), Style: i, Loose: true, Spread: figure.Bars,
			Points: []figure.Point{{X: x, Y: float64(m.Value), Low: float64(m.Low), High: float64(m.High)}},
		})
	}
	return chart
}

// lineName is the letter of run i and what tells it apart.
func lineName(c engine.Comparison, i int) string { return letter(i) + " " + c.Runs[i].Name }

// letter names run i as the screen does; past Z runs have numbers.
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return strconv.Itoa(i + 1)
}

// Summary is a comparison in few tables: settings that differ, figures, tests and seeds.
func Summary(c engine.Comparison) []Table {
	return Filled(settingsTable(c), figuresTable(c), pairsTable(c), seedsTable(c))
}

// Tables are the summary, and the figure by label and by length where there are few pairs.
func Tables(c engine.Comparison) []Table {
	list := Summary(c)
	for _, p := range c.Pairs {
		if p.Why == "" && len(c.Pairs) <= mostBroken {
			list = append(list, partsTable(c, p, "by label", p.Classes), partsTable(c, p, "by length", p.Lengths))
		}
	}
	return Filled(list...)
}

// mostBroken bounds the pairs that are broken down by label and length.
const mostBroken = 3

// headed begins a table with one column per run.
func headed(title string, c engine.Comparison) Table {
	header := []string{""}
	for _, run := range c.Runs {
		header = append(header, run.Name)
	}
	return Table{title, [][]string{header}}
}

func (t *Table) add(name string, n int, cell func(i int) string) {
	row := []string{name}
	for i := range n {
		row = append(row, cell(i))
	}
	t.Rows = append(t.Rows, row)
}

func settingsTable(c engine.Comparison) Table {
	t := headed("differences", c)
	for _, s := range c.Settings {
		t.add(s.Name, len(c.Runs), s.Text)
	}
	return t
}

// figuresTable is how good the runs are and what they cost.
func figuresTable(c engine.Comparison) Table {
	t := headed("on "+c.Split, c)
	n := len(c.Runs)
	t.add("run", n, func(i int) string { return c.Runs[i].ID })
	t.add("examples", n, func(i int) string { return fmt.Sprint(c.Runs[i].Examples) })
	for _, name := range c.Figures() {
		t.add(name, n, func(i int) string {
			m, ok := c.Runs[i].Measure(name)
			if !ok {
				return "-"
			}
			return Interval(m)
		})
	}
	t.add("tokens", n, func(i int) string { return number.Compact(float64(c.Runs[i].Tokens)) })
	t.add("time", n, func(i int) string { return span(c.Runs[i].Seconds) })
	t.add("tokens/s", n, func(i int) string { return number.Compact(c.Runs[i].Rate()) })
	t.add("learns", n, func(i int) string {
		if engine.IsEndpoint(c.Runs[i].Recipe.Backbone) {
			return "nothing, only prompted"
		}
		return number.Compact(float64(c.Runs[i].Trainable)) + " of " + number.Compact(float64(c.Runs[i].Total))
	})
	t.add("memory", n, func(i int) string {
		if engine.IsEndpoint(c.Runs[i].Recipe.Backbone) {
			return "not here"
		}
		return number.Bytes(int64(c.Runs[i].Memory))
	})
	return t
}

// Interval writes a measure as 0.861 [0.802, 0.910].
func Interval(m engine.Measure) string {
	return fmt.Sprintf("%.3f [%.3f, %.3f]", float64(m.Value), float64(m.Low), float64(m.High))
}

// pairsTable is the paired test of every two runs.
func pairsTable(c engine.Comparison) Table {
	t := Table{"pairs", [][]string{{"", "both right", "only first", "only second", "both wrong", "difference", "test", "p", "Holm p", "detectable"}}}
	for _, p := range c.Pairs {
		if p.Why != "" {
			t.Rows = append(t.Rows, []string{pairName(c, p), p.Why})
			continue
		}
		d := p.Gaps[0]
		t.Rows = append(t.Rows, []string{
			pairName(c, p), fmt.Sprint(p.Both), fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), fmt.Sprint(p.Neither),
			fmt.Sprintf("%+.3f [%+.3f, %+.3f]", float64(d.Value), float64(d.Low), float64(d.High)),
			p.Test, short(p.P), short(p.Holm), short(p.Detectable),
		})
	}
	return t
}

func pairName(c engine.Comparison, p engine.Pair) string {
	return c.Runs[p.A].Name + " - " + c.Runs[p.B].Name
}

// short writes a figure in three digits; "-" for none.
func short(n engine.Number) string {
	if math.IsNaN(float64(n)) {
		return "-"
	}
	return strconv.FormatFloat(float64(n), 'g', 3, 64)
}

// seedsTable is the mean of the runs that differ only by their seed.
func seedsTable(c engine.Comparison) Table {
	t := Table{"seeds", [][]string{{"", "runs", "mean", "deviation"}}}
	for _, s := range c.Seeds {
		var ids []string
		for _, i := range s.Runs {
			ids = append(ids, c.Runs[i].ID)
		}
		t.Rows = append(t.Rows, []string{strings.Join(ids, ", "), fmt.Sprint(len(s.Runs)), Interval(s.Mean), short(s.Std)})
	}
	return t
}

// partsTable is the figure of both runs of a pair on parts of the examples.
func partsTable(c engine.Comparison, p engine.Pair, by string, parts []engine.Part) Table {
	name := plain(c.Runs[p.A].Primary) + " " + by
	if len(c.Pairs) > 1 {
		name += ": " + pairName(c, p)
	}
	t := Table{name, [][]string{{"", "examples", c.Runs[p.A].Name, c.Runs[p.B].Name, "p"}}}
	for _, part := range parts {
		t.Rows = append(t.Rows, []string{part.Name, fmt.Sprint(part.Examples), Interval(part.A), Interval(part.B), short(part.P)})
	}
	return t
}

// examples are the first of what one run of a pair got right and the other wrong.
func examples(c engine.Comparison) []Table {
	var list []Table
	for _, p := range c.Pairs {
		if p.Why != "" || len(c.Pairs) > mostBroken {
			continue
		}
		a, b := c.Runs[p.A].Name, c.Runs[p.B].Name
		list = append(list, disagreed(a, b, p.RightA), disagreed(b, a, p.RightB))
	}
	return Filled(list...)
}

func disagreed(right, wrong string, list []engine.Disagreed) Table {
	t := Table{fmt.Sprintf("%s right, %s wrong: %d", right, wrong, len(list)), [][]string{{"text", "gold", right, wrong}}}
	if len(list) > mostExamples {
		t.Title += fmt.Sprintf(", the first %d", mostExamples)
	}
	for _, e := range list[:min(len(list), mostExamples)] {
		t.Rows = append(t.Rows, []string{e.Text, e.Gold, said(e.Right), said(e.Wrong)})
	}
	return t
}

func said(s engine.Said) string {
	if s.Confidence == 0 {
		return s.Label
	}
	return fmt.Sprintf("%s %.2f", s.Label, float64(s.Confidence))
}

// span writes seconds.
func span(seconds float64) string {
	return number.Duration(time.Duration(seconds * float64(time.Second)))
}
