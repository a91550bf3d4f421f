package enginetest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Tagged writes n sentences of words and IOB2 tags and returns the path of the file. An entity is an
// adjective and what it stands before: GOOD or BAD as the adjective is.
func Tagged(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		kind, j := i%2, i/2
		name := []string{"GOOD", "BAD"}[kind]
		adjective, noun, other := words[kind][j%6], words[2][j/6%6], words[1-kind][j/2%6]
		fmt.Fprintf(&b, "the O\n%s B-%s\n%s I-%s\nwas O\n%s O\n\n", adjective, name, noun, name, other)
	}
	path := filepath.Join(t.TempDir(), "tagged.conll")
	Write(t, path, b.String())
	return path
}

// Pairs writes n rows of two texts and a label, "same" where both praise or both do not, and returns
// the path of the file.
func Pairs(t testing.TB, n int) string {
	t.Helper()
	return pairs(t, n, func(same bool, _ int) string {
		if same {
			return "same"
		}
		return "other"
	})
}

// Scored writes n rows of two texts and a score from 0 to 5, high where both praise or both do not,
// and returns the path of the file.
func Scored(t testing.TB, n int) string {
	t.Helper()
	return pairs(t, n, func(same bool, i int) string {
		score := float64(i%9) / 10
		if same {
			score += 4
		}
		return fmt.Sprintf("%.2f", score+float64(i)/1000)
	})
}

func pairs(t testing.TB, n int, label func(same bool, i int) string) string {
	var b strings.Builder
	b.WriteString("sentence1,sentence2,label\n")
	for i := range n {
		one, two := i%2, i/2%2
		fmt.Fprintf(&b, "the film was %s,a very %s %s,%s\n", words[one][i%6], words[two][i/6%6], words[2][i%6], label(one == two, i))
	}
	path := filepath.Join(t.TempDir(), "pairs.csv")
	Write(t, path, b.String())
	return path
}

// Marked writes n rows of text and labels with a mark between, one for praise or none and one for
// what it is about, and returns the path of the file.
func Marked(t testing.TB, n int, mark string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range n {
		about, label := words[2][i/2%3], "praise"+mark
		if i%2 == 1 {
			label = ""
		}
		fmt.Fprintf(&b, "the %s was %s %d,\"%s%s\"\n", about, words[i%2][i%6], i, label, about)
	}
	path := filepath.Join(t.TempDir(), "marked.csv")
	Write(t, path, b.String())
	return path
}

// Several writes n records of a text and the list of its labels: one of three subjects, and praise
// where the text does; every twelfth text says nothing and has none. It returns the path of the file.
func Several(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		about := words[2][i/2%3]
		text, labels := fmt.Sprintf("the %s was %s %d", about, words[i%2][i%6], i), fmt.Sprintf("%q", about)
		switch {
		case i%12 == 11:
			text, labels = fmt.Sprintf("very quite and %d", i), ""
		case i%2 == 0:
			labels = `"praise", ` + labels
		}
		fmt.Fprintf(&b, "{\"text\": %q, \"labels\": [%s]}\n", text, labels)
	}
	path := filepath.Join(t.TempDir(), "several.jsonl")
	Write(t, path, b.String())
	return path
}
