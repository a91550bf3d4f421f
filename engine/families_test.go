package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/enginetest"
	"defrost/engine/nn"
	"defrost/engine/optim"
	"defrost/engine/task"
)

// everyFamily runs test for each family of the zoo.
func everyFamily(t *testing.T, test func(t *testing.T, family string)) {
	for _, name := range enginetest.Families() {
		t.Run(name, func(t *testing.T) { test(t, name) })
	}
}

// familyRecipe trains a small backbone of a family with the head it is usually given.
func familyRecipe(t *testing.T, family string) Recipe {
	t.Helper()
	r := Defaults()
	r.Backbone, r.Data = enginetest.Backbone(t, family), enginetest.Reviews(t, 40)
	r.Batch, r.Epochs, r.MaxLength, r.LR, r.HeadLR = 4, 2, 24, 0.005, 0.01
	if family == "elmo" || family == "vectors" {
		r.Head = "bilstm"
	}
	return r
}

// trained is a finished run of r.
func trained(t *testing.T, r Recipe) *Run {
	t.Helper()
	run, err := Start(context.Background(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	return run
}

// eventsOf is all that happened in a run.
func eventsOf(run *Run) []Event {
	events, _ := run.Log.Since(0)
	return events
}

func TestEveryFamilyOfTheZooIsTested(t *testing.T) {
	if got, want := enginetest.Families(), backbone.Families(); !slices.Equal(got, want) {
		t.Errorf("got small backbones of %v, want one of each of %v", got, want)
	}
}

// lossOf is the mean loss of the steps of an epoch.
func lossOf(run *Run, epoch int) float64 {
	sum, n := 0.0, 0.0
	for _, s := range of[Step](eventsOf(run)) {
		if s.Epoch == epoch {
			sum, n = sum+float64(s.Loss), n+1
		}
	}
	return sum / n
}

func TestEveryFamilyLearnsTwoClassesAndMore(t *testing.T) {
	reviews, topics := enginetest.Reviews(t, 40), enginetest.Topics(t, 48)
	everyFamily(t, func(t *testing.T, family string) {
		for _, c := range []struct{ data, pool string }{{reviews, "mean"}, {topics, "cls"}, {reviews, "max"}, {topics, "last"}} {
			r := familyRecipe(t, family)
			r.Data, r.Pool, r.Epochs, r.Dropout = c.data, c.pool, 4, 0
			run := trained(t, r)
			if first, last := lossOf(run, 1), lossOf(run, 4); last >= first {
				t.Errorf("%s pool %s: got loss %v in the last epoch, want less than the %v of the first", filepath.Base(c.data), c.pool, last, first)
			}
		}
	})
}

// TestEveryFamilyLearnsOneBatchByHeart trains on the same eight examples again and again.
func TestEveryFamilyLearnsOneBatchByHeart(t *testing.T) { everyFamilyByHeart(t, "f32") }

func TestEveryFamilyLearnsOneBatchByHeartInBF16(t *testing.T) { everyFamilyByHeart(t, "bf16") }

func everyFamilyByHeart(t *testing.T, precision string) {
	t.Helper()
	path := enginetest.Topics(t, 12)
	d, err := datasets.Open(path, datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.Train = d.Train[:8]
	everyFamily(t, func(t *testing.T, family string) {
		r := familyRecipe(t, family)
		r.Data, r.Batch, r.Dropout, r.Schedule, r.Warmup, r.Precision = path, 8, 0, "constant", 0, precision
		m, err := OpenModel(context.Background(), r.Backbone)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := sketch(m, d, r)
		if err != nil {
			t.Fatal(err)
		}
		if loss := tr.byHeart(t, 150); loss >= 0.01 {
			t.Errorf("got loss %v on the batch it learns, want less than 0.01", loss)
		}
	})
}

// byHeart makes so many steps on all training examples and returns their loss without dropout.
func (t *trainer) byHeart(tb testing.TB, steps int) float64 {
	tb.Helper()
	if err := t.ready(); err != nil {
		tb.Fatal(err)
	}
	all := make([]int, len(t.items.train))
	for i := range all {
		all[i] = i
	}
	for range steps {
		if err := t.learn(all, 1); err != nil {
			tb.Fatal(err)
		}
	}
	if err := t.buildEval(); err != nil {
		tb.Fatal(err)
	}
	e, err := t.eval.evaluate(t.items.train, t.data.Train, false)
	if err != nil {
		tb.Fatal(err)
	}
	return e.loss
}

// ready fills the weights of a sketch and builds its program.
func (t *trainer) ready() error {
	if err := t.model.Load(t.r.Seed, false); err != nil {
		return err
	}
	for _, p := range t.head.Layer().Params {
		p.Reset(uint64(t.r.Seed))
	}
	t.publish = func(Event) {}
	return t.buildTrain()
}

// valuesOf reads all tensors of a model.
func valuesOf(t *testing.T, nameOrPath string) map[string][]float32 {
	t.Helper()
	m, err := OpenModel(context.Background(), nameOrPath)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(7, false); err != nil {
		t.Fatal(err)
	}
	values := map[string][]float32{}
	for _, p := range backbone.Params(m.bb) {
		values[p.Name] = p.Value
	}
	return values
}

func TestEveryFamilyKeepsToItsFreezePlan(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		for _, train := range []string{"head", "last:1", "embeddings", "bias"} {
			if family == "vectors" && (train == "last:1" || train == "bias") {
				continue // it has neither layers nor biases
			}
			r := familyRecipe(t, family)
			r.Train, r.Pool, r.Epochs = train, "cls", 1
			run := trained(t, r)
			checkFreezePlan(t, r, run)
		}
	})
}

// layersUnder are the layers of a recipe on m: those its head reads, and the head.
func layersUnder(t *testing.T, m *Model, r Recipe) []nn.Layer {
	t.Helper()
	tk, err := task.Open(task.Saved{Task: "classify", Labels: []string{"no", "yes"}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := m.newHead(tk, r.Head, r.Pool, 0)
	if err != nil {
		t.Fatal(err)
	}
	return append(usedLayers(m.bb, h), h.Layer())
}

// checkFreezePlan compares every tensor and the drift of every layer with what the plan says.
func checkFreezePlan(t *testing.T, r Recipe, run *Run) {
	t.Helper()
	for _, e := range of[Evaluated](eventsOf(run)) {
		for _, l := range e.Layers {
			if moved := l.Drift != 0; moved == l.Frozen() {
				t.Errorf("train %s: got drift %v of %s with %d values learning", r.Train, l.Drift, l.Name, l.Trainable)
			}
		}
	}
	d, err := datasets.Open(r.Data, datasets.Options{Seed: r.Seed})
	if err != nil {
		t.Fatal(err)
	}
	m, err := openFor(context.Background(), r.Backbone, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(r.Seed, false); err != nil {
		t.Fatal(err)
	}
	learns, err := optim.FreezePlan{Train: optim.Spec(r.Train)}.Learns(layersUnder(t, m, r))
	if err != nil {
		t.Fatal(err)
	}
	after := valuesOf(t, filepath.Join(run.Dir, checkpointsDir, "last"))
	for _, p := range backbone.Params(m.bb) {
		if !learns[p] && !slices.Equal(after[p.Name], p.Value) {
			t.Errorf("train %s: got another %s after the run, want it as it was", r.Train, p.Name)
		}
	}
}

// stopped is a run of r that was interrupted after a few steps.
func stopped(t *testing.T, r Recipe, steps int) *Run {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	run, err := Start(ctx, r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	for done := 0; done < steps; done++ {
		run.Wheel.StepOnce()
		for cursor := 0; len(of[Step](eventsOf(run))) <= done; cursor = run.Log.Len() {
			<-run.Log.Wait(cursor)
			if run.Log.Done(cursor) {
				t.Fatalf("got the end of the run after %d steps, want it to wait", done)
			}
		}
	}
	cancel()
	if _, err := run.Wait(); err == nil {
		t.Fatal("got no error of a run that was cancelled, want one")
	}
	return run
}

// resumes stops a run of the recipe after a few steps and goes on with it: every number of the log is
// that of a run that nothing happened to.
func resumes(t *testing.T, r Recipe) {
	t.Helper()
	want := losses(eventsOf(trained(t, r)))
	again, err := Resume(t.Context(), stopped(t, r, 5).Dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := losses(eventsOf(again)); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got numbers %v, want %v", r.Backbone, got, want)
	}
}

func TestEveryFamilyResumesAsIfNothingHadHappened(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		resumes(t, familyRecipe(t, family))
	})
}

// said reads predictions.jsonl.
func said(t *testing.T, run *Run) (texts []string, lines []PredictionLine) {
	t.Helper()
	file, err := os.Open(filepath.Join(run.Dir, predictionsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for rows := bufio.NewScanner(file); rows.Scan(); {
		var line PredictionLine
		if err := json.Unmarshal(rows.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		texts, lines = append(texts, line.Text), append(lines, line)
	}
	return texts, lines
}

func TestEveryFamilyPredictsAsItDidWhileTraining(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		r := familyRecipe(t, family)
		run := trained(t, r)
		if err := os.RemoveAll(r.Backbone); err != nil { // a checkpoint needs nothing else
			t.Fatal(err)
		}
		p, err := OpenPredictor(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		texts, want := said(t, run)
		got, err := p.Predict(texts)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			probabilities := map[string]Number{}
			for _, l := range got[i].Probabilities {
				probabilities[l.Label] = Number(l.P)
			}
			if got[i].Label != want[i].Predicted || !maps.Equal(probabilities, want[i].Probabilities) {
				t.Errorf("%q: got %s %v, want %s %v", texts[i], got[i].Label, probabilities, want[i].Predicted, want[i].Probabilities)
			}
		}
		strange, err := p.Predict([]string{"", "xylophones quizzically ümlaut 雪", "good"})
		if err != nil || len(strange) != 3 || math.IsNaN(strange[0].Probabilities[0].P) {
			t.Errorf("got %v and error %v for texts of unknown words and of none, want three predictions", strange, err)
		}
		nothing, err := p.Predict([]string{""})
		if err != nil || nothing[0].Label != strange[0].Label || nothing[0].Probabilities[0] != strange[0].Probabilities[0] {
			t.Errorf("got %v and error %v for no text alone, want %v as beside others", nothing, err, strange[0])
		}
	})
}

func TestEveryFamilyOpensItsCheckpointBitForBit(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		r := familyRecipe(t, family)
		first := filepath.Join(trained(t, r).Dir, checkpointsDir, "best")
		r.Backbone, r.Train, r.Epochs = first, "head", 1
		r.Pool = "mean" // the head alone learns, so that the second checkpoint repeats the first
		r.Freeze = frozenMix[family]
		second := filepath.Join(trained(t, r).Dir, checkpointsDir, "best")
		want, got := valuesOf(t, first), valuesOf(t, second)
		if len(got) != len(want) || len(got) == 0 {
			t.Fatalf("got %d tensors, want %d", len(got), len(want))
		}
		for name := range want {
			if !slices.Equal(got[name], want[name]) {
				t.Errorf("got another %s from the checkpoint of the checkpoint", name)
			}
		}
	})
}

// frozenMix freezes what counts as part of the head below it.
var frozenMix = map[string]string{"elmo": "mix"}

func TestGradualThawingGoesDownEveryFamily(t *testing.T) {
	want := map[string][]string{ // the lowest layer that learns in each epoch
		"gpt2": {"head", "decoder.1", "decoder.0", "embeddings"}, "openai-gpt": {"head", "decoder.1", "decoder.0", "embeddings"},
		"elmo": {"mix", "lstm.1", "lstm.0", "projection", "char_cnn"}, "vectors": {"head", "embeddings"},
		"xlnet": {"pooler", "encoder.1", "encoder.0", "embeddings"}, "bert": {"pooler", "encoder.1", "encoder.0", "embeddings"},
		"roberta": {"head", "encoder.1", "encoder.0", "embeddings"}, "distilbert": {"head", "encoder.1", "encoder.0", "embeddings"},
	}
	everyFamily(t, func(t *testing.T, family string) {
		r := familyRecipe(t, family)
		r.Gradual, r.Pool, r.Epochs = 1, "cls", len(want[family])
		for _, e := range of[Evaluated](eventsOf(trained(t, r))) {
			if e.Split != "dev" {
				continue
			}
			lowest := slices.IndexFunc(e.Layers, func(l LayerState) bool { return !l.Frozen() })
			if got := e.Layers[lowest].Name; got != want[family][e.Epoch-1] {
				t.Errorf("epoch %d: got %s as the lowest layer that learns, want %s", e.Epoch, got, want[family][e.Epoch-1])
			}
			for _, l := range e.Layers[lowest:] {
				if l.Frozen() {
					t.Errorf("epoch %d: got %s frozen above %s, want all above it to learn", e.Epoch, l.Name, e.Layers[lowest].Name)
				}
			}
		}
	})
}
