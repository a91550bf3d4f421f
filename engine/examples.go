package engine

import (
	"encoding/csv"
	"fmt"
	"io"
)

// WriteExamples writes a line of comma-separated values for each example of the first run: its id,
// text and gold label, then for every run what it said and the probabilities of that and of the gold
// label, and how many runs were right. A run without a prediction for the example has empty fields.
func (c Comparison) WriteExamples(w io.Writer) error {
	out := csv.NewWriter(w)
	header := []string{"id", "text", "gold"}
	said := make([]map[string]PredictionLine, len(c.Runs))
	for i, run := range c.Runs {
		header = append(header, run.Name+" said", run.Name+" p(said)", run.Name+" p(gold)")
		said[i] = map[string]PredictionLine{}
		for _, p := range run.predictions {
			said[i][p.ID] = p
		}
	}
	rows := [][]string{append(header, "runs right")}
	for _, first := range c.Runs[0].predictions {
		row, right := []string{first.ID, first.Text, first.Gold}, 0
		for i := range c.Runs {
			p, known := said[i][first.ID]
			if !known {
				row = append(row, "", "", "")
				continue
			}
			if p.Right() {
				right++
			}
			row = append(row, p.Predicted, fmt.Sprint(float64(p.said().Confidence)), fmt.Sprint(float64(p.sure(p.Gold, p.GoldLabels))))
		}
		rows = append(rows, append(row, fmt.Sprint(right)))
	}
	return out.WriteAll(rows)
}
