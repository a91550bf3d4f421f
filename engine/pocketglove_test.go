package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func pocketGloVe(t *testing.T) *WordSpace {
	t.Helper()
	s, err := OpenWords(context.Background(), "pocket-glove")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPocketGloVeKnowsWords asks what a person would try first.
func TestPocketGloVeKnowsWords(t *testing.T) {
	s := pocketGloVe(t)
	if len(s.Words) != 30_000 || s.Dim != 128 {
		t.Errorf("got %d words of %d numbers, want 30000 of 128", len(s.Words), s.Dim)
	}
	for word, among := range map[string]string{"ship": "vessel", "railway": "station", "happy": "cheerful", "three": "four", "Monday": "tuesday"} {
		near, err := s.Near(word, 10)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, n := range near {
			found = found || n.Word == among
		}
		if !found {
			t.Errorf("got %v near %s, want %s among them", near, word, among)
		}
	}
	for question, want := range map[[3]string]string{{"man", "woman", "king"}: "queen", {"france", "paris", "england"}: "london", {"walk", "walked", "talk"}: "talked", {"good", "better", "great"}: "greater"} {
		got, err := s.Analogy(question[0], question[1], question[2], 1)
		if err != nil || got[0].Word != want {
			t.Errorf("%v: got %v, %v, want %s", question, got, err, want)
		}
	}
}

func TestCommonWordsBeginWithTheCommonest(t *testing.T) {
	list, err := CommonWords(20)
	if err != nil || len(list) != 20 || !strings.Contains(" "+strings.Join(list, " ")+" ", " the ") {
		t.Errorf("got %v, %v, want the 20 commonest words", list, err)
	}
	if all, err := CommonWords(1 << 30); err != nil || len(all) != 30_000 {
		t.Errorf("got %d words, %v, want no more than there are", len(all), err)
	}
}

// TestPocketGloVeOnPublicBenchmarks needs the test sets beside the tree; of the analogies every
// eighth is asked.
func TestPocketGloVeOnPublicBenchmarks(t *testing.T) {
	open := func(path ...string) *os.File {
		file, err := os.Open(filepath.Join(append([]string{shared, "datasets"}, path...)...))
		if err != nil {
			t.Skipf("test sets are not here: %v", err)
		}
		t.Cleanup(func() { file.Close() })
		return file
	}
	pairs, err := ReadWordPairs(open("wordsim", "EN-WS-353-ALL.txt"))
	if err != nil {
		t.Fatal(err)
	}
	s := pocketGloVe(t)
	if got := s.Similarity(pairs); got.Spearman < 0.40 || got.Covered < 300 {
		t.Errorf("got %+v on WordSim-353, want a correlation of 0.40 or more over 300 pairs", got)
	}
	sections, err := ReadAnalogies(open("analogy", "questions-words.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sections {
		var some [][4]string
		for j := 0; j < len(sections[i].Questions); j += 8 {
			some = append(some, sections[i].Questions[j])
		}
		sections[i].Questions = some
	}
	scores, err := s.Analogies(context.Background(), sections)
	if err != nil {
		t.Fatal(err)
	}
	if total := TotalAnalogies(scores); total.Accuracy() < 0.20 || total.Covered < 1000 {
		t.Errorf("got %+v, want 20%% or more of 1000 analogies", total)
	}
}

func TestPlacesOfAWordAreCompared(t *testing.T) {
	c, err := CompareContexts([]Occurrence{{Vector: []float32{1, 0}}, {Vector: []float32{2, 0.1}}, {Vector: []float32{0, 3}}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Nearest[0] != 1 || c.Nearest[1] != 0 || c.Nearest[2] != 1 || c.Cosine[0] < 0.99 || c.Mean > 0.4 || c.Mean < 0.3 {
		t.Errorf("got %+v, want the first two near each other", c)
	}
	if one, err := CompareContexts([]Occurrence{{Vector: []float32{1, 0}}}); err != nil || one.Nearest[0] != -1 || one.Mean != 0 {
		t.Errorf("got %+v, %v, want no neighbour of a single place", one, err)
	}
	if _, err := CompareContexts(nil); err == nil {
		t.Error("got no error without places, want one")
	}
}
