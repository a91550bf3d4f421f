package data

import (
	"fmt"

	"defrost/datasets"
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the data set at the cursor in numbers: its splits, its labels, and the rows that could not
// be used.
func (m *Model) Export() (e shared.Exported, ok bool) {
	d := m.current()
	if d == nil || d.Len() == 0 {
		return e, false
	}
	return shared.Exported{Name: "data " + d.Name, Make: func() (report.Document, error) {
		return report.Document{Title: d.Name, Lead: sentences(d), Tables: report.Filled(splits(d), labels(d), problems(d))}, nil
	}}, true
}

func sentences(d *datasets.Dataset) []string {
	var list []string
	for _, text := range []string{d.Description, d.Source, d.Licence} {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// parts are the splits that a data set has.
func parts(d *datasets.Dataset) []datasets.Part {
	var list []datasets.Part
	for _, p := range datasets.Parts() {
		if len(d.Part(p)) > 0 {
			list = append(list, p)
		}
	}
	return list
}

func splits(d *datasets.Dataset) report.Table {
	t := report.Table{Title: "splits", Rows: [][]string{{"split", "examples", "characters"}}}
	for _, p := range parts(d) {
		n := 0
		for _, ex := range d.Part(p) {
			n += len([]rune(whole(ex)))
		}
		t.Rows = append(t.Rows, []string{string(p), fmt.Sprint(len(d.Part(p))), fmt.Sprint(n)})
	}
	return t
}

// labels counts the examples of each label, or the words of each tag, in every split.
func labels(d *datasets.Dataset) report.Table {
	t := report.Table{Title: "labels", Rows: [][]string{{"label"}}}
	for _, name := range d.Labels {
		t.Rows = append(t.Rows, []string{name})
	}
	for _, p := range parts(d) {
		t.Rows[0] = append(t.Rows[0], string(p))
		for i, n := range d.LabelCounts(p) {
			t.Rows[i+1] = append(t.Rows[i+1], fmt.Sprint(n))
		}
	}
	return t
}

func problems(d *datasets.Dataset) report.Table {
	t := report.Table{Title: "problems", Rows: [][]string{{"where", "found", "expected"}}}
	for _, p := range d.Problems {
		t.Rows = append(t.Rows, []string{spot(p), p.Found, p.Expected})
	}
	return t
}
