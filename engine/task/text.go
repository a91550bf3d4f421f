package task

import (
	"fmt"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

// texts says how many texts an example has: the tasks that say one thing about a text, or about two.
type texts struct {
	Pairs bool `json:"pairs,omitempty"`
}

// Keep says whether examples are pairs.
func (t texts) Keep(string) (any, error) {
	if t == (texts{}) {
		return nil, nil
	}
	return t, nil
}

// Ask takes one text; of pairs, two with a tab between them.
func (t texts) Ask(text string) (datasets.Example, error) {
	if !t.Pairs {
		return datasets.Example{Text: text}, nil
	}
	first, second, both := strings.Cut(text, "\t")
	if !both {
		return datasets.Example{}, fmt.Errorf("task: found one text, expected two with a tab between them")
	}
	return datasets.Example{Text: first, Pair: second}, nil
}

// encodeText is the tokens of a text, and of the second one where there are two.
func encodeText(tok tokenizer.Tokenizer, ex datasets.Example, max int) Item {
	enc := tok.Encode(ex.Text)
	n := len(enc.IDs)
	var second *tokenizer.Encoding
	if ex.Pair != "" {
		pair := tok.Encode(ex.Pair)
		second, n = &pair, n+len(pair.IDs)
	}
	wrapped := tok.Wrap(enc, second, max)
	return Item{Sequence: batch.Sequence{IDs: wrapped.IDs, Types: wrapped.Types}, Cut: n > countOrdinary(wrapped)}
}

func countOrdinary(e tokenizer.Encoding) int {
	n := 0
	for _, special := range e.Special {
		if !special {
			n++
		}
	}
	return n
}
