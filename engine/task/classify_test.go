package task

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

func threeTopics(t *testing.T) *Classify {
	t.Helper()
	c, err := newClassify("classify", []string{"library", "tax", "waste"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOneLabelIsNoTask(t *testing.T) {
	if _, err := newClassify("classify", []string{"only"}); err == nil || !strings.Contains(err.Error(), "two or more") {
		t.Errorf("got error %v, want one that says two or more", err)
	}
}

func TestDataOfAnotherKindIsRefused(t *testing.T) {
	if _, err := New("classify", &datasets.Dataset{Name: "names", Kind: datasets.QA}, Options{}); err == nil || !strings.Contains(err.Error(), "names") {
		t.Errorf("got error %v, want one that names the data", err)
	}
}

func TestLongTextsAreCutAndSaySo(t *testing.T) {
	tok := tokenizer.NewWords([]string{"the", "bin", "was", "full"})
	c := threeTopics(t)
	short := c.Encode(tok, datasets.Example{Text: "the bin", Label: "waste"}, 3)[0]
	long := c.Encode(tok, datasets.Example{Text: "the bin was full", Label: "no such topic"}, 3)[0]
	if short.Cut || short.Class != 2 || len(short.Sequence.IDs) != 2 {
		t.Errorf("got %+v, want 2 tokens of class 2, not cut", short)
	}
	if !long.Cut || long.Class != batch.Ignore || len(long.Sequence.IDs) != 3 {
		t.Errorf("got %+v, want 3 tokens without a class, cut", long)
	}
	b := c.Collate([]Item{short, long})
	if want := []int32{2, batch.Ignore}; b.Tokens() != 5 || !reflect.DeepEqual(b.Classes, want) {
		t.Errorf("got %d tokens of classes %v, want 5 of %v", b.Tokens(), b.Classes, want)
	}
}

func TestLogitsAreReadAsProbabilities(t *testing.T) {
	c := threeTopics(t)
	b := batch.Pack([]batch.Sequence{{IDs: []int32{1}}, {IDs: []int32{1}}})
	got := c.Read(Said{Batch: b, Out: [][]float32{{0, 0, float32(math.Log(2)), 1000, 0, 0}}})
	if got[0].Class != 2 || got[1].Class != 0 {
		t.Errorf("got classes %d and %d, want 2 and 0", got[0].Class, got[1].Class)
	}
	for i, want := range []float64{0.25, 0.25, 0.5} {
		if p := got[0].Probabilities[i]; math.Abs(p-want) > 1e-6 {
			t.Errorf("label %d: got probability %v, want %v", i, p, want)
		}
	}
	if p := got[1].Probabilities[0]; p != 1 {
		t.Errorf("got probability %v of a large logit, want 1", p)
	}
}

func TestExamplesWithoutALabelAreNotScored(t *testing.T) {
	s := threeTopics(t).NewScore()
	s.Add(datasets.Example{Label: "library"}, Prediction{Class: 0})
	s.Add(datasets.Example{Label: "tax"}, Prediction{Class: 2})
	s.Add(datasets.Example{Label: "no such topic"}, Prediction{Class: 1})
	if got := s.Values()["accuracy"]; got != 0.5 {
		t.Errorf("got accuracy %v, want 0.5", got)
	}
	if want := [][]int{{1, 0, 0}, {0, 0, 1}, {0, 0, 0}}; !reflect.DeepEqual(s.Confusion(), want) {
		t.Errorf("got confusion %v, want %v", s.Confusion(), want)
	}
}
