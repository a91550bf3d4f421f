package pretrain

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"defrost/engine/tokenizer"
)

// plain undoes conventions of books and tokenised corpora that would make one word many.
var plain = strings.NewReplacer("<::::>", " ", "``", `"`, "''", `"`, "_", "", "*", "", "\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`)

// eachText calls f with the words of every paragraph of the files: cut as the Words tokenizer cuts
// them, in lower case. Lines are paragraphs and tabs part texts; lines that open with = are
// headings and left out. The slice is valid during the call.
func eachText(ctx context.Context, paths []string, f func(words []string) error) error {
	cutter := tokenizer.NewWords(nil)
	var words []string
	for _, path := range paths {
		err := eachLine(path, func(line string) error {
			for text := range strings.SplitSeq(line, "\t") {
				if text = strings.TrimSpace(text); text == "" || text[0] == '=' {
					continue
				}
				text, words = strings.ToLower(plain.Replace(text)), words[:0]
				for _, s := range cutter.Encode(text).Spans {
					words = append(words, text[s.Start:s.End])
				}
				if err := f(words); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachLine calls f with every line of a file, unpacked when its name ends in .gz.
func eachLine(path string, f func(line string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("pretrain: %s: %w", path, err)
		}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if !utf8.Valid(lines.Bytes()) {
			return fmt.Errorf("pretrain: %s:%d: found bytes that are not UTF-8, expected text", path, n)
		}
		if err := f(lines.Text()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("pretrain: %s: %w", path, err)
	}
	return nil
}

// frequentWords lists the vocabulary, the most frequent word first and equals in the order of
// their letters, and counts all words of the corpus.
func frequentWords(ctx context.Context, o GloVeOptions) (words []string, tokens int, err error) {
	counts := map[string]int{}
	err = eachText(ctx, o.Corpus, func(text []string) error {
		for _, w := range text {
			if _, known := counts[w]; !known {
				w = strings.Clone(w) // or the key would keep its whole paragraph
			}
			counts[w]++
			tokens++
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for w, n := range counts {
		if n >= o.MinCount {
			words = append(words, w)
		}
	}
	if len(words) < 2 {
		return nil, 0, fmt.Errorf("pretrain: the corpus has %d words that come %d times, expected 2 or more", len(words), o.MinCount)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return words[:min(len(words), o.Vocabulary)], tokens, nil
}
