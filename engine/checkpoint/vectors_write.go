package checkpoint

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// WriteVectors writes word vectors in word2vec's format: binary when path ends in .bin, else text,
// a line "N D" and then a word and its D numbers a line. Numbers read back to the same bits. The
// write is atomic: on any error the previous file survives.
func WriteVectors(path string, v *Vectors) error {
	if len(v.Words) == 0 || v.Dim < 1 || len(v.Data) != len(v.Words)*v.Dim {
		return fmt.Errorf("checkpoint: writing %s: found %d words and %d numbers, expected one word or more of %d numbers each", path, len(v.Words), len(v.Data), v.Dim)
	}
	add := addText
	if filepath.Ext(path) == ".bin" {
		add = addBinary
	}
	err := replaceFile(path, func(f *os.File) error { return writeVectors(f, v, add) })
	if err != nil {
		return fmt.Errorf("checkpoint: writing %s: %w", path, err)
	}
	return nil
}

// writeVectors writes the header and every word by way of add, which appends a word to a line.
func writeVectors(f io.Writer, v *Vectors, add func(line []byte, word string, row []float32) ([]byte, error)) error {
	w := bufio.NewWriterSize(f, 1<<18)
	line := fmt.Appendf(nil, "%d %d\n", len(v.Words), v.Dim)
	for i, word := range v.Words {
		if _, err := w.Write(line); err != nil {
			return err
		}
		for _, f := range v.Row(i) {
			if !finite(f) {
				return fmt.Errorf("%.40q: found %v, expected a number", word, f)
			}
		}
		var err error
		if line, err = add(line[:0], word, v.Row(i)); err != nil {
			return fmt.Errorf("word %d: %w", i+1, err)
		}
	}
	if _, err := w.Write(line); err != nil {
		return err
	}
	return w.Flush()
}

// addText appends a word and its numbers with blanks between.
func addText(line []byte, word string, row []float32) ([]byte, error) {
	if word == "" || strings.ContainsAny(word, "\r\n") {
		return nil, fmt.Errorf("found %.40q, expected a word without line breaks", word)
	}
	line = append(line, word...)
	for _, f := range row {
		line = strconv.AppendFloat(append(line, ' '), float64(f), 'g', -1, 32)
	}
	return append(line, '\n'), nil
}

// addBinary appends a word, a blank and its numbers, little-endian.
func addBinary(line []byte, word string, row []float32) ([]byte, error) {
	if word == "" || len(word) >= longestWord || strings.ContainsAny(word, " \n") {
		return nil, fmt.Errorf("found %.40q, expected a word without blanks and line breaks", word)
	}
	line = append(append(line, word...), ' ')
	for _, f := range row {
		line = binary.LittleEndian.AppendUint32(line, math.Float32bits(f))
	}
	return append(line, '\n'), nil
}
