package pretrain

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"defrost/engine/tokenizer"
)

// A wordCount is a word and how often it was seen.
type wordCount struct {
	word  string
	count int
}

// countedTexts is how many texts the words of an output layer are counted in.
const countedTexts = 200_000

// outputWordsFile lists the words of an unfinished run's output layer, with their counts.
const outputWordsFile = "lm_words.txt"

// countWords lists what a character model reads in texts more than once, by falling frequency. The
// ends of a sentence are words too.
func countWords(tok *tokenizer.Characters, texts []string) []wordCount {
	counts := map[int32]int{}
	for _, text := range texts {
		for _, id := range tok.Wrap(tok.Encode(text), nil, 0).IDs {
			counts[id]++
		}
	}
	list := make([]wordCount, 0, len(counts))
	for id, n := range counts {
		if n > 1 {
			list = append(list, wordCount{tok.Token(id), n})
		}
	}
	slices.SortFunc(list, func(a, b wordCount) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.word, b.word))
	})
	return list
}

// writeWordCounts writes a word and its count a line.
func writeWordCounts(path string, words []wordCount) error {
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "%s %d\n", w.word, w.count)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	return nil
}

// readWordCounts reads what writeWordCounts wrote.
func readWordCounts(path string) ([]wordCount, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("pretrain: %w", err)
	}
	defer file.Close()
	var list []wordCount
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		word, count, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("pretrain: %s:%d: found %q, expected a word and its count", path, len(list)+1, lines.Text())
		}
		list = append(list, wordCount{word, n})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("pretrain: %s: %w", path, err)
	}
	return list, nil
}
