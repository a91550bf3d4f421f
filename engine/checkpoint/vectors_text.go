package checkpoint

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// maxLine bounds a line of a text file, in bytes; 1024 numbers take about 12,000.
const maxLine = 1 << 20

// ReadVectors reads word vectors as text, one word and its dim numbers a line, with or
// without word2vec's header "N D". See OpenVectors for dim and keep.
func ReadVectors(r io.Reader, dim int, keep func(word string) bool) (*Vectors, error) {
	v, err := readText(r, dim, keep)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: word vectors: %w", err)
	}
	return v, nil
}

// lines hands out a text's lines without what blanks end them, and counts them.
type lines struct {
	r      *bufio.Reader
	number int
}

// next returns the next line that is not blank, valid until the call after; io.EOF at
// the end.
func (l *lines) next() ([]byte, error) {
	for {
		l.number++
		line, err := l.r.ReadSlice('\n')
		if line = bytes.TrimRight(line, " \t\r\n"); len(line) > 0 && (err == nil || err == io.EOF) {
			return line, nil
		}
		if err == bufio.ErrBufferFull {
			err = fmt.Errorf("found no end of line in %d bytes", maxLine)
		}
		if err != nil {
			return nil, err
		}
	}
}

func readText(r io.Reader, dim int, keep func(word string) bool) (*Vectors, error) {
	text := &lines{r: bufio.NewReaderSize(r, maxLine)}
	v := &Vectors{}
	line, err := text.next()
	if err != nil {
		return nil, fmt.Errorf("line 1: found no words: %w", err)
	}
	words, stated, isHeader := header(line)
	switch {
	case isHeader && dim != 1: // of one number a word, "7 1" is a line like any other
		err = v.setDim(dim, stated)
		line = nil
	case dim == 0:
		err = v.setDim(0, bytes.Count(line, []byte(" ")))
		words = -1
	default:
		err = v.setDim(dim, dim)
		words = -1
	}
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	seen, err := v.lines(text, line, keep)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", text.number, err)
	}
	if words >= 0 && seen != words {
		return nil, fmt.Errorf("found %d words, expected the %d of the header", seen, words)
	}
	return v, nil
}

// lines reads words from line (when not nil) and all that follow, and counts them.
func (v *Vectors) lines(text *lines, line []byte, keep func(word string) bool) (seen int, err error) {
	for {
		if line != nil {
			if err := v.line(line, keep); err != nil {
				return seen, err
			}
			seen++
		}
		if line, err = text.next(); err == io.EOF {
			return seen, nil
		} else if err != nil {
			return seen, err
		}
	}
}

// line reads one word. The numbers are split off from the right, because some words
// of GloVe hold blanks themselves (". . .").
func (v *Vectors) line(line []byte, keep func(word string) bool) error {
	cut := len(line)
	for found := range v.Dim {
		if cut = bytes.LastIndexByte(line[:cut], ' '); cut < 0 {
			return fmt.Errorf("found %d numbers, expected %d", found, v.Dim)
		}
	}
	word := string(line[:cut])
	if keep != nil && !keep(word) {
		return nil
	}
	row := v.add(word)
	if row == nil {
		return nil
	}
	return parseRow(row, line[cut+1:])
}

// parseRow reads len(row) numbers, one blank between them.
func parseRow(row []float32, text []byte) error {
	for i := range row {
		field := text
		if i < len(row)-1 {
			end := bytes.IndexByte(text, ' ')
			field, text = text[:end], text[end+1:]
		}
		f, ok := parseFloat(field)
		if !ok {
			return fmt.Errorf("found %.40q, expected a number", field)
		}
		row[i] = f
	}
	return nil
}
