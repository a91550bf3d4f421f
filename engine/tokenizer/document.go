package tokenizer

import (
	"encoding/json"
	"fmt"
)

// A document is a tokenizer.json. Every other layout is translated into one,
// so there is a single way to build a tokenizer.
type document struct {
	Version       string          `json:"version"`    // "1.0"
	Truncation    any             `json:"truncation"` // not used: Wrap takes the limit
	Padding       any             `json:"padding"`    // not used: batches are packed
	AddedTokens   []addedToken    `json:"added_tokens"`
	Normalizer    *stage          `json:"normalizer"`
	PreTokenizer  *stage          `json:"pre_tokenizer"`
	PostProcessor *stage          `json:"post_processor"`
	Decoder       *stage          `json:"decoder"`
	Model         json.RawMessage `json:"model"`
}

// A stage is any normalizer, pre-tokenizer, post-processor or decoder: its
// type and, as raw JSON, everything else.
type stage struct {
	Type string
	raw  json.RawMessage
}

// UnmarshalJSON keeps the whole object beside its type.
func (s *stage) UnmarshalJSON(b []byte) error {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return err
	}
	s.Type, s.raw = head.Type, append([]byte(nil), b...)
	return nil
}

// MarshalJSON writes the object as it was read.
func (s *stage) MarshalJSON() ([]byte, error) { return s.raw, nil }

// read decodes the stage's fields.
func (s *stage) read(into any) error { return json.Unmarshal(s.raw, into) }

// stageOf makes a stage of the fields that this package writes.
func stageOf(fields map[string]any) *stage {
	raw, err := json.Marshal(fields)
	if err != nil {
		panic(fmt.Sprintf("tokenizer: stage %v: %v", fields, err))
	}
	return &stage{fields["type"].(string), raw}
}

// typeOf is the stage's type, "null" without a stage.
func typeOf(s *stage) string {
	if s == nil {
		return "null"
	}
	return s.Type
}

// maxNesting is how deep sequences may stand in sequences; published files have
// one.
const maxNesting = 4

// flatten lists the stages of a "Sequence" stage, whose field has the given
// name; another stage is a list of one.
func flatten(s *stage, field string) ([]*stage, error) { return flattenTo(maxNesting, s, field) }

func flattenTo(depth int, s *stage, field string) ([]*stage, error) {
	switch {
	case s == nil:
		return nil, nil
	case s.Type != "Sequence":
		return []*stage{s}, nil
	case depth == 0:
		return nil, fmt.Errorf("sequences are nested more than %d deep", maxNesting)
	}
	fields := make(map[string]json.RawMessage)
	if err := s.read(&fields); err != nil {
		return nil, err
	}
	var inner, all []*stage
	if err := json.Unmarshal(fields[field], &inner); err != nil {
		return nil, fmt.Errorf("sequence %q: %w", field, err)
	}
	for _, i := range inner {
		below, err := flattenTo(depth-1, i, field)
		if err != nil {
			return nil, err
		}
		all = append(all, below...)
	}
	return all, nil
}

// A modelFields is the "model" of a document.
type modelFields interface {
	// build sets the vocabulary, the model and the decoder of c.
	build(c *coder) error
	// readLists reads the vocabulary and the merges, which come apart from
	// the other fields because they are long; nil for what is missing.
	readLists(vocab, merges []byte) error
	// save writes the files that older readers expect beside tokenizer.json.
	save(dir string) error
}

// fields decodes the model.
func (d *document) fields() (modelFields, error) {
	small, vocab, merges, err := splitModel(d.Model)
	if err != nil {
		return nil, fmt.Errorf("field \"model\": %w", err)
	}
	var f modelFields
	switch kind := modelType(small, vocab, merges); kind {
	case "WordPiece":
		f = &wordPieceFields{Unknown: "[UNK]", Prefix: "##", MaxLength: maxWord, Vocab: newVocabulary(nil)}
	case "BPE":
		f = &bpeFields{Vocab: newVocabulary(nil)}
	case "Unigram":
		f = &unigramFields{}
	default:
		return nil, fmt.Errorf("model type %q is not known, expected WordPiece, BPE or Unigram", kind)
	}
	if err := json.Unmarshal(small, f); err != nil {
		return nil, fmt.Errorf("field \"model\": %w", err)
	}
	if err := f.readLists(vocab, merges); err != nil {
		return nil, fmt.Errorf("field \"model\": %w", err)
	}
	return f, nil
}

// splitModel returns the model without its vocabulary and merges, and these
// two, nil when the model has none.
func splitModel(model []byte) (small, vocab, merges []byte, err error) {
	s := scanner{model}
	rest := make(map[string]json.RawMessage)
	err = s.eachMember(func(name string) error {
		switch v := s.value(); name {
		case "vocab":
			vocab = v
		case "merges":
			merges = v
		default:
			rest[name] = v
		}
		return nil
	})
	if err == nil {
		small, err = json.Marshal(rest)
	}
	return small, vocab, merges, err
}

// modelType returns the type of the model; files older than the field are
// told apart by what else they hold.
func modelType(small, vocab, merges []byte) string {
	var head struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(small, &head)
	switch {
	case err == nil && head.Type != "":
		return head.Type
	case merges != nil:
		return "BPE"
	case len(vocab) > 0 && vocab[0] == '[':
		return "Unigram"
	}
	return "WordPiece"
}
