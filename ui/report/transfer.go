package report

import (
	"fmt"

	"defrost/engine"
)

// Transfer is the report of a table of transfer: a table for each backbone, a row for each mode and a
// column for each data set.
func Transfer(name string, tables []engine.TransferTable) Document {
	d := Document{Title: name, Data: tables, Lead: []string{
		"Mean over seeds in percent, on dev and test together, ± half the width of Student's 95% interval; in brackets how many seeds where there are fewer than in other cells.",
	}}
	for _, t := range tables {
		d.Tables = append(d.Tables, transferTable(t))
	}
	return d
}

func transferTable(t engine.TransferTable) Table {
	out := Table{t.Backbone, [][]string{append([]string{""}, t.Data...)}}
	most := 0
	for _, row := range t.Cells {
		for _, c := range row {
			if c != nil {
				most = max(most, c.Seeds)
			}
		}
	}
	for m, mode := range t.Modes {
		row := []string{mode}
		for _, c := range t.Cells[m] {
			row = append(row, transferCell(c, most))
		}
		out.Rows = append(out.Rows, row)
	}
	row := []string{"best - scratch"}
	for _, g := range t.Gains {
		if g == nil {
			row = append(row, "-")
			continue
		}
		row = append(row, fmt.Sprintf("%+.1f%s (%s)", 100*float64(g.Value), within(g.Measure), g.Mode))
	}
	out.Rows = append(out.Rows, row)
	return out
}

// transferCell is a mean and how sure it is.
func transferCell(c *engine.TransferCell, most int) string {
	if c == nil {
		return "-"
	}
	text := fmt.Sprintf("%.1f", 100*float64(c.Value))
	if c.Seeds > 1 {
		text += within(c.Measure)
	}
	if c.Seeds < most {
		text += fmt.Sprintf(" (%d)", c.Seeds)
	}
	return text
}

// within is half the width of an interval, nothing of one without ends.
func within(m engine.Measure) string {
	half := 50 * float64(m.High-m.Low)
	if !(half > 0 && half < 100) {
		return ""
	}
	return fmt.Sprintf(" ± %.1f", half)
}
