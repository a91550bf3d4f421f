package words

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"defrost/engine/metric"
)

// A Pair is two words and how alike people find them, on any scale.
type Pair struct {
	A, B  string
	Score float64
}

// ReadPairs reads a similarity benchmark: two words and a number a line, with tabs, commas or
// blanks between; a first line without a number is a header, lines that open with # are comments.
func ReadPairs(r io.Reader) ([]Pair, error) {
	var pairs []Pair
	err := eachLine(r, func(n int, line string) error {
		p, err := readPair(line)
		switch {
		case err == nil:
			pairs = append(pairs, p)
		case n > 1:
			return fmt.Errorf("words: line %d: %w", n, err)
		}
		return nil
	})
	if err == nil && len(pairs) == 0 {
		err = fmt.Errorf("words: found no pairs, expected two words and a number a line")
	}
	return pairs, err
}

func readPair(line string) (Pair, error) {
	separator := func(r rune) bool { return r == '\t' || r == ',' || r == ' ' || r == ';' }
	fields := strings.FieldsFunc(line, separator)
	if len(fields) != 3 {
		return Pair{}, fmt.Errorf("found %.60q, expected two words and a number", line)
	}
	score, err := strconv.ParseFloat(fields[2], 64)
	if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
		return Pair{}, fmt.Errorf("found %.40q, expected a number", fields[2])
	}
	return Pair{fields[0], fields[1], score}, nil
}

// eachLine calls f with the number and text of every line that is neither blank nor a comment.
func eachLine(r io.Reader, f func(n int, line string) error) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := f(n, line); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("words: %w", err)
	}
	return nil
}

// A SimilarityScore says how well cosines agree with people.
type SimilarityScore struct {
	Pairs    int     `json:"pairs"`
	Covered  int     `json:"covered"`  // pairs of which both words have a vector
	Spearman float64 `json:"spearman"` // over those, -1 to 1
}

// Similarity is the rank correlation of cosines with what people said.
func (s *Space) Similarity(pairs []Pair) SimilarityScore {
	score, agree := SimilarityScore{Pairs: len(pairs)}, metric.NewSpearman()
	for _, p := range pairs {
		if cosine, err := s.Cosine(p.A, p.B); err == nil {
			score.Covered++
			agree.Add(p.Score, cosine)
		}
	}
	score.Spearman = agree.Value()
	return score
}
