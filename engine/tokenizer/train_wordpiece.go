package tokenizer

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"
)

// WordPieceOptions steer TrainWordPiece.
type WordPieceOptions struct {
	Size     int  // tokens in all, special tokens and alphabet included
	KeepCase bool // a cased vocabulary: no lower-casing, accents kept
	Alphabet int  // characters at most, the most frequent first; 0 means Size/4 and at most 1000
	AtLeast  int  // a pair seen less often is not joined; 0 means 2
}

// TrainWordPiece learns a vocabulary from texts and how often each was seen;
// a text is best a single word, but any text is cut into words. The vocabulary
// holds BERT's special tokens, then the alphabet (pieces within a word begin
// with "##"), then pieces joined by the frequency of their halves. Words with
// a character outside the alphabet do not count. The result depends on the
// counts only, not on their order.
func TrainWordPiece(texts iter.Seq2[string, int], o WordPieceOptions) (Tokenizer, error) {
	if o.Alphabet == 0 {
		o.Alphabet = min(o.Size/4, 1000)
	}
	if o.AtLeast == 0 {
		o.AtLeast = 2
	}
	counts := countWords(texts, &bertText{clean: true, cjk: true, strip: !o.KeepCase, lower: !o.KeepCase})
	t := newTrainer(func(a, b string) string { return a + b[len("##"):] })
	for _, s := range bertSpecials {
		t.symbol(s)
	}
	addPieces(t, counts, alphabet(counts, o.Alphabet))
	if len(t.symbols) > o.Size {
		return nil, fmt.Errorf("tokenizer: train: a vocabulary of %d tokens has no room for %d special tokens and characters", o.Size, len(t.symbols))
	}
	t.train(o.Size, int64(o.AtLeast))
	v := newVocabulary(t.symbols)
	return build(bertDocument(v, !o.KeepCase, config{}), bertFields(v))
}

// countWords cuts texts into normalised words and counts them.
func countWords(texts iter.Seq2[string, int], b *bertText) map[string]int64 {
	counts := make(map[string]int64)
	for text, n := range texts {
		for at := 0; at < len(text); {
			start, end := b.next(text, at)
			b.words(text[start:end], func(w word) { counts[string(w.text)] += int64(n) })
			at = end
		}
	}
	return counts
}

// alphabet returns the characters of words, the most frequent ones up to limit.
func alphabet(counts map[string]int64, limit int) map[rune]bool {
	seen := make(map[rune]int64)
	for w, n := range counts {
		for _, r := range w {
			seen[r] += n
		}
	}
	runes := slices.SortedFunc(maps.Keys(seen), func(a, b rune) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), cmp.Compare(a, b))
	})
	keep := make(map[rune]bool)
	for _, r := range runes[:min(limit, len(runes))] {
		keep[r] = true
	}
	return keep
}

// addPieces gives t the words as characters, symbols in alphabetical order.
func addPieces(t *trainer, counts map[string]int64, keep map[rune]bool) {
	words := slices.DeleteFunc(slices.Sorted(maps.Keys(counts)), func(w string) bool {
		return counts[w] <= 0 || utf8.RuneCountInString(w) > maxWord || !spelled(w, keep)
	})
	seen := make(map[string]bool)
	for _, w := range words {
		eachPiece(w, func(s string) { seen[s] = true })
	}
	for _, s := range slices.Sorted(maps.Keys(seen)) {
		t.symbol(s)
	}
	for _, w := range words {
		symbols := make([]int32, 0, len(w))
		eachPiece(w, func(s string) { symbols = append(symbols, t.symbol(s)) })
		t.add(symbols, counts[w])
	}
}

// spelled reports whether all characters of w are kept.
func spelled(w string, keep map[rune]bool) bool {
	for _, r := range w {
		if !keep[r] {
			return false
		}
	}
	return true
}

// eachPiece calls f with the characters of w as pieces.
func eachPiece(w string, f func(string)) {
	for i, r := range w {
		if i == 0 {
			f(string(r))
		} else {
			f("##" + string(r))
		}
	}
}
