package engine

import "defrost/datasets"

// A Table says how the rows of a table become examples. A column without a name is found by itself.
type Table struct {
	Text        string `json:"text,omitempty"`          // column of the text
	Pair        string `json:"pair,omitempty"`          // column of a second text
	Label       string `json:"label,omitempty"`         // column of the label
	SkipBadRows bool   `json:"skip_bad_rows,omitempty"` // leave broken rows out instead of refusing the file
}

// Table is how the recipe's data is read.
func (r Recipe) Table() Table { return Table{r.Text, r.Pair, r.Label, r.SkipBadRows} }

// with is the recipe whose data is read as t says.
func (r Recipe) with(t Table) Recipe {
	r.Text, r.Pair, r.Label, r.SkipBadRows = t.Text, t.Pair, t.Label, t.SkipBadRows
	return r
}

// options say how data sets are opened: with the split that all recipes share.
func (t Table) options() datasets.Options {
	return datasets.Options{TextColumn: t.Text, PairColumn: t.Pair, LabelColumn: t.Label, SkipBadRows: t.SkipBadRows, Seed: splitSeed}
}
