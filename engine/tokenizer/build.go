package tokenizer

import (
	"fmt"
)

// build makes the tokenizer that a document and its model describe.
func build(d document, f modelFields) (*coder, error) {
	d.Model = nil // written anew by Save
	c := &coder{settings: d, fields: f, cache: newCache()}
	if err := f.build(c); err != nil {
		return nil, err
	}
	return c, c.finish()
}

// finish sets what every model needs, once vocabulary and model are there.
func (c *coder) finish() error {
	for _, t := range c.settings.AddedTokens {
		if err := c.put(t.Content, t.ID); err != nil {
			return err
		}
	}
	c.added = newAddedTokens(c.settings.AddedTokens, c.lowers(), c.trim)
	c.specials = c.findSpecials()
	return c.readTemplate(c.settings.PostProcessor)
}

// lowers reports whether the model lower-cases its text.
func (c *coder) lowers() bool {
	m, ok := c.model.(interface{ lowers() bool })
	return ok && m.lowers()
}

// A wordPieceFields is the "model" of a WordPiece document.
type wordPieceFields struct {
	Type      string      `json:"type"`
	Unknown   string      `json:"unk_token"`
	Prefix    string      `json:"continuing_subword_prefix"`
	MaxLength int         `json:"max_input_chars_per_word"`
	Vocab     *vocabulary `json:"vocab"`
}

func (f *wordPieceFields) readLists(vocab, _ []byte) error {
	if vocab == nil {
		return nil
	}
	return f.Vocab.UnmarshalJSON(vocab)
}

func (f *wordPieceFields) build(c *coder) error {
	text, err := readBertText(c.settings.Normalizer, c.settings.PreTokenizer)
	if err != nil {
		return err
	}
	m, err := newWordPiece(f.Vocab, text, f.Unknown, f.Prefix, f.MaxLength)
	if err != nil {
		return err
	}
	c.vocabulary, c.model, c.join = f.Vocab, m, joinWordPieces(f.Prefix)
	return nil
}

// readBertText reads BertNormalizer and expects BertPreTokenizer.
func readBertText(n, p *stage) (bertText, error) {
	if typeOf(p) != "BertPreTokenizer" {
		return bertText{}, fmt.Errorf("pre-tokenizer %q is not known for this model, expected BertPreTokenizer", typeOf(p))
	}
	if n == nil {
		return bertText{}, nil
	}
	if n.Type != "BertNormalizer" {
		return bertText{}, fmt.Errorf("normalizer %q is not known for this model, expected BertNormalizer", n.Type)
	}
	f := struct {
		Clean bool  `json:"clean_text"`
		CJK   bool  `json:"handle_chinese_chars"`
		Strip *bool `json:"strip_accents"`
		Lower bool  `json:"lowercase"`
	}{true, true, nil, true}
	if err := n.read(&f); err != nil {
		return bertText{}, fmt.Errorf("normalizer: %w", err)
	}
	b := bertText{clean: f.Clean, cjk: f.CJK, strip: f.Lower, lower: f.Lower}
	if f.Strip != nil {
		b.strip = *f.Strip
	}
	return b, nil
}

// findSpecials looks the special tokens up under the names the published
// models give them.
func (c *coder) findSpecials() Specials {
	find := func(names ...string) int32 {
		for _, n := range names {
			if t := c.added.named(n); t != nil {
				return t.ID
			}
		}
		return -1
	}
	const end = "<|endoftext|>"
	return Specials{
		CLS: find("[CLS]", "<cls>", "<s>"), SEP: find("[SEP]", "<sep>", "</s>"),
		PAD: find("[PAD]", "<pad>", end), MASK: find("[MASK]", "<mask>"), UNK: find("[UNK]", "<unk>"),
		BOS: find("<s>", end), EOS: find("</s>", end),
	}
}
