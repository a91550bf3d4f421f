package command

import (
	"fmt"

	"defrost/engine"
)

// sweepGrid is a row for each point of a sweep: how good it is and what it cost.
func sweepGrid(s engine.Sweep) grid {
	g := grid{"on " + s.Split, [][]string{{"", s.Setting, "runs", "accuracy", "time", "steps", "tokens", "learns", "memory"}}}
	for _, l := range s.Lines {
		for _, p := range l.Points {
			g.rows = append(g.rows, []string{
				l.Name, p.Value, fmt.Sprint(len(p.Runs)),
				fmt.Sprintf("%.3f [%.3f, %.3f]", float64(p.Accuracy.Value), float64(p.Accuracy.Low), float64(p.Accuracy.High)),
				duration(p.Seconds), fmt.Sprint(p.Steps), amount(p.Tokens), amount(p.Trainable), size(int64(p.Memory)),
			})
		}
	}
	return g
}
