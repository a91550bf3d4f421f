package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"defrost/engine/enginetest"
)

// planned reads an experiment from its text, in which BERT, ELMO, VECTORS and DATA stand for small
// ones, and keeps what it makes in a folder of the test.
func planned(t *testing.T, text string) Experiment {
	t.Helper()
	t.Setenv("DEFROST_HOME", t.TempDir())
	for mark, family := range map[string]string{"BERT": "bert", "ELMO": "elmo", "VECTORS": "vectors"} {
		if strings.Contains(text, mark) {
			text = strings.ReplaceAll(text, mark, enginetest.Backbone(t, family))
		}
	}
	path := filepath.Join(t.TempDir(), "experiment.yaml")
	enginetest.Write(t, path, strings.ReplaceAll(text, "DATA", enginetest.Reviews(t, 40)))
	e, err := LoadExperiment(path)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const twoBackbones = `
base: {data: DATA, batch: 4, epochs: 2, max_length: 24, lr: 0.01}
vary: {backbone: [BERT, ELMO]}
`

func expanded(t *testing.T, text string) []Recipe {
	t.Helper()
	recipes, err := planned(t, text).Expand(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return recipes
}

func TestEveryCombinationIsARun(t *testing.T) {
	recipes := expanded(t, `
base: {data: DATA, batch: 4, backbone: BERT, max_length: 16}
vary:
  train: [head, "last:1"]
  seed: [1, 2, 3]
`)
	if len(recipes) != 6 {
		t.Fatalf("got %d recipes, want 6", len(recipes))
	}
	for i, r := range recipes {
		if want := []string{"head", "last:1"}[i/3]; r.Train != want || r.Seed != int64(i%3+1) || r.Batch != 4 {
			t.Errorf("run %d: got train %s, seed %d, batch %d", i, r.Train, r.Seed, r.Batch)
		}
	}
}

func TestListedRunsAreCombinedWithWhatVaries(t *testing.T) {
	recipes := expanded(t, `
base: {data: DATA, batch: 4, max_length: 16}
runs:
  - {backbone: BERT, lr: 1e-5}
  - {backbone: BERT, scratch: true}
vary: {seed: [1, 2]}
`)
	if len(recipes) != 4 || recipes[0].LR != 1e-5 || recipes[1].Scratch || !recipes[2].Scratch || recipes[3].Seed != 2 {
		t.Errorf("got %+v, want both runs with both seeds", recipes)
	}
}

func TestBackbonesGetWhatIsUsualForTheirFamily(t *testing.T) {
	recipes := expanded(t, "base: {data: DATA, batch: 4}\nvary: {backbone: [BERT, ELMO, VECTORS]}")
	bert, elmo, vectors := recipes[0], recipes[1], recipes[2]
	if bert.Train != "all" || bert.Head != "linear" || bert.LR != 2e-4 || bert.MaxLength != 32 {
		t.Errorf("got %+v for a small BERT, want all of it to learn at 2e-4 within its 32 positions", bert)
	}
	for _, r := range []Recipe{elmo, vectors} {
		if r.Train != "head" || r.Head != "bilstm" || r.LR != 1e-3 || r.HeadLR != 1e-3 {
			t.Errorf("got %+v, want it frozen under a bilstm at 1e-3", r)
		}
	}
	if got := expanded(t, "base: {data: DATA, batch: 4, head: mlp, lr: 0.5}\nvary: {backbone: [BERT, ELMO]}")[1]; got.Head != "mlp" || got.LR != 0.5 {
		t.Errorf("got head %s and lr %g, want what was chosen", got.Head, got.LR)
	}
}

func TestWiderTransformersGetSmallerRates(t *testing.T) {
	dir := t.TempDir()
	for width, want := range map[string]float64{"128": 2e-4, "384": 5e-5, "768": 3e-5, "1024": 2e-5} {
		enginetest.Write(t, filepath.Join(dir, "config.json"), `{"model_type": "bert", "vocab_size": 9, "hidden_size": `+width+`,
"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 32, "type_vocab_size": 2}`)
		enginetest.Write(t, filepath.Join(dir, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\nd\n")
		r, err := DefaultsFor(dir)
		if err != nil || r.LR != want {
			t.Errorf("width %s: got %g (%v), want %g", width, r.LR, err, want)
		}
	}
}

func TestStepsAreAboutTheSameForEveryNumberOfLabels(t *testing.T) {
	recipes := expanded(t, "base: {data: DATA, batch: 4, backbone: BERT, max_length: 16}\nvary: {limit: [8, 16, 0]}\nsteps: 28")
	for i, want := range []int{14, 7, 4} { // 2, 4 and 7 steps an epoch
		if recipes[i].Epochs != want {
			t.Errorf("limit %d: got %d epochs, want %d", recipes[i].Limit, recipes[i].Epochs, want)
		}
	}
}

func TestExperimentsThatCannotRunAreRefusedBeforeAnythingIsMade(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"one run":         {"base: {data: DATA, batch: 4, backbone: BERT}", "found 1 runs"},
		"twice the same":  {"base: {data: DATA, batch: 4, backbone: BERT}\nvary: {seed: [1, 1]}", "runs 1 and 2 are the same"},
		"unknown setting": {"base: {data: DATA, colour: red}\nvary: {seed: [1, 2]}", "colour"},
		"no list":         {"base: {data: DATA}\nvary: {seed: 3}", "expected a list"},
		"no number":       {"base: {data: DATA}\nvary: {seed: [one, two]}", "seed is one"},
		"no backbone":     {"base: {data: DATA, batch: 4}\nvary: {backbone: [BERT, nowhere]}", "nowhere"},
		"no data":         {"base: {data: nothing.csv, batch: 4, backbone: BERT}\nvary: {seed: [1, 2]}", "nothing.csv"},
		"bad setting":     {"base: {data: DATA, batch: 4, backbone: BERT, lr: 0}\nvary: {seed: [1, 2]}", "lr is 0"},
		"too long":        {"base: {data: DATA, batch: 4, backbone: BERT, max_length: 99}\nvary: {seed: [1, 2]}", "max_length is 99"},
		"below nothing":   {"together: -1\nbase: {data: DATA, backbone: BERT}\nvary: {seed: [1, 2]}", "together is -1"},
	} {
		e := planned(t, c.text)
		_, err := e.Create(context.Background())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
		if left, _ := filepath.Glob(filepath.Join(os.Getenv("DEFROST_HOME"), "*", "*")); len(left) > 0 {
			t.Errorf("%s: left %v behind", name, left)
		}
	}
}

// created makes the folders of an experiment.
func created(t *testing.T, text string) Experiment {
	t.Helper()
	e, err := planned(t, text).Create(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// trainAll trains an experiment and returns the logs of its runs.
func trainAll(t *testing.T, e Experiment) [][]Event {
	t.Helper()
	runs := make([]*Run, len(e.Entries))
	if err := e.Train(context.Background(), context.Background(), func(i int, run *Run) { runs[i] = run }); err != nil {
		t.Fatal(err)
	}
	var logs [][]Event
	for _, run := range runs {
		logs = append(logs, eventsOf(run))
	}
	return logs
}

func TestRunsTogetherComputeWhatTheyComputeAlone(t *testing.T) {
	defer SetThreads(Threads())
	for _, threads := range []int{1, 2, 3} {
		SetThreads(threads)
		e := created(t, twoBackbones)
		e.Together = 2
		together := trainAll(t, e)
		for i, entry := range e.Entries {
			alone := losses(fitted(t, entry.Recipe))
			if got := losses(together[i]); !slices.Equal(got, alone) || len(got) == 0 {
				t.Errorf("%d threads, %s: got %v together, want %v", threads, entry.Name, got, alone)
			}
		}
	}
}

func TestNoMoreRunsTrainAtOnceThanAsked(t *testing.T) {
	e := created(t, "together: 2\nbase: {data: DATA, batch: 4, backbone: BERT, max_length: 16, epochs: 1}\nvary: {seed: [1, 2, 3, 4, 5]}")
	var mu sync.Mutex
	var runs []*Run
	most := 0
	err := e.Train(context.Background(), context.Background(), func(_ int, run *Run) {
		mu.Lock()
		defer mu.Unlock()
		runs = append(runs, run)
		now := 0
		for _, r := range runs {
			if r.Running() {
				now++
			}
		}
		most = max(most, now)
	})
	if err != nil || len(runs) != 5 || most > 2 || e.Finished() != 5 {
		t.Errorf("got %d runs, %d at once, %d finished (%v), want 5, at most 2, 5", len(runs), most, e.Finished(), err)
	}
}

func TestExperimentIsOpenedByItsName(t *testing.T) {
	e := planned(t, twoBackbones)
	e.Base = append(e.Base, yaml.MapItem{Key: "epochs", Value: 3}) // named before
	e, err := e.Create(context.Background())
	if err != nil || e.Entries[0].Recipe.Epochs != 3 {
		t.Fatalf("got %+v (%v), want three epochs", e.Entries, err)
	}
	again, err := OpenExperiment(e.Name)
	if err != nil || !slices.Equal(again.Dirs(), e.Dirs()) || again.Entries[1].Recipe != e.Entries[1].Recipe {
		t.Fatalf("got %+v (%v), want %+v", again, err, e)
	}
	if again.Finished() != 0 {
		t.Errorf("got %d finished runs before the first began", again.Finished())
	}
	second, err := e.Create(context.Background())
	if err != nil || second.Name == e.Name || second.Dirs()[0] == e.Dirs()[0] {
		t.Errorf("got %s at %v (%v), want a new name and new folders", second.Name, second.Dirs(), err)
	}
	if _, err := OpenExperiment("nothing"); err == nil || !strings.Contains(err.Error(), e.Name) {
		t.Errorf("got %v, want the experiments there are", err)
	}
	list, err := Experiments()
	if err != nil || len(list) != 2 {
		t.Errorf("got %v (%v), want both experiments", list, err)
	}
}

func TestWrittenExperimentIsReadBack(t *testing.T) {
	e := planned(t, twoBackbones)
	data, err := yaml.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "again.yaml")
	enginetest.Write(t, path, string(data))
	again, err := LoadExperiment(path)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := e.Expand(context.Background())
	got, err := again.Expand(context.Background())
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v (%v), want %+v", got, err, want)
	}
}

// TestFinishedRunsStandAndTheOthersGoOn stops an experiment after its first run.
func TestFinishedRunsStandAndTheOthersGoOn(t *testing.T) {
	e := created(t, "together: 1\nbase: {data: DATA, batch: 4, backbone: BERT, max_length: 16, epochs: 2}\nvary: {seed: [1, 2, 3]}")
	ctx, cancel := context.WithCancel(context.Background())
	err := e.Train(ctx, ctx, func(i int, run *Run) {
		if i == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was cancelled", err)
	}
	if e.Finished() != 1 {
		t.Fatalf("got %d finished runs, want the first alone", e.Finished())
	}
	first, err := os.ReadFile(filepath.Join(e.Entries[0].Dir, eventsFile))
	if err != nil {
		t.Fatal(err)
	}
	logs := trainAll(t, e)
	if again, _ := os.ReadFile(filepath.Join(e.Entries[0].Dir, eventsFile)); string(again) != string(first) {
		t.Error("the finished run was written to")
	}
	for i, entry := range e.Entries {
		if got, want := losses(logs[i]), losses(fitted(t, entry.Recipe)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", entry.Name, got, want)
		}
	}
}

func TestNoRunBeginsAfterTheQueueHasEnded(t *testing.T) {
	e := created(t, "together: 1\nbase: {data: DATA, batch: 4, backbone: BERT, max_length: 16, epochs: 1}\nvary: {seed: [1, 2, 3]}")
	queue, end := context.WithCancel(context.Background())
	begun := 0
	err := e.Train(context.Background(), queue, func(int, *Run) { begun++; end() })
	if err != nil || begun != 1 || e.Finished() != 1 {
		t.Errorf("got %d begun and %d finished (%v), want the one that was training to finish", begun, e.Finished(), err)
	}
}

func TestFailedRunDoesNotHoldUpTheOthers(t *testing.T) {
	e := created(t, "together: 1\nbase: {data: DATA, batch: 4, backbone: BERT, max_length: 16, epochs: 1}\nvary: {train: [\"last:9\", head]}")
	err := e.Train(context.Background(), context.Background(), func(int, *Run) {})
	if err == nil || !strings.Contains(err.Error(), "last:9") || e.Finished() != 1 {
		t.Errorf("got %v and %d finished, want what failed and the other finished", err, e.Finished())
	}
}
