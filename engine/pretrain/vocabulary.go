package pretrain

import (
	"iter"
	"strings"

	"defrost/engine/tokenizer"
)

// Vocabulary learns a WordPiece vocabulary of size tokens. Every file has the same weight, so
// that a small modern text is not outvoted by a shelf of old books.
func Vocabulary(corpus []Source, size int) (tokenizer.Tokenizer, error) {
	return tokenizer.TrainWordPiece(weightedBy(corpus, strings.ToLower), tokenizer.WordPieceOptions{Size: size, Alphabet: 256})
}

// sharePerFile is the number of words each file counts as.
const sharePerFile = 10_000_000

// weightedBy are the words of a corpus as spell writes them, and how often each counts.
func weightedBy(corpus []Source, spell func(string) string) iter.Seq2[string, int] {
	counts := map[string]float64{}
	for _, s := range corpus {
		words, total := count(s.Sentences, spell)
		for w, n := range words {
			counts[w] += float64(n) * sharePerFile / float64(total)
		}
	}
	return func(yield func(string, int) bool) {
		for w, n := range counts {
			if n >= 1 && !yield(w, int(n)) {
				return
			}
		}
	}
}

// count counts what stands between blanks; the trainer cuts punctuation off.
func count(sentences []string, spell func(string) string) (words map[string]int, total int) {
	words = map[string]int{}
	for _, s := range sentences {
		for _, w := range strings.Fields(s) {
			words[spell(w)]++
			total++
		}
	}
	return words, max(total, 1)
}
