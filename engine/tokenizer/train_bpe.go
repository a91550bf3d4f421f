package tokenizer

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// BPEOptions steer TrainBPE.
type BPEOptions struct {
	Size    int // tokens in all, the 256 bytes and <|endoftext|> included
	AtLeast int // a pair seen less often is not joined; 0 means 2
}

// TrainBPE learns GPT-2's kind of vocabulary from texts and how often each was
// seen: the 256 bytes, then pieces joined by frequency, then <|endoftext|>.
// Texts are cut as GPT-2's pattern does, where a word within a sentence begins
// with its blank, so give sentences or words with their blank. The result
// depends on the counts only, not on their order.
func TrainBPE(texts iter.Seq2[string, int], o BPEOptions) (Tokenizer, error) {
	if o.AtLeast == 0 {
		o.AtLeast = 2
	}
	const fixed = 256 + 1
	if o.Size < fixed {
		return nil, fmt.Errorf("tokenizer: train: a vocabulary of %d tokens has no room for 256 bytes and %s", o.Size, endOfText)
	}
	t := newTrainer(func(a, b string) string { return a + b })
	for _, r := range byteRunes {
		t.symbol(string(r))
	}
	counts := countPreTokens(texts)
	for _, w := range slices.Sorted(maps.Keys(counts)) {
		symbols := make([]int32, len(w))
		for i := range len(w) {
			symbols[i] = int32(w[i]) // the bytes are the first symbols
		}
		t.add(symbols, counts[w])
	}
	var merges mergeList
	for _, p := range t.train(o.Size-1, int64(o.AtLeast)) {
		merges = append(merges, [2]string{t.symbols[p.a], t.symbols[p.b]})
	}
	t.symbol(endOfText)
	v := newVocabulary(t.symbols)
	return build(gpt2Document(v), &bpeFields{Type: "BPE", Vocab: v, Merges: merges})
}

// countPreTokens cuts texts by GPT-2's pattern and counts the parts.
func countPreTokens(texts iter.Seq2[string, int]) map[string]int64 {
	counts := make(map[string]int64)
	for text, n := range texts {
		for text != "" {
			size := preToken(text)
			if n > 0 {
				counts[text[:size]] += int64(n)
			}
			text = text[size:]
		}
	}
	return counts
}
