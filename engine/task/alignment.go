package task

import (
	"strings"

	"defrost/engine/tokenizer"
)

// An Alignment says which words of a text a writer looked at as it wrote each word of an answer.
type Alignment struct {
	Read    []string    `json:"read"`    // words of the text
	Written []string    `json:"written"` // words of the answer
	Weights [][]float64 `json:"weights"` // [written][read]; what is left to 1 went to special tokens
}

// A word is a stretch of a text with its tokens.
type word struct {
	text   string
	tokens []int // rows of the sequence
}

// wordsOf groups the tokens of a text by its words.
func wordsOf(text string, e tokenizer.Encoding) []word {
	var words []word
	last := int32(-1)
	start := 0
	for row, w := range e.Words {
		if w < 0 || e.Spans[row].End <= e.Spans[row].Start {
			continue
		}
		if w != last {
			words, start, last = append(words, word{}), e.Spans[row].Start, w
		}
		now := &words[len(words)-1]
		now.text = strings.TrimSpace(text[start:e.Spans[row].End])
		now.tokens = append(now.tokens, row)
	}
	return words
}

// align sums looks by the words of the text, and takes their mean over the pieces of each word of the
// answer. A word begins with the piece that brings its blank.
func (t *Translate) align(read []word, ids []int32, looks [][]float32) *Alignment {
	a := &Alignment{Read: make([]string, len(read))}
	for i, w := range read {
		a.Read[i] = w.text
	}
	for from := 0; from < len(ids); {
		to := from + 1
		for to < len(ids) && !strings.HasPrefix(t.pieces.Decode(ids[to:to+1]), " ") {
			to++
		}
		row := make([]float64, len(read))
		for _, look := range looks[from:to] {
			for i, w := range read {
				for _, token := range w.tokens {
					row[i] += float64(look[token]) / float64(to-from)
				}
			}
		}
		a.Written = append(a.Written, strings.TrimSpace(t.pieces.Decode(ids[from:to])))
		a.Weights = append(a.Weights, row)
		from = to
	}
	return a
}
