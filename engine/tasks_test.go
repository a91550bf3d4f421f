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
	want := losses(eventsOf(trained(t, r)))
	again, err := Resume(t.Context(), stopped(t, r, 5).Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := losses(eventsOf(again)); !reflect.DeepEqual(got, want) {
		t.Errorf("got numbers %v, want %v", got, want)
	}
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
