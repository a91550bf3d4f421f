package datasets

import (
	"bytes"
	"strconv"
	"strings"
)

// readCoNLL reads one word per line with its tag in the last column (or the
// column whose number the label option gives), sentences apart by blank lines,
// two to four columns, between tabs if the file has any, else between blanks.
// Document marks (-DOCSTART-) and comments are left out. The Line of an
// example is that of its first word.
func readCoNLL(src *source, o Options) (*harvest, error) {
	c := &conll{harvest: newHarvest(src, o)}
	c.kind = Tag
	var err error
	if c.column, err = c.tagColumn(o.LabelColumn); err != nil {
		return nil, err
	}
	if err := src.lines(c.take); err != nil {
		return nil, err
	}
	c.end()
	c.checkTags(func(e *Example, i int) (int, string) { return e.Line + i, "tag" })
	return c.finish()
}

// conll gathers the lines of a sentence.
type conll struct {
	*harvest
	columns int // how many the first line had
	column  int // 0-based, or none for the last
	tabs    bool
	open    Example
	broken  bool // the open sentence has a line that cannot be used
}

// tagColumn reads the number of the tag column, none when it was not given.
func (c *conll) tagColumn(asked string) (int, error) {
	if asked == "" {
		return none, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 2 {
		return none, c.fail(0, "", "the label column "+quote(asked), "its number in a file of columns, 2 or more")
	}
	return n - 1, nil
}

// take reads one line.
func (c *conll) take(n int, line []byte) error {
	text := strings.TrimSpace(string(line))
	if text == "" {
		c.end()
		return nil
	}
	if c.broken {
		return nil
	}
	fields := c.split(line)
	if fields[0] == "-DOCSTART-" || text[0] == '#' && len(fields) != c.columns && c.open.Words == nil {
		return nil
	}
	if c.columns == 0 {
		c.columns = len(fields)
		if c.columns < 2 || c.columns > 4 || c.column >= c.columns {
			return c.fail(n, "", count(len(fields), "column"), "a word and its tag in 2 to 4 columns")
		}
	}
	tag := c.column
	if tag == none {
		tag = c.columns - 1
	}
	if err := c.check(n, fields, tag); err != nil || c.broken {
		return err
	}
	if c.open.Words == nil {
		c.open.Line = n
	}
	c.open.Words = append(c.open.Words, c.utf8(fields[0], n, "word"))
	c.open.Tags = append(c.open.Tags, c.utf8(c.intern([]byte(fields[tag])), n, "tag"))
	return nil
}

// check refuses a line that is no word with its tag. Where it is left out its
// whole sentence is: one with a gap is another sentence.
func (c *conll) check(n int, fields []string, tag int) error {
	p := Problem{File: c.file, Line: n}
	switch {
	case len(fields) != c.columns:
		p.Column, p.Found = strconv.Itoa(min(len(fields), c.columns)+1), count(len(fields), "column")
		p.Expected = count(c.columns, "column")
	case fields[0] == "":
		p.Column, p.Found, p.Expected = "word", "the tag "+quote(fields[tag])+" without a word", "a word before it"
	case fields[tag] == "":
		p.Column, p.Found, p.Expected = "tag", "the word "+quote(fields[0])+" without a tag", "a tag behind it"
	default:
		return nil
	}
	c.broken = true
	if len(fields) == c.columns { // as empty cells are elsewhere: listed, not refused
		c.skip(n, p.Column, p.Found, p.Expected)
		return nil
	}
	return c.refuse(&p)
}

// split cuts a line into columns; the first line decides about tabs.
func (c *conll) split(line []byte) []string {
	if c.columns == 0 {
		c.tabs = bytes.IndexByte(line, '\t') >= 0
	}
	if !c.tabs {
		return strings.Fields(string(line))
	}
	fields := strings.Split(string(line), "\t")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

// end keeps the open sentence.
func (c *conll) end() {
	if c.open.Words != nil && !c.broken {
		c.add(c.open)
	}
	c.open, c.broken = Example{}, false
}
