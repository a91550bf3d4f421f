package tokenizer

import (
	"fmt"
	"unicode/utf8"
)

// A unigramFields is the "model" of a Unigram document.
type unigramFields struct {
	Type         string       `json:"type"`
	Unknown      *int32       `json:"unk_id"`
	Vocab        scoredPieces `json:"vocab"`
	ByteFallback bool         `json:"byte_fallback"`
}

// scoredPieces is the JSON array [["▁the", -3.1], ...]; the place is the id.
type scoredPieces struct {
	tokens []string
	scores []float64
}

// UnmarshalJSON reads the array.
func (p *scoredPieces) UnmarshalJSON(b []byte) error {
	s := scanner{b}
	return s.eachElement(func(i int) error {
		var piece string
		var score float64
		err := s.eachElement(func(k int) (err error) {
			switch k {
			case 0:
				piece, err = s.text()
			case 1:
				score, err = s.number()
			default:
				err = fmt.Errorf("found a third entry, expected a piece and its score")
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("piece %d: %w", i, err)
		}
		p.tokens, p.scores = append(p.tokens, piece), append(p.scores, score)
		return nil
	})
}

// MarshalJSON writes the array.
func (p scoredPieces) MarshalJSON() ([]byte, error) {
	list := make([][2]any, len(p.tokens))
	for i := range list {
		list[i] = [2]any{p.tokens[i], p.scores[i]}
	}
	return marshal(list)
}

func (f *unigramFields) readLists(vocab, _ []byte) error {
	if vocab == nil {
		return nil
	}
	return f.Vocab.UnmarshalJSON(vocab)
}

func (f *unigramFields) build(c *coder) error {
	if f.ByteFallback {
		return fmt.Errorf("a Unigram model with byte_fallback is not known")
	}
	if f.Unknown == nil {
		return fmt.Errorf("unk_id is missing, expected the id of the unknown piece")
	}
	steps, err := readSteps(c.settings.Normalizer)
	if err != nil {
		return err
	}
	meta, err := readMetaspace(c.settings.PreTokenizer)
	if err != nil {
		return err
	}
	c.vocabulary = newVocabulary(f.Vocab.tokens)
	u, err := newUnigram(c.vocabulary, f.Vocab.scores, *f.Unknown, steps, meta)
	if err != nil {
		return err
	}
	c.model, c.join = u, joinMetaspace(meta.mark, meta.prefix)
	return nil
}

// readMetaspace reads Metaspace, alone or after WhitespaceSplit.
func readMetaspace(s *stage) (metaspace, error) {
	stages, err := flatten(s, "pretokenizers")
	if err != nil {
		return metaspace{}, fmt.Errorf("pre-tokenizer: %w", err)
	}
	var m metaspace
	if len(stages) == 2 && stages[0].Type == "WhitespaceSplit" {
		m.split, stages = true, stages[1:]
	}
	if len(stages) != 1 || stages[0].Type != "Metaspace" {
		return metaspace{}, fmt.Errorf("pre-tokenizer %q is not known for Unigram, expected Metaspace, alone or after WhitespaceSplit", typeOf(s))
	}
	f := struct {
		Mark   string `json:"replacement"`
		Prefix bool   `json:"add_prefix_space"`
		Scheme string `json:"prepend_scheme"`
		Split  bool   `json:"split"`
	}{"▁", true, "", true}
	if err := stages[0].read(&f); err != nil {
		return metaspace{}, fmt.Errorf("pre-tokenizer: %w", err)
	}
	mark, size := utf8.DecodeRuneInString(f.Mark)
	if size != len(f.Mark) || size == 0 || f.Scheme == "first" || !f.Split {
		return metaspace{}, fmt.Errorf("metaspace with replacement %q, prepend_scheme %q and split %t is not known", f.Mark, f.Scheme, f.Split)
	}
	m.mark, m.prefix = mark, f.Prefix && f.Scheme != "never"
	return m, nil
}

// save writes nothing: tokenizer.json is the only file.
func (f *unigramFields) save(string) error { return nil }
