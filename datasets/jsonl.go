package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// readJSONL reads one JSON object per line.
func readJSONL(src *source, o Options) (*harvest, error) {
	t := newRecordTable(src.name, o)
	err := src.lines(func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			t.skip(n, "", blankRow, "a JSON object")
			return nil
		}
		var r record
		if found := decode(line, &r); found != "" {
			return t.bad(n, "", found, "a JSON object")
		}
		return t.give(r, n)
	})
	if err != nil {
		return nil, err
	}
	return t.done()
}

// decode reads one object, keeping numbers as they are written. It says what
// was found when that is no object.
func decode(line []byte, r *record) string {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(r); err != nil {
		return describe(err)
	}
	if *r == nil {
		return "null"
	}
	if _, err := d.Token(); err != io.EOF {
		return "more text after the object"
	}
	return ""
}

// describe says in plain words what a JSON error found.
func describe(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return "a JSON " + wrong.Value
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "JSON that is cut off"
	}
	return "broken JSON (" + err.Error() + ")"
}

// readJSON reads a .json file: an array of objects, a SQuAD file, or (as the
// hub often has it) one object per line.
func readJSON(src *source, o Options) (*harvest, error) {
	head, _ := src.Peek(bufferSize)
	trimmed := bytes.TrimSpace(head)
	if len(trimmed) > 0 && trimmed[0] == '[' {
		return readArray(src, o)
	}
	first, _, _ := bytes.Cut(trimmed, []byte{'\n'})
	var r record
	if decode(first, &r) == "" && r["data"] == nil {
		return readJSONL(src, o)
	}
	if len(trimmed) > 0 && trimmed[0] != '{' {
		return readJSONL(src, o) // for its error, which names the line
	}
	return readSquad(src, o)
}

// readArray reads the objects of one JSON array, one at a time.
func readArray(src *source, o Options) (*harvest, error) {
	t := newRecordTable(src.name, o)
	counted := &lineCounter{r: src}
	d := json.NewDecoder(counted)
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, t.fail(1, "", describe(err), "a JSON array")
	}
	for d.More() {
		line := counted.lineAt(d.InputOffset() + 1)
		var r record
		if err := d.Decode(&r); err != nil {
			return nil, t.fail(line, "", describe(err), "a JSON object")
		}
		if err := t.give(r, line); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, t.fail(counted.lineAt(d.InputOffset()), "", describe(err), "the end of the array")
	}
	return t.done()
}

// lineCounter remembers where the lines of a stream end, so that an offset
// can be told as a line number. Offsets must be asked for in rising order.
type lineCounter struct {
	r    io.Reader
	ends []int64 // offsets of the line ends that were not passed yet
	read int64
	line int
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// lineAt returns the 1-based line on which the byte at offset stands. The
// separators before a value (comma, line end) belong to it.
func (c *lineCounter) lineAt(offset int64) int {
	for len(c.ends) > 0 && c.ends[0] <= offset {
		c.ends = c.ends[1:]
		c.line++
	}
	return c.line + 1
}
