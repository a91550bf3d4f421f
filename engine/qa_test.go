package engine

import (
	"path/filepath"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/enginetest"
)

// askedRecipe trains a small backbone of a family on questions, a fifth of whose texts are longer
// than a window.
func askedRecipe(t *testing.T, family, data string) Recipe {
	t.Helper()
	r := familyRecipe(t, family)
	r.Data, r.Epochs, r.Dropout, r.LR, r.HeadLR, r.Stride = data, 6, 0, 0.005, 0.01, 6
	return r
}

// TestWindowsAreItemsOfTheirOwn holds that no window of a text that is cut is forgotten in training.
func TestWindowsAreItemsOfTheirOwn(t *testing.T) {
	data := enginetest.Asked(t, 40)
	d, err := datasets.Open(data, datasets.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := askedRecipe(t, "bert", data)
	m, err := OpenModel(t.Context(), r.Backbone)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sketch(m, d, r)
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.items.train) <= len(d.Train) {
		t.Fatalf("got %d windows of %d examples, want some of several", len(tr.items.train), len(d.Train))
	}
	times := map[int]int{}
	for _, at := range tr.batches(1) {
		for _, i := range at {
			times[i]++
		}
	}
	for i := range tr.items.train {
		if times[i] != 1 {
			t.Errorf("got window %d %d times in an epoch, want once", i, times[i])
		}
	}
}

// TestAnswersAreLearntByPosition holds that loss, reading and metric are about the same thing.
func TestAnswersAreLearntByPosition(t *testing.T) {
	for _, c := range []struct{ family, head string }{{"elmo", "linear"}, {"vectors", "bilstm"}} {
		r := askedRecipe(t, c.family, enginetest.Asked(t, 80))
		r.Head, r.Epochs, r.LR, r.HeadLR = c.head, 12, 0.01, 0.02
		run := trained(t, r)
		var last Evaluated
		for _, e := range of[Evaluated](eventsOf(run)) {
			if e.Split == "dev" {
				last = e
			}
		}
		if f1 := last.Metrics["f1"]; f1 < 0.9 {
			t.Errorf("%s: got F1 %v of a pattern it was trained on, want nearly 1", c.family, f1)
		}
		p, err := OpenPredictor(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		context := "the film was lovely and the book was ugly"
		said, err := p.Predict([]string{"very\t" + context, "quite\t" + context, "and\t" + context, "very\t"})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"lovely", "ugly", "", ""} {
			s := said[i]
			if s.Label != want || want != "" && s.Spans[0].Start != strings.Index(context, want) {
				t.Errorf("%s: got %q of %+v for %q, want %q", c.family, s.Label, s.Spans, s.Text, want)
			}
		}
		if said[0].Context != context || *said[2].NoAnswer < *said[0].NoAnswer {
			t.Errorf("%s: got %v and %v for no answer, want more where the text does not say", c.family, *said[0].NoAnswer, *said[2].NoAnswer)
		}
	}
}

func TestQuestionsResumeAsIfNothingHadHappened(t *testing.T) {
	r := askedRecipe(t, "bert", enginetest.Asked(t, 24))
	r.Epochs = 2
	resumes(t, r)
}

// TestAnsweringGoesOnFromPublishedHeads takes a checkpoint with qa_outputs for a backbone, as those
// fine-tuned on SQuAD are published.
func TestAnsweringGoesOnFromPublishedHeads(t *testing.T) {
	r := askedRecipe(t, "bert", enginetest.Asked(t, 20))
	r.Backbone, r.Epochs = filepath.Join(trained(t, r).Dir, checkpointsDir, "best"), 1
	for head, want := range map[string]bool{"linear": false, "bilstm": true} {
		r.Head = head
		loaded := of[Loaded](eventsOf(trained(t, r)))[0]
		if fresh := loaded.Report.Fresh; len(fresh) > 0 != want {
			t.Errorf("%s: got new tensors %v, want some: %v", head, fresh, want)
		}
	}
}

func TestQuestionsWithoutWhatTheyNeedAreRefused(t *testing.T) {
	asked, reviews := enginetest.Asked(t, 24), enginetest.Reviews(t, 24)
	for _, c := range []struct {
		family, want string
		set          func(*Recipe)
	}{
		{"bert", "cannot be trained on", func(r *Recipe) { r.Data, r.Task = reviews, "qa" }},
		{"bert", "not tags that follow each other", func(r *Recipe) { r.Data, r.Head = asked, "crf" }},
		{"vectors", "expected bilstm", func(r *Recipe) { r.Data, r.Head = asked, "linear" }},
		{"bert", "expected classify examples", func(r *Recipe) { r.Data, r.Also = reviews, asked }},
	} {
		r := familyRecipe(t, c.family)
		c.set(&r)
		refuses(t, r, c.want)
	}
}
