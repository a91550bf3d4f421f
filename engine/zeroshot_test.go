package engine

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/enginetest"
)

// asked runs ZeroShot into a new folder and returns its events.
func asked(t *testing.T, o ZeroShotOptions) (Finished, []Event) {
	t.Helper()
	o.Dir = filepath.Join(t.TempDir(), "asked")
	var events []Event
	done, err := ZeroShot(t.Context(), o, func(e Event) { events = append(events, e) })
	if err != nil {
		t.Fatal(err)
	}
	return done, events
}

func TestEverySpeakerIsAskedWithoutTraining(t *testing.T) {
	data := enginetest.Reviews(t, 40)
	for _, family := range speakers {
		for _, o := range []ZeroShotOptions{{}, {Shots: 2, Calibrate: true}} {
			o.Backbone, o.Data, o.Seed = enginetest.Backbone(t, family), data, 3
			o.Prompt, o.Words = "{text} a {label} film", map[string]string{"yes": "good", "no": "bad"}
			done, events := asked(t, o)
			lines, err := readPredictions(filepath.Join(done.Dir, predictionsOn("test")))
			if err != nil || len(lines) != 8 {
				t.Fatalf("%s: got %d predictions and error %v, want 8", family, len(lines), err)
			}
			right := 0
			for _, p := range lines {
				if sum := p.Probabilities["yes"] + p.Probabilities["no"]; math.Abs(float64(sum)-1) > 1e-6 {
					t.Errorf("%s: got probabilities %v, want a sum of 1", family, p.Probabilities)
				}
				if p.Right() {
					right++
				}
			}
			if got, want := float64(done.Metrics["test_accuracy"]), float64(right)/8; got != want {
				t.Errorf("%s: got accuracy %v, want %v as written", family, got, want)
			}
			want := mean(lines, PredictionLine.loss)(whole(len(lines)))
			i := slices.IndexFunc(of[Evaluated](events), func(e Evaluated) bool { return e.Split == "test" })
			if got := of[Evaluated](events)[i].Loss; !near(got, Number(want), 1e-6) {
				t.Errorf("%s: got loss %v, want %v as written", family, got, want)
			}
			fresh := slices.ContainsFunc(of[Note](events), func(n Note) bool { return strings.Contains(n.Text, "is chance") })
			if masked := !strings.Contains(family, "gpt"); fresh != masked {
				t.Errorf("%s: got notes %v, want a warning where the output layer is not in the weights", family, of[Note](events))
			}
		}
	}
}

// TestPromptsAreScoredByTheirWords computes the probabilities of labels by reading every prompt whole.
func TestPromptsAreScoredByTheirWords(t *testing.T) {
	dir := loud(t, "gpt2")
	done, _ := asked(t, ZeroShotOptions{
		Backbone: dir, Data: enginetest.Reviews(t, 20), Prompt: "{text} {label}", Words: map[string]string{"yes": "good", "no": "bad play"}, MaxLength: 32,
	})
	lines, err := readPredictions(filepath.Join(done.Dir, predictionsOn("test")))
	if err != nil || len(lines) == 0 {
		t.Fatalf("got %d predictions and error %v, want some", len(lines), err)
	}
	m := readyModel(t, dir)
	mean := func(text, words string) float64 {
		before := append([]int32{m.tok.Specials().EOS}, m.tok.Encode(text).IDs...)
		sum, ids := 0.0, m.tok.Encode(" "+words).IDs
		for i, id := range ids {
			sum += float64(logProbabilities(scoresOf(t, m, slices.Concat(before, ids[:i])))[id])
		}
		return sum / float64(len(ids))
	}
	for _, p := range lines {
		want := 1 / (1 + math.Exp(mean(p.Text, "bad play")-mean(p.Text, "good")))
		if got := float64(p.Probabilities["yes"]); math.Abs(got-want) > 1e-4 {
			t.Errorf("%q: got probability %v of yes, want %v", p.Text, got, want)
		}
	}
}

// loud is a small backbone whose weights are far enough apart to prefer some words.
func loud(t *testing.T, family string) string {
	t.Helper()
	dir := enginetest.Backbone(t, family)
	m := speaking(t, family)
	var tensors []checkpoint.Tensor
	for _, p := range backbone.Params(m.bb) {
		tensors = append(tensors, checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	enginetest.SaveWeights(t, dir, tensors)
	return dir
}

func readyModel(t *testing.T, dir string) *Model {
	t.Helper()
	m, err := OpenModel(context.Background(), dir)
	if err == nil {
		err = m.Load(0, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestLastWordsAreRightWhenTheyWouldBeWritten holds the accuracy to what generation writes.
func TestLastWordsAreRightWhenTheyWouldBeWritten(t *testing.T) {
	dir := loud(t, "gpt2")
	m := readyModel(t, dir)
	var lines strings.Builder
	var want []bool
	for i := range 24 {
		before := fmt.Sprintf("the %s film was %d", []string{"good", "very", "dull"}[i%3], i)
		prompt := append([]int32{m.tok.Specials().EOS}, m.tok.Encode(before).IDs...)
		word, room := " film", 2
		if i%2 == 0 { // what the model writes by itself
			word = m.tok.Decode(m.write(t, prompt, GenerateOptions{Tokens: room}))
		}
		if word = strings.TrimSpace(word); word == "" || strings.ContainsAny(word, " \n\t") {
			continue
		}
		ids := m.tok.Encode(" " + word).IDs
		want = append(want, slices.Equal(m.write(t, prompt, GenerateOptions{Tokens: len(ids)}), ids))
		lines.WriteString(before + " " + word + "\n")
	}
	path := filepath.Join(t.TempDir(), "passages.txt")
	enginetest.Write(t, path, lines.String())
	done, _ := asked(t, ZeroShotOptions{Backbone: dir, Data: path, Task: "lastword"})
	said, err := readPredictions(filepath.Join(done.Dir, predictionsOn("test")))
	if err != nil || len(said) != len(want) {
		t.Fatalf("got %d predictions and error %v, want %d", len(said), err, len(want))
	}
	right := 0
	for i, p := range said {
		if p.Right() != want[i] {
			t.Errorf("%q: got %q for %q, want that to be %v", p.Text, p.Predicted, p.Gold, want[i])
		}
		if want[i] {
			right++
		}
	}
	if right == len(want) || len(want) < 8 {
		t.Errorf("got %d of %d right, want some that are not", right, len(want))
	}
}

func TestAskedRunsStandBesideTrainedOnes(t *testing.T) {
	r := familyRecipe(t, "bert")
	r.Data = enginetest.Reviews(t, 40)
	run := trained(t, r)
	done, _ := asked(t, ZeroShotOptions{Backbone: enginetest.Backbone(t, "gpt2"), Data: r.Data, Shots: 2})
	c, err := Compare([]string{run.Dir, done.Dir}, "")
	if err != nil || c.Split != "test" || !c.Tested() {
		t.Fatalf("got %+v and error %v, want a test on the test part", c, err)
	}
	sum, err := summarise(done.Dir)
	if err != nil || !sum.Finished || sum.Primary != "accuracy" || sum.Trainable != 0 || sum.Recipe.Task != "prompt" || sum.Recipe.Limit != 2 {
		t.Errorf("got %+v and error %v, want a finished run of prompts with two examples", sum, err)
	}
}

// TestTheColumnsThatAreNamedAreRead asks and probes a table whose usual columns are the wrong ones.
func TestTheColumnsThatAreNamedAreRead(t *testing.T) {
	path, table := enginetest.Remarks(t, 60), Table{Text: "remark", Label: "verdict", SkipBadRows: true}
	_, at := telling(t, reviewsSaid)
	words := map[string]string{"yes": "good", "no": "bad"}
	for _, o := range []ZeroShotOptions{
		{Backbone: enginetest.Backbone(t, "gpt2"), Data: path, Table: table, Words: words},
		{Backbone: "endpoint:gpt-test", Data: path, Table: table, Words: words, Endpoint: at, Confirm: agreed},
	} {
		done, _ := asked(t, o)
		said, err := readPredictions(filepath.Join(done.Dir, predictionsOn("test")))
		if err != nil || len(said) == 0 || strings.Contains(said[0].Text, "seat") || !slices.Contains([]string{"yes", "no"}, said[0].Gold) {
			t.Errorf("%s: got %+v and error %v, want remarks and their verdicts", o.Backbone, said, err)
		}
		if sum, err := summarise(done.Dir); err != nil || sum.Recipe.Table() != table {
			t.Errorf("%s: got %+v and error %v, want a recipe that reads %+v", o.Backbone, sum.Recipe.Table(), err, table)
		}
		if again, err := readPrompting(done.Dir); IsEndpoint(o.Backbone) && (err != nil || again.Table != table) {
			t.Errorf("got %+v and error %v, want a run that goes on reading %+v", again.Table, err, table)
		}
	}
	got, err := ProbeLayers(t.Context(), ProbeOptions{Backbone: enginetest.Bert(t), Data: path, Table: table})
	if err != nil || got.Layers[0].Both.Value < 0.8 {
		t.Errorf("got %+v and error %v, want most verdicts right: words of praise decide", got, err)
	}
	if _, err := ProbeLayers(t.Context(), ProbeOptions{Backbone: enginetest.Bert(t), Data: path, Table: Table{Label: "mark"}}); err == nil || !strings.Contains(err.Error(), "mark") {
		t.Errorf("got error %v, want one that names the column that is not there", err)
	}
}

func TestPlainTextIsJudgedWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines.txt")
	enginetest.Write(t, path, strings.Repeat("the good film\na dull play\n", 5))
	done, _ := asked(t, ZeroShotOptions{Backbone: enginetest.Backbone(t, "openai-gpt"), Data: path})
	if n, p := done.Metrics["test_examples"], done.Metrics["test_perplexity"]; n != 10 || !(p > 1) {
		t.Errorf("got %v examples and perplexity %v, want all ten", n, p)
	}
}

func TestWhatCannotBeAskedIsRefusedBeforeAFolderIsMade(t *testing.T) {
	reviews, tagged := enginetest.Reviews(t, 20), enginetest.Tagged(t, 20)
	bert := enginetest.Backbone(t, "bert")
	for _, c := range []struct {
		o    ZeroShotOptions
		want string
	}{
		{ZeroShotOptions{Backbone: enginetest.Backbone(t, "xlnet"), Data: reviews}, "no output layer"},
		{ZeroShotOptions{Backbone: bert, Data: tagged}, "expected texts with one label each"},
		{ZeroShotOptions{Backbone: bert, Data: enginetest.Several(t, 24)}, "holds multilabel data, expected texts with one label each"},
		{ZeroShotOptions{Backbone: bert, Data: reviews, Task: "classify"}, "expected prompt, lm or lastword"},
		{ZeroShotOptions{Backbone: bert, Data: reviews, Prompt: "{text} and nothing"}, "expected {text} and one {label}"},
		{ZeroShotOptions{Backbone: bert, Data: reviews, Shots: 1000}, "shots is 1000"},
		{ZeroShotOptions{Backbone: bert, Data: reviews, Words: map[string]string{"maybe": "x"}}, `the label "maybe"`},
		{ZeroShotOptions{Backbone: bert, Data: reviews, MaxLength: 1000}, "max length is 1000"},
		{ZeroShotOptions{Backbone: bert, Data: reviews, Task: "lm", Shots: 1}, "no labels to ask for"},
	} {
		c.o.Dir = filepath.Join(t.TempDir(), "run")
		_, err := ZeroShot(t.Context(), c.o, func(Event) {})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want one that says %q", err, c.want)
		}
		if _, err := os.Stat(c.o.Dir); err == nil {
			t.Errorf("got a folder for %q, want none", c.want)
		}
	}
}
