package engine

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"defrost/datasets"
	"defrost/engine/enginetest"
)

// learnsAndRepeats trains r and holds the run to what every task promises: its loss falls, and its
// checkpoint, opened without the backbone it came from, says what predictions.jsonl says.
func learnsAndRepeats(t *testing.T, r Recipe) *Run {
	t.Helper()
	run := trained(t, r)
	if first, last := lossOf(run, 1), lossOf(run, r.Epochs); !(last < first) {
		t.Errorf("got loss %v in the last epoch, want less than the %v of the first", last, first)
	}
	if err := os.RemoveAll(r.Backbone); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(r.Data, datasets.Options{Seed: r.Seed})
	if err != nil {
		t.Fatal(err)
	}
	p, err := OpenPredictor(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.PredictExamples(d.Dev)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := readPredictions(filepath.Join(run.Dir, predictionsFile))
	if err != nil || len(lines) != len(got) || len(got) == 0 {
		t.Fatalf("got %d predictions in the file (%v) and %d of the checkpoint, want as many", len(lines), err, len(got))
	}
	for i, want := range lines {
		if got[i].Label != want.Predicted || !reflect.DeepEqual(detailOf(t, got[i].Detail), detailOf(t, want.Detail)) {
			t.Errorf("%q: got %s %+v, want %s %+v", want.Text, got[i].Label, got[i].Detail, want.Predicted, want.Detail)
		}
		for _, l := range got[i].Probabilities {
			if want := want.Probabilities[l.Label]; Number(l.P) != want {
				t.Errorf("%q: got probability %v of %s, want %v", got[i].Text, l.P, l.Label, want)
			}
		}
	}
	return run
}

// detailOf is a detail as JSON holds it.
func detailOf(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back any
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&back); err != nil {
		t.Fatal(err)
	}
	return back
}

// TestTaggersFindWhatTheyWereTrainedOn holds that loss and metric are about the same thing.
func TestTaggersFindWhatTheyWereTrainedOn(t *testing.T) {
	for _, head := range []string{"bilstm", "bilstm-crf"} {
		r := familyRecipe(t, "vectors")
		r.Data, r.Head, r.Epochs, r.Dropout, r.LR, r.HeadLR = enginetest.Tagged(t, 60), head, 10, 0, 0.01, 0.02
		run := trained(t, r)
		var last Evaluated
		for _, e := range of[Evaluated](eventsOf(run)) {
			if e.Split == "dev" {
				last = e
			}
		}
		if f1 := last.Metrics["f1"]; f1 < 0.95 {
			t.Errorf("%s: got F1 %v of a pattern it was trained on, want nearly 1", head, f1)
		}
		p, err := OpenPredictor(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		said, err := p.Predict([]string{"the great film was dull", ""})
		if err != nil || len(said[0].Tags) != 5 || said[0].Tags[0] != "O" || len(said[1].Tags) != 0 {
			t.Errorf("%s: got %+v and error %v, want five tags, and none of no text", head, said, err)
		}
	}
}

func TestTaggersResumeAsIfNothingHadHappened(t *testing.T) {
	r := familyRecipe(t, "bert")
	r.Data, r.Head = enginetest.Tagged(t, 24), "bilstm-crf"
	resumes(t, r)
}

func TestOtherLossesAreLearntToo(t *testing.T) {
	reviews, several, marked := enginetest.Reviews(t, 32), enginetest.Several(t, 36), enginetest.Marked(t, 36, ",")
	for name, set := range map[string]func(*Recipe){
		"rare, several": func(r *Recipe) {
			r.Data, r.ClassWeights, r.LabelSmoothing = several, "balanced", 0.05
		},
		"several in a cell":     func(r *Recipe) { r.Data, r.Task, r.Separator = marked, "multilabel", "," },
		"several, found a mark": func(r *Recipe) { r.Data, r.Task = marked, "multilabel" },
		"a mark is recognised":  func(r *Recipe) { r.Data = enginetest.Marked(t, 36, "|") },
		"focal":                 func(r *Recipe) { r.Data, r.Loss, r.ClassWeights = reviews, "focal", "balanced" },
		"smoothed":              func(r *Recipe) { r.Data, r.LabelSmoothing = reviews, 0.1 },
	} {
		t.Run(name, func(t *testing.T) {
			r := familyRecipe(t, "bert")
			r.Epochs, r.Dropout, r.LR, r.HeadLR = 6, 0, 0.01, 0.02
			set(&r)
			learnsAndRepeats(t, r)
		})
	}
}

func TestSettingsOfALossThatDoNotSuitATaskAreRefused(t *testing.T) {
	reviews, scored, tagged := enginetest.Reviews(t, 24), enginetest.Scored(t, 24), enginetest.Tagged(t, 24)
	for _, c := range []struct {
		want string
		set  func(*Recipe)
	}{
		{"expected cross-entropy or focal", func(r *Recipe) { r.Data, r.Loss = reviews, "mse" }},
		{"expected 0 with a focal loss", func(r *Recipe) { r.Data, r.Loss, r.LabelSmoothing = reviews, "focal", 0.1 }},
		{"expected a separator", func(r *Recipe) { r.Data, r.Task = reviews, "multilabel" }},
		{"expected mse alone", func(r *Recipe) { r.Data, r.ClassWeights = scored, "balanced" }},
		{"loss of its own over whole sentences", func(r *Recipe) { r.Data, r.Head, r.LabelSmoothing = tagged, "crf", 0.1 }},
	} {
		r := familyRecipe(t, "bert")
		c.set(&r)
		refuses(t, r, c.want)
	}
}
