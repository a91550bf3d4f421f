package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// sampleRows is how many rows are looked at before the columns get their roles.
const sampleRows = 1000

// readCSV reads comma- or semicolon-separated rows with quotes.
func readCSV(src *source, o Options) (*harvest, error) {
	return readTable(newRecords(src, sniffComma(src), true), o)
}

// readTSV reads tab-separated rows. A quote is an ordinary character in them.
func readTSV(src *source, o Options) (*harvest, error) {
	return readTable(newRecords(src, '\t', false), o)
}

// A row is one record kept beyond the next read.
type row struct {
	fields []string
	line   int
}

// A table turns records into examples.
type table struct {
	*harvest
	*layout
}

// readTable looks at the first rows to learn the columns, then streams.
func readTable(r *records, o Options) (*harvest, error) {
	h := newHarvest(r.src, o)
	sample, end, err := takeSample(r)
	if err != nil {
		return nil, named(err, sample, o)
	}
	if len(sample) == 0 {
		return nil, h.fail(0, "", "an empty file", "rows of text and labels")
	}
	names, rows := header(sample, o)
	l, err := detect(names, values(rows), o)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", h.file, err)
	}
	t := &table{h, l}
	r.names = names
	h.kind, h.labelColumn, h.separator = l.kind, l.name(l.label), l.separator
	for _, s := range rows {
		if err := t.take(bytesOf(s.fields), s.line); err != nil {
			return nil, err
		}
	}
	if !end {
		if err := t.stream(r); err != nil {
			return nil, err
		}
	}
	if len(h.examples) == 0 && h.skipped == 0 {
		return nil, h.fail(0, "", "a header and no rows", "rows of text and labels")
	}
	return h.finish()
}

// takeSample reads the first rows; end says that the file holds no more.
func takeSample(r *records) (sample []row, end bool, err error) {
	for len(sample) < sampleRows {
		fields, err := r.read()
		if err == io.EOF {
			return sample, true, nil
		}
		if err != nil {
			return sample, false, err
		}
		if blank(fields) && len(sample) == 0 {
			continue
		}
		s := row{make([]string, len(fields)), r.line}
		for i, f := range fields {
			s.fields[i] = string(f)
		}
		sample = append(sample, s)
	}
	return sample, false, nil
}

// named puts the name of the column into an error that knows its number, when
// the rows before it tell the names.
func named(err error, sample []row, o Options) error {
	var p *Problem
	if len(sample) == 0 || !errors.As(err, &p) {
		return err
	}
	if i, wrong := strconv.Atoi(p.Column); wrong == nil {
		names, _ := header(sample, o)
		p.Column = nameOf(names, i-1)
	}
	return err
}

// stream takes all remaining rows.
func (t *table) stream(r *records) error {
	for {
		fields, err := r.read()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = t.take(fields, r.line)
		}
		if err != nil {
			return err
		}
	}
}

// take turns one row into an example, or into a problem.
func (t *table) take(fields [][]byte, line int) error {
	if blank(fields) {
		t.skip(line, "", blankRow, count(len(t.names), "column"))
		return nil
	}
	if len(fields) != len(t.names) && !onlyBlank(fields, len(t.names)) {
		expected := count(len(t.names), "column")
		if len(fields) > len(t.names) {
			expected += " (a text that holds the separator must be in quotes)"
		}
		return t.bad(line, t.odd(len(fields)), count(len(fields), "column"), expected)
	}
	if i := slices.IndexFunc(fields, hasNUL); i >= 0 {
		return t.fail(line, t.name(i), "a zero byte", "text")
	}
	for _, i := range []int{t.text, t.pair, t.label, t.target} {
		if i != none && len(bytes.TrimSpace(fields[i])) == 0 && (i != t.label || t.layout.kind != MultiLabel) {
			t.skip(line, t.name(i), "nothing", "text")
			return nil
		}
	}
	e := Example{
		ID: t.cell(fields, t.id, line), Text: t.cell(fields, t.text, line), Pair: t.cell(fields, t.pair, line),
		Target: t.cell(fields, t.target, line), Line: line,
	}
	if t.layout.kind != MultiLabel {
		e.Label = t.class(fields, line)
	} else if e.Labels = t.several(fields, line); e.Labels == nil {
		return nil
	}
	t.add(e)
	return nil
}

// several returns the labels of a row, nil when it cannot be used.
func (t *table) several(fields [][]byte, line int) []string {
	if t.flags == nil {
		return t.parted(t.utf8(string(fields[t.label]), line, t.name(t.label)), t.layout.separator, line)
	}
	return t.flagged(t.layout, line, func(i int) (cell, found string) { return string(fields[i]), "nothing" })
}

// odd names the first column that is missing of n, or the first too many.
func (t *table) odd(n int) string { return nameOf(t.names, min(n, len(t.names))) }

// cell returns the trimmed text of column i.
func (t *table) cell(fields [][]byte, i, line int) string {
	if i == none {
		return ""
	}
	return t.kept(bytes.TrimSpace(fields[i]), line, t.name(i))
}

// class returns the label, one shared copy for each class.
func (t *table) class(fields [][]byte, line int) string {
	if t.label == none {
		return ""
	}
	return t.utf8(t.intern(bytes.TrimSpace(fields[t.label])), line, t.name(t.label))
}

func hasNUL(b []byte) bool { return bytes.IndexByte(b, 0) >= 0 }

// blank says that a row has no visible character.
func blank(fields [][]byte) bool { return onlyBlank(fields, 0) }

// onlyBlank says that the row has more than n fields and that those after the
// first n are blank, as when rows end in separators.
func onlyBlank(fields [][]byte, n int) bool {
	for i := n; i < len(fields); i++ {
		if len(bytes.TrimSpace(fields[i])) > 0 {
			return false
		}
	}
	return len(fields) > n
}

func values(rows []row) [][]string {
	v := make([][]string, len(rows))
	for i, r := range rows {
		v[i] = r.fields
	}
	return v
}

func bytesOf(fields []string) [][]byte {
	b := make([][]byte, len(fields))
	for i, f := range fields {
		b[i] = []byte(f)
	}
	return b
}
