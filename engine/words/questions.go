package words

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"defrost/engine/gemm"
)

// A Section is a named part of an analogy benchmark.
type Section struct {
	Name      string
	Questions [][4]string // a is to b as c is to d
}

// ReadQuestions reads an analogy benchmark in the format of questions-words.txt: four words a
// line, sections opened by lines ": NAME".
func ReadQuestions(r io.Reader) ([]Section, error) {
	var list []Section
	total := 0
	err := eachLine(r, func(n int, line string) error {
		if name, opens := strings.CutPrefix(line, ":"); opens {
			list = append(list, Section{Name: strings.TrimSpace(name)})
			return nil
		}
		fields := strings.Fields(line)
		if len(fields) != 4 {
			return fmt.Errorf("words: line %d: found %d words, expected 4", n, len(fields))
		}
		if len(list) == 0 {
			list = append(list, Section{Name: "all"})
		}
		last := &list[len(list)-1]
		last.Questions = append(last.Questions, [4]string(fields))
		total++
		return nil
	})
	if err == nil && total == 0 {
		err = fmt.Errorf("words: found no questions, expected four words a line")
	}
	return list, err
}

// A SectionScore counts the answers of a section.
type SectionScore struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"`
	Covered   int    `json:"covered"` // questions of which all four words have a vector
	Right     int    `json:"right"`   // of those, where d is the best answer
}

// Accuracy is the share of the covered questions answered right, 0 to 1; 0 without any.
func (s SectionScore) Accuracy() float64 {
	return float64(s.Right) / float64(max(s.Covered, 1))
}

// questionBatch is the number of questions answered at once: enough to fill the matrix product,
// few enough that their scores (questionBatch, V) stay small.
const questionBatch = 64

// Analogies answers every covered question by 3CosAdd and counts, section by section. It stops
// early when ctx is done.
func (s *Space) Analogies(ctx context.Context, sections []Section) ([]SectionScore, error) {
	var scores []SectionScore
	for _, section := range sections {
		score := SectionScore{Name: section.Name, Questions: len(section.Questions)}
		covered := s.covered(section.Questions)
		score.Covered = len(covered)
		for batch := range slices.Chunk(covered, questionBatch) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			score.Right += s.answer(batch)
		}
		scores = append(scores, score)
	}
	return scores, nil
}

// Total adds sections up.
func Total(scores []SectionScore) SectionScore {
	total := SectionScore{Name: "total"}
	for _, s := range scores {
		total.Questions += s.Questions
		total.Covered += s.Covered
		total.Right += s.Right
	}
	return total
}

// covered are the rows of the questions whose words all have a vector.
func (s *Space) covered(questions [][4]string) [][4]int {
	var list [][4]int
	for _, q := range questions {
		var rows [4]int
		known := 0
		for i, w := range q {
			if row, ok := s.Find(w); ok {
				rows[i] = row
				known++
			}
		}
		if known == len(q) {
			list = append(list, rows)
		}
	}
	return list
}

// answer counts the questions of a batch whose fourth word scores best.
func (s *Space) answer(batch [][4]int) (right int) {
	points, scores := make([]float32, len(batch)*s.Dim), make([]float32, len(batch)*len(s.Words))
	for i, q := range batch {
		s.point(points[i*s.Dim:(i+1)*s.Dim], [3]int(q[:3]))
	}
	gemm.Mul(gemm.Of(scores, len(batch), len(s.Words)), gemm.Of(points, len(batch), s.Dim), gemm.Of(s.unit, len(s.Words), s.Dim).T(), gemm.Options{})
	for i, q := range batch {
		if best(scores[i*len(s.Words):(i+1)*len(s.Words)], q[:3]) == q[3] {
			right++
		}
	}
	return right
}

// best is the index of the highest score, the indices in except left out; -1 when none is left.
func best(scores []float32, except []int) int {
	at := -1
	for i, x := range scores {
		if (at < 0 || x > scores[at]) && !slices.Contains(except, i) {
			at = i
		}
	}
	return at
}
