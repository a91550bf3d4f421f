package datasets

import (
	"bytes"
	"strings"
)

// readText reads running text. Its documents are kept whole, see shapeOf. A
// .txt file whose lines all have the same number of tabs is a table, and one
// that begins with a document mark is CoNLL.
func readText(src *source, o Options) (*harvest, error) {
	head, _ := src.Peek(bufferSize)
	switch {
	case bytes.HasPrefix(head, []byte("-DOCSTART-")):
		return readCoNLL(src, o)
	case tabular(head[:min(len(head), 64<<10)]):
		return readTSV(src, o)
	}
	h := newHarvest(src, o)
	h.kind = Text
	d := &documents{h: h, shape: shapeOf(head), blank: true}
	if err := src.lines(func(n int, line []byte) error { d.take(n, line); return nil }); err != nil {
		return nil, err
	}
	d.end()
	if len(h.examples) == 0 {
		return nil, h.fail(0, "", "an empty file", "text")
	}
	return h.finish()
}

// A shape says what parts the documents of a text file.
type shape int

const (
	byLine    shape = iota // every line is a text, as in LAMBADA
	byBlank                // blank lines stand between them, as paragraphs of a book
	byHeading              // " = Title = " begins one, as in WikiText
)

// linesOfBlock is from how many lines a block has, on average, that lines are
// taken for parts of it.
const linesOfBlock = 2

// shapeOf looks at the beginning of a file. Headings of the first level make
// it WikiText; several blocks of two lines or more between blank lines are
// documents; otherwise every line is one.
func shapeOf(head []byte) shape {
	blocks, lines, blank := 0, 0, true
	for line := range bytes.Lines(head) {
		was := blank
		if blank = len(bytes.TrimSpace(line)) == 0; blank {
			continue
		}
		if was && isHeading(string(line)) {
			return byHeading
		}
		if was {
			blocks++
		}
		lines++
	}
	if blocks > 1 && lines >= linesOfBlock*blocks {
		return byBlank
	}
	return byLine
}

// isHeading says that a line is a heading of the first level: " = Title = ",
// where " = = Section = = " is one of the second. So may be a formula, but that
// has no blank lines around it.
func isHeading(line string) bool {
	words := strings.Fields(line)
	n := len(words)
	return n > 2 && words[0] == "=" && words[n-1] == "=" && words[1] != "=" && words[n-2] != "="
}

// documents gathers the lines of each document.
type documents struct {
	h     *harvest
	shape shape
	text  []byte
	line  int  // on which the open document has its first text, 0 for none
	blank bool // the line before was
	title int  // where in text a line begins that is a title if a blank one follows
	on    int  // its number, 0 for none
}

// take takes line n.
func (d *documents) take(n int, line []byte) {
	blank := len(bytes.TrimSpace(line)) == 0
	switch {
	case d.shape == byLine, d.shape == byBlank && blank:
		d.end()
	case d.on > 0 && blank:
		d.part()
	}
	d.on = 0
	if d.shape == byHeading && d.blank && isHeading(string(line)) {
		d.title, d.on = len(d.text), n
	}
	d.blank = blank
	if d.line == 0 && !blank {
		d.line = n
	}
	d.text = append(append(d.text, line...), '\n')
}

// part ends the open document before the title that was its last line.
func (d *documents) part() {
	if d.line == d.on {
		return // the first text of the file
	}
	next := bytes.Clone(d.text[d.title:])
	d.text = d.text[:d.title]
	title := d.on
	d.end()
	d.text, d.line = append(d.text, next...), title
}

// end keeps the open document. An article of WikiText keeps its blank lines
// and the end of its last one: its perplexity per word counts ends of lines.
func (d *documents) end() {
	if d.line == 0 {
		return // blank lines before the first text belong to it
	}
	text := d.text
	if d.shape != byHeading {
		text = bytes.TrimSpace(text)
	}
	d.h.add(Example{Text: d.h.kept(text, d.line, ""), Line: d.line})
	d.text, d.line = d.text[:0], 0
}

// tabular says that the whole lines of head all have the same tabs.
func tabular(head []byte) bool {
	tabs := 0
	for line := range bytes.Lines(head) {
		n := bytes.Count(line, []byte{'\t'})
		if len(bytes.TrimSpace(line)) == 0 || line[len(line)-1] != '\n' && tabs > 0 {
			continue
		}
		if tabs == 0 {
			tabs = n
		}
		if n == 0 || n != tabs {
			return false
		}
	}
	return tabs > 0
}
