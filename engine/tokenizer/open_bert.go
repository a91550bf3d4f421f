package tokenizer

import (
	"fmt"
	"strconv"
	"strings"
)

// bertSpecials are the special tokens of BERT in the order that training
// gives them.
var bertSpecials = []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}

// openVocabText reads vocab.txt, as BERT and DistilBERT are published in.
func openVocabText(f folder) (Tokenizer, error) {
	name, b, err := f.file("vocab.txt")
	if err != nil {
		return nil, err
	}
	v, err := readVocabText(b)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	for _, s := range bertSpecials {
		if v.id(s) < 0 {
			return nil, fmt.Errorf("tokenizer: %s: found no token %q among %d lines, expected a BERT vocabulary", name, s, len(v.tokens))
		}
	}
	return named(name)(build(bertDocument(v, f.config.lowers(v), f.config), bertFields(v)))
}

// lowers reports whether the vocabulary is of lower-cased text: what
// do_lower_case says, else whether no piece has a capital letter.
func (c config) lowers(v *vocabulary) bool {
	if c.LowerCase != nil {
		return *c.LowerCase
	}
	for _, t := range v.tokens {
		if !strings.HasPrefix(t, "[") && t != strings.ToLower(t) {
			return false
		}
	}
	return true
}

// maxWord is the length in characters beyond which BERT calls a word unknown.
const maxWord = 100

// bertDocument describes the tokenizer of BERT over v.
func bertDocument(v *vocabulary, lower bool, c config) document {
	d := document{
		Version:       "1.0",
		Normalizer:    bertNormalizer(lower, c),
		PreTokenizer:  stageOf(map[string]any{"type": "BertPreTokenizer"}),
		PostProcessor: templateStage(v, "[CLS] A [SEP]", "[CLS] A [SEP] B:1 [SEP]:1"),
		Decoder:       stageOf(map[string]any{"type": "WordPiece", "prefix": "##", "cleanup": true}),
	}
	for _, s := range bertSpecials {
		d.AddedTokens = append(d.AddedTokens, addedToken{ID: v.id(s), Content: s, Special: true})
	}
	return d
}

func bertNormalizer(lower bool, c config) *stage {
	return stageOf(map[string]any{
		"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": c.CJK == nil || *c.CJK,
		"strip_accents": c.StripAccents, "lowercase": lower,
	})
}

// bertFields is the "model" of BERT over v.
func bertFields(v *vocabulary) *wordPieceFields {
	return &wordPieceFields{Type: "WordPiece", Unknown: "[UNK]", Prefix: "##", MaxLength: maxWord, Vocab: v}
}

// templateStage writes TemplateProcessing from entries such as "[SEP]:1", the
// number being the segment type; A and B are the two texts.
func templateStage(v *vocabulary, single, pair string) *stage {
	type object = map[string]any
	special := object{}
	slots := func(template string) (list []object) {
		for _, entry := range strings.Fields(template) {
			name, kind, _ := strings.Cut(entry, ":")
			number, _ := strconv.Atoi(kind)
			field := "Sequence"
			if name != "A" && name != "B" {
				field = "SpecialToken"
				special[name] = object{"id": name, "ids": []int32{v.id(name)}, "tokens": []string{name}}
			}
			list = append(list, object{field: object{"id": name, "type_id": number}})
		}
		return list
	}
	return stageOf(object{"type": "TemplateProcessing", "single": slots(single), "pair": slots(pair), "special_tokens": special})
}
