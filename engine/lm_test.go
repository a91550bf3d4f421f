package engine

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// lmRecipe trains a family on running text, or on what a labelled set says.
func lmRecipe(t *testing.T, family string) Recipe {
	t.Helper()
	r := familyRecipe(t, family)
	r.Data, r.Task, r.Head, r.Epochs, r.Batch, r.Dropout, r.LR, r.HeadLR = enginetest.Reviews(t, 60), "lm", "linear", 8, 4, 0, 0.01, 0.01
	r.MaxLength = 16
	return r
}

// TestPerplexityOfATextIsThatOfItsTokens reads a long text token by token, each after all of the
// window that came before it.
func TestPerplexityOfATextIsThatOfItsTokens(t *testing.T) {
	r := lmRecipe(t, "gpt2")
	r.Epochs = 1
	p, err := OpenPredictor(trained(t, r).Dir)
	if err != nil {
		t.Fatal(err)
	}
	const text = "the good film was a very dull play and a very good song"
	said, err := p.Predict([]string{text})
	if err != nil {
		t.Fatal(err)
	}
	m := p.model
	ids := append([]int32{m.tok.Specials().EOS}, m.tok.Encode(text).IDs...)
	want, from := 0.0, 0
	for i := 1; i < len(ids); i++ {
		if i-from > r.MaxLength {
			from += r.MaxLength / 2
		}
		want -= math.Log(softmax64(scoresOf(t, m, ids[from:i]))[ids[i]])
	}
	if got := *said[0].Nats; *said[0].Said != len(ids)-1 || math.Abs(got-want) > 1e-3 {
		t.Errorf("got %v nats of %d tokens, want %v of %d", got, *said[0].Said, want, len(ids)-1)
	}
}

func TestLanguageModelsResumeAsIfNothingHadHappened(t *testing.T) {
	for _, family := range []string{"bert", "gpt2"} {
		r := lmRecipe(t, family)
		r.Epochs, r.Dropout = 3, 0.1
		resumes(t, r)
	}
}

// TestAFrozenMaskedModelIsShownOtherWordsEveryEpoch holds that nothing remembered stands in for what
// changes: with a cache the losses are those without one.
func TestAFrozenMaskedModelIsShownOtherWordsEveryEpoch(t *testing.T) {
	r := lmRecipe(t, "bert")
	r.Train, r.Epochs = "head", 3
	r.Cache = false
	want := losses(eventsOf(trained(t, r)))
	r.Cache = true
	if got := losses(eventsOf(trained(t, r))); !reflect.DeepEqual(got, want) {
		t.Errorf("got losses %v, want %v", got, want)
	}
}

// TestTextAloneIsTrainedOnByItself holds that plain text needs no task named, and that the checkpoint
// speaks: its output layer is the one that learnt.
func TestTextAloneIsTrainedOnByItself(t *testing.T) {
	r := lmRecipe(t, "gpt2")
	path := filepath.Join(t.TempDir(), "lines.txt")
	var lines strings.Builder
	for i := range 60 {
		fmt.Fprintf(&lines, "the good film %d\n\na dull play %d\n", i, i)
	}
	enginetest.Write(t, path, lines.String())
	r.Data, r.Task = path, ""
	run := trained(t, r)
	dir, err := latest(filepath.Join(run.Dir, checkpointsDir, "best"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenModel(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(0, false); err != nil {
		t.Fatal(err)
	}
	text, err := m.Generate(t.Context(), "the good", GenerateOptions{Tokens: 1}, nil)
	if err != nil || strings.TrimSpace(text) != "film" {
		t.Errorf("got %q and error %v, want film, which it has read often", text, err)
	}
}
