package pretrain

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParagraphsAreCutIntoSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"It rained. We left.":                     {"It rained.", "We left."},
		`"Why?" he asked. "Because I can."`:       {`"Why?" he asked.`, `"Because I can."`},
		"Mr. smith paid 3.50 to the U.S. in all.": {"Mr. smith paid 3.50 to the U.S. in all."},
		"No end":                        {"No end"},
		`He said "Stop!" Then he left.`: {`He said "Stop!"`, "Then he left."},
	} {
		if got := split(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestHeadingsAndShortLinesAreLeftOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.txt")
	text := "== Chapter one of the long book\nToo short.\nThis sentence is long enough to learn from.\tAnd so is this one, after the tab.\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	corpus, err := ReadCorpus([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"This sentence is long enough to learn from.", "And so is this one, after the tab."}
	if got := corpus[0].Sentences; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBytesThatAreNotTextAreRefusedWithTheirLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.txt")
	if err := os.WriteFile(path, []byte("fine\n\xff\xfe\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCorpus([]string{path}); err == nil || !strings.Contains(err.Error(), "book.txt:2:") {
		t.Errorf("got error %v, want one that names line 2", err)
	}
}

func source(name string, n int) Source {
	s := Source{Path: name}
	for i := range n {
		s.Sentences = append(s.Sentences, name+strings.Repeat("x", i%7))
	}
	return s
}

// TestALargeFileLeadsWithoutDrowningASmallOne holds the mixture: shares by the root of the size.
func TestALargeFileLeadsWithoutDrowningASmallOne(t *testing.T) {
	train, dev := Mix([]Source{source("large", 10000), source("small", 100)}, 7, 50)
	if len(dev) != 50 || len(train) != 10050 {
		t.Fatalf("got %d and %d sentences, want 10050 and 50", len(train), len(dev))
	}
	small := 0
	for _, s := range train[:500] {
		if strings.HasPrefix(s, "small") {
			small++
		}
	}
	if small < 25 || small > 75 {
		t.Errorf("got %d of the small file's sentences among the first 500, want about 45", small)
	}
}

// TestVocabularyKnowsPunctuation guards against a model to which every full stop is unknown.
func TestVocabularyKnowsPunctuation(t *testing.T) {
	s := Source{Path: "a"}
	for range 20 {
		s.Sentences = append(s.Sentences, `"Isn't it half-bad?", she asked; he nodded, (twice).`)
	}
	tok, err := Vocabulary([]Source{s}, 300)
	if err != nil {
		t.Fatal(err)
	}
	unknown := tok.Specials().UNK
	for i, id := range tok.Encode(`"Isn't it half-bad?", (she).`).IDs {
		if id == unknown {
			t.Errorf("token %d is unknown", i)
		}
	}
}

// TestProportionsStayWhenSmallFilesRunOut looks at the end of a stream, and for held-out texts in it.
func TestProportionsStayWhenSmallFilesRunOut(t *testing.T) {
	large, small := Source{}, Source{}
	for i := range 10000 {
		large.Sentences = append(large.Sentences, fmt.Sprintf("large %d", i))
	}
	for i := range 400 {
		small.Sentences = append(small.Sentences, fmt.Sprintf("small %d", i))
	}
	train, dev := Mixture([]Source{large, small}, 7, 50)
	_, want := Mix([]Source{large, small}, 7, 50)
	if !reflect.DeepEqual(dev, want) {
		t.Errorf("got other held-out texts than Mix")
	}
	last := 0
	for _, s := range train[len(train)-600:] {
		if strings.HasPrefix(s, "small") {
			last++
		}
	}
	if last < 60 || last > 140 { // a sixth: roots 100 and 20
		t.Errorf("got %d of the small file's texts among the last 600, want about 100", last)
	}
	for _, s := range train {
		if slices.Contains(dev, s) {
			t.Fatalf("%s is held out and learnt from", s)
		}
	}
}
