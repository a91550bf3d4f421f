package checkpoint

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// longestWord bounds a word of a binary file, in bytes.
const longestWord = 1 << 12

// ReadWord2Vec reads word vectors in word2vec's binary format: a line "N D", then for
// each word its text, a blank and D little-endian float32. See OpenVectors for dim and keep.
func ReadWord2Vec(r io.Reader, dim int, keep func(word string) bool) (*Vectors, error) {
	v, err := readBinary(r, dim, keep)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: word vectors: %w", err)
	}
	return v, nil
}

func readBinary(r io.Reader, dim int, keep func(word string) bool) (*Vectors, error) {
	b := bufio.NewReaderSize(r, maxLine)
	line, err := b.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("found no header: %w", err)
	}
	words, stated, ok := header([]byte(strings.TrimSpace(string(line))))
	if !ok {
		return nil, fmt.Errorf("found the header %.40q, expected two numbers", line)
	}
	v := &Vectors{}
	if err := v.setDim(dim, stated); err != nil {
		return nil, err
	}
	raw := make([]byte, 4*v.Dim)
	for i := range words {
		if err := v.binary(b, raw, keep); err != nil {
			return nil, fmt.Errorf("word %d of %d: %w", i+1, words, err)
		}
	}
	return v, nil
}

// binary reads one word by way of raw.
func (v *Vectors) binary(b *bufio.Reader, raw []byte, keep func(word string) bool) error {
	word, err := b.ReadSlice(' ')
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && len(word) > longestWord {
		err = bufio.ErrBufferFull
	}
	if err != nil {
		return fmt.Errorf("found no end of the word in %d bytes: %w", len(word), err)
	}
	// Some writers end each vector with a line feed, which then leads the next word.
	text := strings.TrimLeft(string(word[:len(word)-1]), "\n")
	if n, err := io.ReadFull(b, raw); err != nil {
		return fmt.Errorf("%.40q: found %d bytes, expected %d: %w", text, n, len(raw), err)
	}
	if keep != nil && !keep(text) {
		return nil
	}
	row := v.add(text)
	if row == nil {
		return nil
	}
	decodeFloats(row, raw, F32)
	for _, f := range row {
		if !finite(f) {
			return fmt.Errorf("%.40q: found %v, expected a number", text, f)
		}
	}
	return nil
}
