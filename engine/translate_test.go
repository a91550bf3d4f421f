package engine

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// translatedRecipe trains a small backbone of a family to translate.
func translatedRecipe(t *testing.T, family string) Recipe {
	t.Helper()
	r := familyRecipe(t, family)
	r.Data, r.Epochs, r.Dropout, r.LR, r.HeadLR = enginetest.Translated(t, 36), 5, 0, 0.003, 0.005
	return r
}

// looksAtWords holds an attention table to its shape: rows sum to 1 less what special tokens got.
func looksAtWords(t *testing.T, p Prediction) {
	t.Helper()
	a := p.Attention
	if a == nil || len(a.Written) != len(a.Weights) || strings.Join(a.Written, " ") != strings.Join(strings.Fields(p.Label), " ") {
		t.Fatalf("got %+v of %q, want a row for each of its words", a, p.Label)
	}
	if got := strings.Join(a.Read, " "); got != "the good film was bad" {
		t.Errorf("got columns %q, want the words of the text", got)
	}
	for i, row := range a.Weights {
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		if len(row) != len(a.Read) || sum > 1+1e-4 || sum < 0 || math.IsNaN(sum) {
			t.Errorf("%s: got weights %v, want a share for each word", a.Written[i], row)
		}
	}
}

// TestTranslationsAreLearntWordByWord holds that loss, writing and metric are about the same thing.
func TestTranslationsAreLearntWordByWord(t *testing.T) {
	r := translatedRecipe(t, "bert")
	r.Data, r.Epochs = enginetest.Translated(t, 160), 16
	var last Evaluated
	for _, e := range of[Evaluated](eventsOf(trained(t, r))) {
		if e.Split == "dev" {
			last = e
		}
	}
	if chrf := last.Metrics["chrf"]; chrf < 60 {
		t.Errorf("got chrF %v of words it was trained on, want 60 or more", chrf)
	}
}

func TestTranslationsResumeAsIfNothingHadHappened(t *testing.T) {
	r := translatedRecipe(t, "bert")
	r.Epochs = 2
	resumes(t, r)
}

func TestFrozenBackboneTranslatesTheSameWithAndWithoutItsMemory(t *testing.T) {
	var want []Number
	for _, cache := range []bool{false, true} {
		r := translatedRecipe(t, "vectors")
		r.Head, r.Train, r.Cache, r.Epochs, r.Dropout = "linear", "head", cache, 2, 0.3
		got := losses(eventsOf(trained(t, r)))
		if want != nil && !reflect.DeepEqual(got, want) {
			t.Errorf("got losses %v with what was remembered, want %v", got, want)
		}
		want = got
	}
}
