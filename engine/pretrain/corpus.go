// Package pretrain makes backbones from raw text. A student learns from a teacher: for every word
// of every sentence it is shown what the teacher's last layer says, and has to say the same.
//
// The walk is: corpus.go cuts files into sentences, vocabulary.go learns the student's word
// pieces, teacher.go computes what is to be said, initial.go places the student's embeddings,
// distil.go trains, save.go writes.
package pretrain

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences outside these lengths teach little: headings and lists below, run-on lines above.
const (
	shortestSentence = 20  // characters
	longestSentence  = 300 // characters
)

// A Source is the sentences of one file.
type Source struct {
	Path      string
	Sentences []string

	breaks []int // sentences before which a text ends: those of a line with tabs stand alone
}

// ReadCorpus cuts every file into sentences. Lines are paragraphs; tabs separate texts; files
// ending in .gz are unpacked. Lines that open with = or # are headings and are left out.
func ReadCorpus(paths []string) ([]Source, error) {
	var corpus []Source
	for _, path := range paths {
		s, err := readSource(path)
		if err != nil {
			return nil, err
		}
		if len(s.Sentences) == 0 {
			return nil, fmt.Errorf("pretrain: %s holds no sentence of %d to %d characters", path, shortestSentence, longestSentence)
		}
		corpus = append(corpus, s)
	}
	return corpus, nil
}

func readSource(path string) (Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return Source{}, fmt.Errorf("pretrain: %w", err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return Source{}, fmt.Errorf("pretrain: %s: %w", path, err)
		}
	}
	s := Source{Path: path}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if !utf8.Valid(lines.Bytes()) {
			return s, fmt.Errorf("pretrain: %s:%d: found bytes that are not UTF-8, expected text", path, n)
		}
		for i, text := range strings.Split(lines.Text(), "\t") {
			if i > 0 {
				s.breaks = append(s.breaks, len(s.Sentences))
			}
			s.add(text)
		}
		if strings.Contains(lines.Text(), "\t") {
			s.breaks = append(s.breaks, len(s.Sentences))
		}
	}
	if err := lines.Err(); err != nil {
		return s, fmt.Errorf("pretrain: %s: %w", path, err)
	}
	return s, nil
}

// tidy undoes conventions of plain-text books and tokenised corpora.
var tidy = strings.NewReplacer("<::::>", "", "``", `"`, "''", `"`, "--", " - ", "_", "", "*", "")

func (s *Source) add(paragraph string) {
	paragraph = strings.TrimSpace(paragraph)
	if paragraph == "" || paragraph[0] == '=' || paragraph[0] == '#' || paragraph[0] == '|' {
		return
	}
	for _, sentence := range split(tidy.Replace(paragraph)) {
		if n := utf8.RuneCountInString(sentence); n >= shortestSentence && n <= longestSentence {
			s.Sentences = append(s.Sentences, sentence)
		}
	}
}

// split cuts a paragraph after . ! ? (and closing quotes) where a blank and a capital letter,
// possibly behind an opening quote, follow.
func split(paragraph string) []string {
	var out []string
	from := 0
	for i := 0; i < len(paragraph); i++ {
		if !strings.ContainsRune(".!?", rune(paragraph[i])) {
			continue
		}
		end := i + 1
		for end < len(paragraph) && strings.ContainsRune(`"')]`, rune(paragraph[end])) {
			end++
		}
		if next := opensSentence(paragraph[end:]); next > 0 {
			out = append(out, strings.TrimSpace(paragraph[from:end]))
			from, i = end+next, end
		}
	}
	return append(out, strings.TrimSpace(paragraph[from:]))
}

// opensSentence is the number of blanks before a new sentence; 0 when none begins here.
func opensSentence(rest string) int {
	trimmed := strings.TrimLeft(rest, " ")
	blanks := len(rest) - len(trimmed)
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(trimmed, `"'([`))
	if blanks > 0 && unicode.IsUpper(r) {
		return blanks
	}
	return 0
}

// Mix shuffles the sources into one stream and cuts off held sentences for measuring. A file's
// share of the stream is the square root of its size, so that a large one leads without drowning
// the others; when a file runs out, the rest goes on.
func Mix(corpus []Source, seed uint64, held int) (train, dev []string) {
	type placed struct {
		at   float64
		text string
	}
	rng := rand.New(rand.NewPCG(seed, 0xc0))
	var all []placed
	for _, s := range corpus {
		share := math.Sqrt(float64(len(s.Sentences)))
		for i, j := range rng.Perm(len(s.Sentences)) {
			all = append(all, placed{(float64(i) + rng.Float64()) / share, s.Sentences[j]})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at < all[j].at })
	stream := make([]string, len(all))
	for i, p := range all {
		stream[i] = p.text
	}
	held = min(held, len(stream)/10)
	return stream[held:], stream[:held]
}
