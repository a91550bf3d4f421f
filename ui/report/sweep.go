package report

import (
	"fmt"
	"slices"
	"strconv"

	"defrost/engine"
	"defrost/ui/figure"
	"defrost/ui/widgets/number"
)

// Sweep is the report of runs along one setting: how good every point is and what it cost.
func Sweep(s engine.Sweep, verdict string) Document {
	name := plain(s.Figure())
	good := sweepChart(s, name+" on "+s.Split+", 95% intervals", func(p engine.Point) figure.Point {
		return figure.Point{Y: float64(p.Figure.Value), Low: float64(p.Figure.Low), High: float64(p.Figure.High)}
	})
	for i := range good.Lines {
		good.Lines[i].Spread = figure.Bars
	}
	return Document{
		Title: name + " by " + plain(s.Setting), Lead: []string{verdict}, Tables: []Table{SweepTable(s)}, Data: s,
		Charts: []figure.Chart{good, sweepChart(s, "seconds of training", func(p engine.Point) figure.Point {
			return figure.Point{Y: p.Seconds}
		})},
	}
}

// sweepChart draws a figure of every point over the setting.
func sweepChart(s engine.Sweep, title string, figureOf func(engine.Point) figure.Point) figure.Chart {
	at, chart := places(s), figure.Chart{Title: title, X: plain(s.Setting)}
	least, most := at[s.Values[0]], at[s.Values[0]]
	for _, v := range s.Values {
		chart.XTicks = append(chart.XTicks, figure.Tick{Value: at[v], Text: v})
		least, most = min(least, at[v]), max(most, at[v])
	}
	chart.LogX = least > 0 && most/least >= farApart
	for i, l := range s.Lines {
		line := figure.Line{Name: l.Name, Style: i, Dots: true}
		for _, p := range l.Points {
			q := figureOf(p)
			q.X = at[p.Value]
			line.Points = append(line.Points, q)
		}
		chart.Lines = append(chart.Lines, line)
	}
	return chart
}

// farApart is the ratio of values from which on an axis is logarithmic: 50, 100, 500, 1000 labels.
const farApart = 10

// places puts values where their numbers are, or side by side when one of them is no number.
func places(s engine.Sweep) map[string]float64 {
	at := map[string]float64{}
	for _, v := range s.Values {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			for i, v := range s.Values {
				at[v] = float64(i)
			}
			return at
		}
		at[v] = x
	}
	return at
}

// SweepTable is a row per point: how good it is and what it cost.
func SweepTable(s engine.Sweep) Table {
	t := Table{"on " + s.Split, [][]string{{"", plain(s.Setting), "runs", plain(s.Figure()), "time", "steps", "tokens", "learns", "memory"}}}
	for _, l := range s.Lines {
		for _, v := range s.Values {
			i := slices.IndexFunc(l.Points, func(p engine.Point) bool { return p.Value == v })
			if i < 0 {
				continue
			}
			p := l.Points[i]
			t.Rows = append(t.Rows, []string{
				l.Name, p.Value, fmt.Sprint(len(p.Runs)), Interval(p.Figure), span(p.Seconds), fmt.Sprint(p.Steps),
				number.Compact(float64(p.Tokens)), number.Compact(float64(p.Trainable)), number.Bytes(int64(p.Memory)),
			})
		}
	}
	return t
}
