package datasets

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxProblems bounds the list kept for one file; Dataset.Skipped counts on.
const maxProblems = 100

// A Problem is a place in a file that is not what was expected. It is an error
// when the file cannot be used, otherwise an entry of Dataset.Problems.
type Problem struct {
	File     string
	Line     int    // 1-based line, or row of a parquet file; 0 when the whole file is meant
	Char     int    // 1-based byte of the line; 0 when the line is meant
	Rows     bool   // Line counts rows, as in parquet files, which have no lines
	Column   string // the column's name or number, empty when the row is meant
	Found    string
	Expected string
}

// Error returns the problem on one line: where, what was found, what was expected.
func (p *Problem) Error() string { return "datasets: " + p.String() }

// String returns the problem without the package prefix.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		b.WriteString(":" + p.Place())
	}
	if p.Column != "" {
		fmt.Fprintf(&b, ": column %q", p.Column)
	}
	fmt.Fprintf(&b, ": found %s", p.Found)
	if p.Expected != "" {
		fmt.Fprintf(&b, ", expected %s", p.Expected)
	}
	return b.String()
}

// Place is the line of a file, as 12, its byte too where one is meant, as 12:7,
// and the row of a parquet file as " row 12".
func (p Problem) Place() string {
	switch {
	case p.Rows:
		return fmt.Sprintf(" row %d", p.Line)
	case p.Char > 0:
		return fmt.Sprintf("%d:%d", p.Line, p.Char)
	}
	return strconv.Itoa(p.Line)
}

// A harvest is what one file gave.
type harvest struct {
	file        string
	src         *source
	own         backing
	rows        bool // lines are rows, as Problem.Rows says
	kind        Kind
	labelColumn string
	examples    []Example
	problems    []Problem
	skipped     int
	lastLine    int // of the last row that was used
	words       map[string]string
	lists       map[string][]string // of labels
	separator   string              // between the labels of a cell, "" where cells hold one
	skipBad     bool
	at          place // of the record that is being read, where one line may hold many
}

func newHarvest(src *source, o Options) *harvest {
	return &harvest{file: src.name, src: src, words: map[string]string{}, lists: map[string][]string{}, skipBad: o.SkipBadRows}
}

// add keeps one example.
func (h *harvest) add(e Example) {
	h.room()
	h.examples = append(h.examples, e)
	h.lastLine = e.Line
}

// note keeps a problem that costs no row.
func (h *harvest) note(line int, column, found, expected string) {
	h.noteAt(h.problem(line, column, found, expected))
}

// skip keeps a problem that costs its row.
func (h *harvest) skip(line int, column, found, expected string) {
	h.note(line, column, found, expected)
	h.skipped++
}

// bad is a row that stops the reading, unless bad rows are to be skipped.
func (h *harvest) bad(line int, column, found, expected string) error {
	if h.skipBad {
		h.skip(line, column, found, expected)
		return nil
	}
	return h.fail(line, column, found, expected)
}

// fail is the error for a file that cannot be used.
func (h *harvest) fail(line int, column, found, expected string) error {
	p := h.problem(line, column, found, expected)
	return &p
}

func (h *harvest) problem(line int, column, found, expected string) Problem {
	p := Problem{File: h.file, Line: line, Rows: h.rows && line > 0, Column: column, Found: found, Expected: expected}
	if line == h.at.line {
		p.Char = h.at.char
	}
	return p
}

// refuse is bad for a problem that knows more of its place.
func (h *harvest) refuse(p *Problem) error {
	if !h.skipBad {
		return p
	}
	h.skipped++
	h.noteAt(*p)
	return nil
}

func (h *harvest) noteAt(p Problem) {
	if len(h.problems) < maxProblems {
		h.problems = append(h.problems, p)
	}
}

// intern returns one shared copy of a string that occurs often.
func (h *harvest) intern(b []byte) string {
	if s, ok := h.words[string(b)]; ok {
		return s
	}
	s := string(b)
	h.words[s] = s
	return s
}

// kept is utf8 of bytes that will not last.
func (h *harvest) kept(b []byte, line int, column string) string {
	if utf8.Valid(b) {
		return h.own.keep(b)
	}
	return h.utf8(string(b), line, column)
}

// utf8 mends text that is not UTF-8 and notes where it was.
func (h *harvest) utf8(s string, line int, column string) string {
	mended := strings.ToValidUTF8(s, "\uFFFD")
	if mended != s {
		h.note(line, column, "bytes that are not UTF-8 (shown as \uFFFD)", "UTF-8 text")
	}
	return mended
}

// finish drops the blank rows after the last used one (they are how a file
// ends) and refuses a file that gave nothing.
func (h *harvest) finish() (*harvest, error) {
	h.words, h.lists, h.src, h.own = nil, nil, nil, backing{}
	for n := len(h.problems); n > 0 && h.problems[n-1].Found == blankRow && h.problems[n-1].Line > h.lastLine; n-- {
		h.problems = h.problems[:n-1]
		h.skipped--
	}
	if len(h.examples) > 0 {
		return h, nil
	}
	if len(h.problems) > 0 {
		first := h.problems[0]
		first.Found = "no usable row; the first has " + first.Found
		return nil, &first
	}
	return nil, h.fail(0, "", "no rows", "at least one example")
}

const blankRow = "a blank row"

// quote shows a value in an error, shortened.
func quote(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:37]) + "..."
	}
	return fmt.Sprintf("%q", s)
}

// list joins at most ten names for an error.
func list(names []string) string {
	if len(names) > 10 {
		return strings.Join(names[:10], ", ") + fmt.Sprintf(" and %d more", len(names)-10)
	}
	return strings.Join(names, ", ")
}

// count writes 1 row, 2 rows.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
