package datasets

import (
	"bytes"
)

// readJSONL reads one JSON object per line.
func readJSONL(src *source, o Options) (*harvest, error) {
	t := newRecordTable(src, o)
	err := src.lines(func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			t.skip(n, "", blankRow, "a JSON object")
			return nil
		}
		return t.giveRaw(line, place{n, 1}, place{n, 0})
	})
	if err != nil {
		return nil, err
	}
	return t.done()
}

// giveRaw hands over the record written as raw at a place; problems with what
// it holds are told of shown.
func (t *recordTable) giveRaw(raw []byte, at, shown place) error {
	var r record
	if p := decodeAt(t.file, at, raw, &r); p != nil {
		return t.refuse(p)
	}
	if r == nil {
		return t.refuse(&Problem{File: t.file, Line: at.line, Char: at.char, Found: "null", Expected: "a JSON object"})
	}
	t.noteEncoding(at, raw)
	return t.give(r, shown)
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
	if decodeAt("", place{1, 1}, first, &r) == nil && r["data"] == nil {
		return readJSONL(src, o)
	}
	if len(trimmed) > 0 && trimmed[0] != '{' {
		return readJSONL(src, o) // for its error, which names the line
	}
	return readSquad(src, o)
}

// readArray reads the objects of one JSON array, one at a time.
func readArray(src *source, o Options) (*harvest, error) {
	t := newRecordTable(src, o)
	s := newDocument(src)
	err := s.array("", func() error {
		raw, err := s.value()
		if err != nil {
			return err
		}
		return t.giveRaw(raw, s.at, s.at)
	})
	if err != nil {
		return nil, err
	}
	return t.done()
}
