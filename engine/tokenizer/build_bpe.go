package tokenizer

import "fmt"

// A bpeFields is the "model" of a BPE document.
type bpeFields struct {
	Type         string      `json:"type"`
	Dropout      *float64    `json:"dropout"` // of training, not used
	Unknown      *string     `json:"unk_token"`
	Prefix       *string     `json:"continuing_subword_prefix"`
	Suffix       *string     `json:"end_of_word_suffix"`
	FuseUnknown  bool        `json:"fuse_unk"`
	ByteFallback bool        `json:"byte_fallback"`
	IgnoreMerges bool        `json:"ignore_merges"`
	Vocab        *vocabulary `json:"vocab"`
	Merges       mergeList   `json:"merges"`
}

func (f *bpeFields) readLists(vocab, merges []byte) error {
	if vocab != nil {
		if err := f.Vocab.UnmarshalJSON(vocab); err != nil {
			return err
		}
	}
	if merges == nil {
		return nil
	}
	return f.Merges.UnmarshalJSON(merges)
}

func (f *bpeFields) build(c *coder) error {
	if f.ByteFallback || f.IgnoreMerges || f.FuseUnknown || orEmpty(f.Prefix) != "" {
		return fmt.Errorf("a BPE model with byte_fallback, ignore_merges, fuse_unk or continuing_subword_prefix is not known")
	}
	m, err := newMerges(f.Merges, f.Vocab)
	if err != nil {
		return err
	}
	unk := int32(-1)
	if f.Unknown != nil {
		if unk = f.Vocab.id(*f.Unknown); unk < 0 {
			return fmt.Errorf("the vocabulary of %d tokens has no unknown token %q", len(f.Vocab.ids), *f.Unknown)
		}
	}
	c.vocabulary = f.Vocab
	if typeOf(c.settings.PreTokenizer) == "ByteLevel" {
		return f.buildByteLevel(c, m, unk)
	}
	return f.buildCharacters(c, m, unk)
}

func (f *bpeFields) buildByteLevel(c *coder, m *merges, unk int32) error {
	if c.settings.Normalizer != nil {
		return fmt.Errorf("normalizer %q is not known for byte-level BPE, expected none", c.settings.Normalizer.Type)
	}
	p := struct {
		Lead  bool `json:"add_prefix_space"`
		Regex bool `json:"use_regex"`
	}{true, true}
	if err := c.settings.PreTokenizer.read(&p); err != nil {
		return fmt.Errorf("pre-tokenizer: %w", err)
	}
	if !p.Regex {
		return fmt.Errorf("pre-tokenizer ByteLevel with use_regex false is not known")
	}
	trim, err := trimsOffsets(c.settings.PostProcessor)
	if err != nil {
		return err
	}
	c.lead, c.leadWords, c.trim = p.Lead, true, trim
	c.model, c.join = newByteLevel(m, f.Vocab, unk, trim), joinBytes
	return nil
}

// trimsOffsets reports whether the post-processor leaves blanks out of spans.
func trimsOffsets(s *stage) (bool, error) {
	stages, err := flatten(s, "processors")
	if err != nil {
		return false, fmt.Errorf("post-processor: %w", err)
	}
	for _, s := range stages {
		if s.Type != "ByteLevel" && s.Type != "RobertaProcessing" {
			continue
		}
		p := struct {
			Trim bool `json:"trim_offsets"`
		}{true}
		if err := s.read(&p); err != nil {
			return false, fmt.Errorf("post-processor: %w", err)
		}
		if p.Trim {
			return true, nil
		}
	}
	return false, nil
}

// buildCharacters builds GPT-1's model.
func (f *bpeFields) buildCharacters(c *coder, m *merges, unk int32) error {
	words, err := readBertText(c.settings.Normalizer, c.settings.PreTokenizer)
	if err != nil {
		return err
	}
	suffix := orEmpty(f.Suffix)
	c.model, c.join = newCharBPE(m, f.Vocab, &words, suffix, unk), joinSuffixed(suffix)
	return nil
}

// orEmpty returns *s, "" for nil.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// save writes vocab.json and merges.txt.
func (f *bpeFields) save(dir string) error {
	if err := saveFile(dir, "vocab.json", f.Vocab.writeJSON); err != nil {
		return err
	}
	return saveFile(dir, "merges.txt", f.Merges.writeText)
}
