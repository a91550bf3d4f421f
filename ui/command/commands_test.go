package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/checkpoint"
	"defrost/engine/enginetest"
)

func TestInspectAccountsForEveryTensor(t *testing.T) {
	dir := enginetest.Bert(t)
	list := enginetest.Weights(t, dir)
	left := list[len(list)-1].Name
	list[len(list)-1] = checkpoint.Tensor{Name: "stranger", Shape: []int{2}, Data: []float32{1, 2}}
	enginetest.SaveWeights(t, dir, list)
	var got engine.Inspection
	if err := json.Unmarshal([]byte(succeeded(t, "", "inspect", dir, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	r := got.Report
	if len(r.Loaded)+len(r.Dropped) != len(list) {
		t.Errorf("got %d loaded and %d dropped tensors, want %d together", len(r.Loaded), len(r.Dropped), len(list))
	}
	if len(r.Dropped) != 1 || r.Dropped[0].Name != "stranger" || r.Dropped[0].Why == "" {
		t.Errorf("got dropped %v, want stranger with a reason", r.Dropped)
	}
	if len(r.Fresh) != 1 || r.Fresh[0] != left {
		t.Errorf("got new %v, want %s", r.Fresh, left)
	}
	tensors, params := 0, 0
	for _, l := range got.Layers {
		tensors += len(l.Tensors)
		params += l.Params
	}
	if tensors != len(r.Loaded)+len(r.Fresh) || params != got.Params {
		t.Errorf("got %d tensors and %d parameters in layers, want %d and %d", tensors, params, len(r.Loaded)+len(r.Fresh), got.Params)
	}
	text := succeeded(t, "", "inspect", dir, "--tensors")
	for _, want := range []string{"encoder.1", "dropped stranger: ", "new " + left, list[0].Name, "tokenizer of 29 tokens"} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want it to say %q", text, want)
		}
	}
}

func TestPredictAnswersArgumentsAndLines(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "run")
	succeeded(t, "", small(t, "--out", dir)...)
	lines := strings.Repeat("the film was good\nthe meal was awful\n", predictBatch)
	plain := strings.Split(strings.TrimSpace(succeeded(t, lines, "predict", dir)), "\n")
	if len(plain) != 2*predictBatch {
		t.Fatalf("got %d answers, want %d", len(plain), 2*predictBatch)
	}
	var said engine.Prediction
	if err := json.Unmarshal([]byte(succeeded(t, "", "predict", dir, "the film was good", "--json")), &said); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, l := range said.Probabilities {
		sum += l.P
	}
	if said.Text != "the film was good" || len(said.Probabilities) != 2 || math.Abs(sum-1) > 1e-5 {
		t.Errorf("got %+v, want two probabilities that add up to 1", said)
	}
	if want := said.Label + "\t"; !strings.HasPrefix(plain[0], want) {
		t.Errorf("got %q, want it to begin with %q", plain[0], want)
	}
}

func TestPredictTagsWords(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "run")
	succeeded(t, "", small(t, "--out", dir, "--data", enginetest.Tagged(t, 24))...)
	plain := succeeded(t, "the good film\nthe meal\n", "predict", dir)
	var words []string
	for _, line := range strings.Split(plain, "\n") {
		word, _, _ := strings.Cut(line, "\t")
		words = append(words, word)
	}
	if want := []string{"the", "good", "film", "", "the", "meal", "", ""}; !slices.Equal(words, want) {
		t.Errorf("got %q, want a line for each word and a blank one after each text", plain)
	}
	var said engine.Prediction
	if err := json.Unmarshal([]byte(succeeded(t, "", "predict", dir, "the good film", "--json")), &said); err != nil {
		t.Fatal(err)
	}
	if len(said.Tokens) != 3 || len(said.Tags) != 3 || said.Tokens[2] != "film" {
		t.Errorf("got %+v, want three words with tags", said)
	}
}

func TestRunsListsAndFindsByTheBeginningOfAName(t *testing.T) {
	home(t)
	if out := succeeded(t, "", "runs", "--json"); out != "" {
		t.Errorf("got %q, want no runs", out)
	}
	succeeded(t, "", small(t)...)
	var run engine.Summary
	if err := json.Unmarshal([]byte(succeeded(t, "", "runs", "--json")), &run); err != nil {
		t.Fatal(err)
	}
	if !run.Finished || run.Steps != 14 || run.Trainable == 0 {
		t.Errorf("got %+v, want a finished run of 14 steps", run)
	}
	if text := succeeded(t, "", "runs"); !strings.Contains(text, run.ID) || !strings.Contains(text, "finished") {
		t.Errorf("got %q, want %s in it", text, run.ID)
	}
	succeeded(t, "good", "predict", run.ID[:len(run.ID)-1])
}

func TestDataShowCountsLabelsAndReportsProblems(t *testing.T) {
	var got struct {
		Kind     string
		Sizes    map[string]int
		Counts   map[string]map[string]int
		Examples []map[string]any
	}
	if err := json.Unmarshal([]byte(succeeded(t, "", "data", "show", "films", "--json", "--examples", "2")), &got); err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, n := range got.Counts["train"] {
		all += n
	}
	if got.Kind != "classify" || len(got.Examples) != 2 || all == 0 || all != got.Sizes["train"] {
		t.Errorf("got %+v, want two examples and labels that add up", got)
	}
	for _, name := range []string{"films", "ner", "qa", "enfr"} {
		if text := succeeded(t, "", "data", "show", name); !strings.Contains(text, name) {
			t.Errorf("got %q, want it to name %s", text, name)
		}
	}
	if text := succeeded(t, "", "data"); !strings.Contains(text, "films") || !strings.Contains(text, "stanfordnlp/sst2") {
		t.Errorf("got %q, want embedded and public sets", text)
	}
}

func TestDataShowListsTheLabelsOfExamplesThatHaveSeveral(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.jsonl")
	rows := ""
	for i := range 10 {
		rows += fmt.Sprintf("{\"text\":\"text %d\",\"labels\":%s}\n", i, []string{`["art","old film"]`, `[]`}[i%2])
	}
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	text := succeeded(t, "", "data", "show", path)
	for _, want := range []string{path + ": multilabel data", "labels    art, old film\n", "labels    (no label)\n", "(no label)  3      1    1 "} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
	var got struct{ Examples []struct{ Labels []string } }
	if err := json.Unmarshal([]byte(succeeded(t, "", "data", "show", path, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	if ex := got.Examples; len(ex) == 0 || fmt.Sprint(ex[0].Labels) == fmt.Sprint(ex[1].Labels) || ex[1].Labels == nil {
		t.Errorf("got %+v, want two labels, and a list without any", ex)
	}
}

func TestModelsSayHowToGetThem(t *testing.T) {
	t.Setenv("HF_HOME", t.TempDir())
	if text := succeeded(t, "", "models"); !strings.Contains(text, "defrost pull bert-base-uncased") {
		t.Errorf("got %q, want the command that fetches bert-base-uncased", text)
	}
	for _, line := range strings.Split(strings.TrimSpace(succeeded(t, "", "models", "--json")), "\n") {
		var card engine.Card
		if err := json.Unmarshal([]byte(line), &card); err != nil || card.Name == "" {
			t.Errorf("got %q (%v), want a card", line, err)
		}
	}
}

func TestVerifyPrintsALineForEveryFolder(t *testing.T) {
	r := do(t, "", "verify", "nowhere", "neither")
	if r.code != exitFailed || strings.Count(r.err, "\n") != 1 {
		t.Errorf("got code %d and %q, want 1 and one line", r.code, r.err)
	}
	for i, line := range strings.Split(strings.TrimSpace(r.out), "\n") {
		var v struct {
			Dir, Error string
			OK         *bool
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Dir != []string{"nowhere", "neither"}[i] || v.OK == nil || *v.OK || v.Error == "" {
			t.Errorf("got %q (%v), want ok false with a reason", line, err)
		}
	}
}

func TestWorkbenchWantsATerminal(t *testing.T) {
	refusal{"no terminal", nil, exitFailed, []string{"no terminal", "defrost --help"}}.check(t)
}

// A lostOutput panics.
type lostOutput struct{}

func (lostOutput) Write([]byte) (int, error) { panic("lost\nin\nspace") }

func TestPanicIsOneLine(t *testing.T) {
	var errs strings.Builder
	p := Program{Out: lostOutput{}, Err: &errs}
	if code := p.Main(context.Background(), []string{"version"}); code != exitFailed || errs.String() != "defrost: internal error: lost\n" {
		t.Errorf("got code %d and %q, want 1 and one line", code, errs.String())
	}
}

// A fullOutput refuses what is written to it.
type fullOutput struct{}

func (fullOutput) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFullStandardOutputEndsTheRunWithACheckpoint(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "run")
	var errs strings.Builder
	p := Program{Out: fullOutput{}, Err: &errs}
	args := small(t, "--json", "--epochs", "40", "--out", dir)
	if code := p.Main(context.Background(), args); code != exitFailed || !strings.Contains(errs.String(), "no space left; ") || !strings.Contains(errs.String(), "defrost resume "+dir) {
		t.Errorf("got code %d and %q, want 1, the reason and how to resume", code, errs.String())
	}
	succeeded(t, "", "resume", dir)
}
