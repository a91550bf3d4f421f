package tokenizer

// The files of OpenAI's finetune-transformer-lm.
const (
	openaiVocab  = "encoder_bpe_40000.json"
	openaiMerges = "vocab_40000.bpe"
)

// openOpenAI reads GPT-1 as OpenAI published it, with the original cut into
// words.
func openOpenAI(f folder) (Tokenizer, error) {
	fields, err := readMerges(f, openaiVocab, openaiMerges)
	if err != nil {
		return nil, err
	}
	return named(openaiVocab)(newOpenAI(&openaiFields{fields}))
}

// newOpenAI builds the tokenizer; no tokenizer.json describes it.
func newOpenAI(f *openaiFields) (*coder, error) {
	d := document{AddedTokens: []addedToken{{ID: f.Vocab.id("<unk>"), Content: "<unk>", Special: true}}}
	return build(d, f)
}

// openaiFields is a BPE model over openaiText.
type openaiFields struct{ *bpeFields }

func (f *openaiFields) build(c *coder) error {
	m, err := newMerges(f.Merges, f.Vocab)
	if err != nil {
		return err
	}
	c.vocabulary = f.Vocab
	c.model = newCharBPE(m, f.Vocab, openaiText{}, "</w>", f.Vocab.id("<unk>"))
	c.join = joinSuffixed("</w>")
	return nil
}

// save writes OpenAI's two files.
func (f *openaiFields) save(dir string) error {
	if err := saveFile(dir, openaiVocab, f.Vocab.writeJSON); err != nil {
		return err
	}
	return saveFile(dir, openaiMerges, f.Merges.writeText)
}
