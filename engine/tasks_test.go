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

func TestEveryFamilyTagsWords(t *testing.T) {
	data := enginetest.Tagged(t, 32)
	everyFamily(t, func(t *testing.T, family string) {
		heads := []string{"linear", "bilstm-crf"}
		if family == "bert" {
			heads = append(heads, "mlp", "crf", "bilstm")
		}
		for _, head := range heads {
			r := familyRecipe(t, family)
			r.Data, r.Head, r.Epochs, r.Dropout, r.LR, r.HeadLR = data, head, 5, 0, 0.01, 0.02
			dev := of[Evaluated](eventsOf(learnsAndRepeats(t, r)))[0]
			if _, scored := dev.Metrics["f1_GOOD"]; !scored || len(dev.Confusion) != 5 {
				t.Errorf("%s: got metrics %v and %d rows of confusion, want F1 by type and 5 tags", head, dev.Metrics, len(dev.Confusion))
			}
		}
	})
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

func TestHeadsThatDoNotSuitATaskAreRefused(t *testing.T) {
	reviews, tagged := enginetest.Reviews(t, 24), enginetest.Tagged(t, 24)
	for _, c := range []struct{ data, task, head, want string }{
		{reviews, "", "crf", "expected linear, mlp or bilstm"},
		{reviews, "tag", "crf", "cannot be trained on"},
		{tagged, "classify", "linear", "cannot be trained on"},
	} {
		r := familyRecipe(t, "bert")
		r.Data, r.Task, r.Head = c.data, c.task, c.head
		run, err := Start(t.Context(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
		if err == nil {
			_, err = run.Wait()
		}
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(c.want)) {
			t.Errorf("task %q with head %s: got error %v, want one that says %q", c.task, c.head, err, c.want)
		}
	}
}

// textTasks are recipes of the tasks that say one thing about a text or a pair of texts.
func textTasks(t *testing.T) map[string]func(*Recipe) {
	reviews, pairs, scored, several := enginetest.Reviews(t, 32), enginetest.Pairs(t, 32), enginetest.Scored(t, 32), enginetest.Several(t, 36)
	return map[string]func(*Recipe){
		"pairs":   func(r *Recipe) { r.Data = pairs },
		"scores":  func(r *Recipe) { r.Data = scored },
		"several": func(r *Recipe) { r.Data, r.Task = several, "multilabel" },
		"rare, several": func(r *Recipe) {
			r.Data, r.Task, r.ClassWeights, r.LabelSmoothing = several, "multilabel", "balanced", 0.05
		},
		"focal":    func(r *Recipe) { r.Data, r.Loss, r.ClassWeights = reviews, "focal", "balanced" },
		"smoothed": func(r *Recipe) { r.Data, r.LabelSmoothing = reviews, 0.1 },
	}
}

func TestEveryFamilyJudgesTextsAndPairs(t *testing.T) {
	recipes := textTasks(t)
	everyFamily(t, func(t *testing.T, family string) {
		for _, name := range []string{"pairs", "scores", "several"} {
			t.Run(name, func(t *testing.T) { judges(t, family, recipes[name]) })
		}
	})
	for _, name := range []string{"rare, several", "focal", "smoothed"} {
		t.Run(name, func(t *testing.T) { judges(t, "bert", recipes[name]) })
	}
}

// judges trains a family as a recipe is set and repeats what it said.
func judges(t *testing.T, family string, set func(*Recipe)) {
	t.Helper()
	r := familyRecipe(t, family)
	r.Epochs, r.Dropout, r.LR, r.HeadLR = 6, 0, 0.01, 0.02
	set(&r)
	run := learnsAndRepeats(t, r)
	for _, e := range of[Started](eventsOf(run)) {
		if _, scored := of[Evaluated](eventsOf(run))[0].Metrics[e.Primary]; !scored {
			t.Errorf("got no %s among the metrics, want the one that decides", e.Primary)
		}
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
		run, err := Start(t.Context(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
		if err == nil {
			_, err = run.Wait()
		}
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(c.want)) {
			t.Errorf("got error %v, want one that says %q", err, c.want)
		}
	}
}
