package task

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

// A splitter cuts words into letters, and words of marks into nothing.
type splitter struct{ *tokenizer.Words }

func (s splitter) EncodeWords(words []string) (e tokenizer.Encoding) {
	for w, word := range words {
		for i, r := range word {
			if r == '|' {
				continue
			}
			e.IDs, e.Words = append(e.IDs, r), append(e.Words, int32(w))
			e.Spans, e.Types = append(e.Spans, tokenizer.Span{Start: i, End: i + 1}), append(e.Types, 0)
			e.Special = append(e.Special, false)
		}
	}
	return e
}

func cities(t *testing.T) *Tag {
	t.Helper()
	tag, err := newTag([]string{"B-LOC", "I-LOC", "O"})
	if err != nil {
		t.Fatal(err)
	}
	return tag
}

var voyage = datasets.Example{Words: []string{"to", "|", "New", "York", "now"}, Tags: []string{"O", "O", "B-LOC", "I-LOC", "X"}}

func TestAWordIsWhatItsFirstTokenSays(t *testing.T) {
	tag := cities(t)
	item := tag.Encode(splitter{tokenizer.NewWords(nil)}, voyage, 0)[0]
	if want := []int32{0, 2, 5, 9}; !slices.Equal(item.Firsts, want) || item.Cut {
		t.Errorf("got first tokens %v, cut %v, want %v and not cut", item.Firsts, item.Cut, want)
	}
	if want := []int32{2, 0, 1, batch.Ignore}; !slices.Equal(item.Tags, want) {
		t.Errorf("got tags %v, want %v: a tag that is not known takes no part", item.Tags, want)
	}
	b := tag.Collate([]Item{item, item})
	if want := []int32{0, 2, 5, 9, 12, 14, 17, 21}; !slices.Equal(b.Firsts, want) {
		t.Errorf("got rows %v, want %v", b.Firsts, want)
	}
	if want := []int32{0, 4, 8}; !slices.Equal(b.Spans, want) {
		t.Errorf("got borders %v, want %v", b.Spans, want)
	}
}

func TestWordsThatWereNotAskedForAreOutside(t *testing.T) {
	tag := cities(t)
	item := tag.Encode(splitter{tokenizer.NewWords(nil)}, voyage, 6)[0] // to, N e w, Y
	if !item.Cut || len(item.Firsts) != 3 {
		t.Fatalf("got %d words of 6 tokens, cut %v, want 3 and cut", len(item.Firsts), item.Cut)
	}
	scores := []float32{0, 5, 4 /* I-LOC at the beginning is not allowed */, 3, 0, 0, 1, 2, 0}
	b := tag.Collate([]Item{item})
	got := tag.Read(Said{Items: []Item{item}, Batch: b, Out: [][]float32{scores}, Head: &tagger{}})[0].Tags
	if want := []string{"O", "O", "B-LOC", "I-LOC", "O"}; !slices.Equal(got, want) {
		t.Errorf("got tags %v, want %v", got, want)
	}
}

func TestEntitiesAreScoredWhole(t *testing.T) {
	s := cities(t).NewScore()
	s.Add(datasets.Example{Tags: []string{"B-LOC", "I-LOC", "O", "B-LOC"}}, Prediction{Tags: []string{"B-LOC", "O", "O", "B-LOC"}})
	s.Add(datasets.Example{}, Prediction{Tags: []string{"O"}}) // no gold
	got := s.Values()
	for name, want := range map[string]float64{"f1": 0.5, "precision": 0.5, "recall": 0.5, "f1_LOC": 0.5, "accuracy": 0.75} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	if want := [][]int{{2, 0, 0}, {0, 0, 1}, {0, 0, 1}}; !reflect.DeepEqual(s.Confusion(), want) {
		t.Errorf("got confusion %v, want %v", s.Confusion(), want)
	}
}

func TestTagsOfSingleWordsAreScoredByWord(t *testing.T) {
	tag, err := newTag([]string{"NOUN", "VERB"})
	if err != nil {
		t.Fatal(err)
	}
	s := tag.NewScore()
	s.Add(datasets.Example{Tags: []string{"NOUN", "VERB"}}, Prediction{Tags: []string{"NOUN", "NOUN"}})
	if got := s.Values(); tag.Primary() != "accuracy" || got["accuracy"] != 0.5 || len(got) != 2 {
		t.Errorf("got %v judged by %s, want accuracy 0.5 and macro F1 alone", got, tag.Primary())
	}
}

func TestTypedTextIsCutIntoWords(t *testing.T) {
	tag := cities(t)
	ex, err := tag.Ask("We didn't see Rome.")
	if want := []string{"We", "did", "n't", "see", "Rome", "."}; err != nil || !slices.Equal(ex.Words, want) {
		t.Errorf("got words %q and error %v, want %q", ex.Words, err, want)
	}
	c := tag.Show(ex, Prediction{Tags: []string{"O", "O", "O", "O", "B-LOC", "O"}})
	if c.Text != "We didn't see Rome." || !strings.Contains(c.Predicted, "B-LOC") || len(c.Tokens) != len(c.Tags) {
		t.Errorf("got %+v, want the text as it was typed, and a tag for each word", c)
	}
}
