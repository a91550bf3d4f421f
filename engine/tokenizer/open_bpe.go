package tokenizer

import (
	"encoding/json"
	"fmt"
)

// openMerges reads vocab.json with merges.txt, as GPT-2, RoBERTa and GPT-1 are
// published in. Which of them it is, config.json says, else the vocabulary.
func openMerges(f folder) (Tokenizer, error) {
	fields, err := readMerges(f, "vocab.json", "merges.txt")
	if err != nil {
		return nil, err
	}
	v := fields.Vocab
	open := named("vocab.json")
	switch {
	case f.config.is("roberta", v, "<s>", "</s>", "<pad>", "<unk>", "<mask>"):
		return open(build(robertaDocument(v), fields))
	case f.config.is("gpt2", v, endOfText):
		return open(build(gpt2Document(v), fields))
	case f.config.is("openai-gpt", v, "<unk>", "the</w>"):
		fields.Unknown, fields.Suffix = new("<unk>"), new("</w>")
		return open(build(gpt1Document(v), fields))
	}
	return nil, fmt.Errorf("tokenizer: vocab.json: the %d tokens and model type %q are not RoBERTa's (<s>, </s>, <pad>, <unk>, <mask>), GPT-2's (%s) or GPT-1's (<unk>, the</w>)", len(v.ids), f.config.ModelType, endOfText)
}

// readMerges reads a BPE vocabulary and its merges.
func readMerges(f folder, vocab, merges string) (*bpeFields, error) {
	fields := &bpeFields{Type: "BPE"}
	b, err := f.read(vocab)
	if err == nil {
		fields.Vocab = newVocabulary(nil)
		err = json.Unmarshal(b, fields.Vocab)
	}
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", vocab, err)
	}
	if b, err = f.read(merges); err == nil {
		fields.Merges, err = readMergesText(b)
	}
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", merges, err)
	}
	return fields, nil
}

// is reports whether v can belong to the model type: it has all the tokens
// asked for and config.json names no other type that we know.
func (c config) is(model string, v *vocabulary, tokens ...string) bool {
	for _, t := range tokens {
		if v.id(t) < 0 {
			return false
		}
	}
	switch c.ModelType {
	case "roberta", "gpt2", "openai-gpt":
		return c.ModelType == model
	}
	return true
}

const endOfText = "<|endoftext|>"

// gpt2Document describes GPT-2's tokenizer: one special token, nothing around
// a text.
func gpt2Document(v *vocabulary) document {
	return document{
		Version:       "1.0",
		AddedTokens:   []addedToken{{ID: v.id(endOfText), Content: endOfText, Special: true}},
		PreTokenizer:  byteLevelStage(true),
		PostProcessor: byteLevelStage(false),
		Decoder:       byteLevelStage(true),
	}
}

// robertaDocument describes RoBERTa's tokenizer.
func robertaDocument(v *vocabulary) document {
	d := document{
		Version:      "1.0",
		PreTokenizer: byteLevelStage(true),
		PostProcessor: stageOf(map[string]any{
			"type": "RobertaProcessing", "sep": []any{"</s>", v.id("</s>")}, "cls": []any{"<s>", v.id("<s>")},
			"trim_offsets": true, "add_prefix_space": false,
		}),
		Decoder: byteLevelStage(true),
	}
	for _, s := range []string{"<s>", "<pad>", "</s>", "<unk>", "<mask>"} {
		d.AddedTokens = append(d.AddedTokens, addedToken{ID: v.id(s), Content: s, LStrip: s == "<mask>", Special: true})
	}
	return d
}

// gpt1Document describes GPT-1's tokenizer as the Python libraries have it,
// which cut words as BERT does.
func gpt1Document(v *vocabulary) document {
	return document{
		Version:      "1.0",
		AddedTokens:  []addedToken{{ID: v.id("<unk>"), Content: "<unk>", Special: true}},
		Normalizer:   bertNormalizer(true, config{}),
		PreTokenizer: stageOf(map[string]any{"type": "BertPreTokenizer"}),
		Decoder:      stageOf(map[string]any{"type": "BPEDecoder", "suffix": "</w>"}),
	}
}

func byteLevelStage(trim bool) *stage {
	return stageOf(map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": trim, "use_regex": true})
}
