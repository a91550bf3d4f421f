package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Markdown writes the sentences and the tables; charts are left to a picture beside it.
func (d Document) Markdown(w io.Writer) error {
	var b strings.Builder
	if d.Title != "" {
		fmt.Fprintf(&b, "## %s\n\n", flat(d.Title))
	}
	for _, s := range d.Lead {
		fmt.Fprintf(&b, "%s\n\n", flat(s))
	}
	for _, t := range d.Tables {
		t.markdown(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes a heading and a table, whose rows are all as long as the longest.
func (t Table) markdown(b *strings.Builder) {
	if len(t.Rows) == 0 {
		return
	}
	fmt.Fprintf(b, "### %s\n\n", flat(t.Title))
	columns := t.columns()
	for i, row := range t.Rows {
		b.WriteString("|")
		for column := range columns {
			b.WriteString(" " + cell(row, column) + " |")
		}
		b.WriteString("\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", columns) + "\n")
		}
	}
	b.WriteString("\n")
}

func (t Table) columns() int {
	n := 0
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	return n
}

// cell is what a Markdown table can hold of a text: no line breaks, and bars escaped.
func cell(row []string, column int) string {
	if column >= len(row) {
		return ""
	}
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;").Replace(flat(row[column]))
}

// flat is a text on one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// CurvesCSV writes one line per point: chart, line, x, y, and low and high where there are any.
func (d Document) CurvesCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"chart", "line", "axis", "x", "y", "low", "high"}}
	for _, c := range d.Charts {
		for _, l := range c.Lines {
			for _, p := range l.Points {
				row := []string{c.Title, l.Name, c.X, full(p.X), full(p.Y), "", ""}
				if l.Spread != 0 {
					row[5], row[6] = full(p.Low), full(p.High)
				}
				rows = append(rows, row)
			}
		}
	}
	return out.WriteAll(rows)
}

// CSV writes the table.
func (t Table) CSV(w io.Writer) error {
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = append(rows[i], row...)
		for len(rows[i]) < t.columns() {
			rows[i] = append(rows[i], "")
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// full is a number with all its digits.
func full(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
