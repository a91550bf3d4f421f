package datasets

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
)

// records reads rows of separated fields. Quotes are read as Python's csv
// module and spreadsheets do: a field that begins with a quote runs to the
// closing quote, over commas and line ends, and "" inside it is one quote; a
// quote anywhere else is an ordinary character.
type records struct {
	src    *source
	comma  byte
	quoted bool     // tab-separated files have no quoting
	names  []string // of the columns, once they are known
	line   int      // 1-based line on which the current row began
	next   int      // line on which the next row begins

	raw    []byte   // the row's characters, fields joined
	ends   []int    // where each field ends in raw
	fields [][]byte // views of raw
	long   []byte   // a physical line longer than the buffer
}

func newRecords(src *source, comma byte, quoted bool) *records {
	return &records{src: src, comma: comma, quoted: quoted, next: 1}
}

// read returns the fields of the next row, io.EOF after the last. They are
// only good until the next call.
func (r *records) read() ([][]byte, error) {
	r.raw, r.ends, r.line = r.raw[:0], r.ends[:0], r.next
	line, err := r.physical()
	if err != nil {
		return nil, err
	}
	for {
		if r.quoted && len(line) > 0 && line[0] == '"' {
			if line, err = r.quote(line[1:]); err != nil {
				return nil, err
			}
		}
		i := bytes.IndexByte(line, r.comma)
		if i < 0 {
			r.field(trimEnding(line))
			return r.view(), nil
		}
		r.field(line[:i])
		line = line[i+1:]
	}
}

// field ends the current field with its last characters.
func (r *records) field(b []byte) {
	r.raw = append(r.raw, b...)
	r.ends = append(r.ends, len(r.raw))
}

// view cuts raw into fields.
func (r *records) view() [][]byte {
	r.fields = r.fields[:0]
	from := 0
	for _, to := range r.ends {
		r.fields = append(r.fields, r.raw[from:to:to])
		from = to
	}
	return r.fields
}

// quote reads a quoted field up to its closing quote, taking more lines as
// needed, and returns what follows the quote.
func (r *records) quote(line []byte) ([]byte, error) {
	opened, column := r.next-1, len(r.ends)
	for {
		if len(r.raw) > maxLine {
			return nil, r.unclosed(opened, column)
		}
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			r.raw = append(r.raw, line...)
			var err error
			if line, err = r.physical(); err == io.EOF {
				return nil, r.unclosed(opened, column)
			} else if err != nil {
				return nil, err
			}
			continue
		}
		r.raw = append(r.raw, line[:i]...)
		line = line[i+1:]
		if len(line) == 0 || line[0] != '"' {
			return line, nil
		}
		r.raw = append(r.raw, '"')
		line = line[1:]
	}
}

// unclosed is the error for a quote that was opened in a column.
func (r *records) unclosed(line, column int) error {
	return &Problem{File: r.src.name, Line: line, Column: nameOf(r.names, column), Found: "a quote that is never closed", Expected: `a closing "`}
}

// nameOf is the name of column i, its number from 1 where there are no names.
func nameOf(names []string, i int) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return strconv.Itoa(i + 1)
}

// physical returns the next line of the file with its ending, io.EOF at the end.
func (r *records) physical() ([]byte, error) {
	r.long = r.long[:0]
	for {
		chunk, err := r.src.ReadSlice('\n')
		if len(r.long)+len(chunk) > maxLine {
			return nil, r.src.tooLong(r.next)
		}
		if err == bufio.ErrBufferFull {
			r.long = append(r.long, chunk...)
			continue
		}
		if err != nil && err != io.EOF {
			return nil, r.src.failed(err, r.next)
		}
		if len(r.long) > 0 {
			r.long = append(r.long, chunk...)
			chunk = r.long
		}
		if len(chunk) == 0 {
			return nil, io.EOF
		}
		r.next++
		return chunk, nil
	}
}

// trimEnding drops one LF or CR LF.
func trimEnding(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}

// sniffComma picks the separator of a .csv file from its first line: the one
// of comma, semicolon and tab that occurs most outside quotes.
func sniffComma(src *source) byte {
	head, _ := src.Peek(64 << 10)
	var counts [256]int
	inQuotes := false
	for _, c := range head {
		if c == '"' {
			inQuotes = !inQuotes
		}
		if c == '\n' && !inQuotes {
			break
		}
		if !inQuotes {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}
