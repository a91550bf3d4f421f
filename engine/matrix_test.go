package engine

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/enginetest"
	"defrost/engine/task"
)

// A lesson is how small backbones learn a task on a kind of data in a moment.
type lesson struct {
	name, task string
	data       func(t testing.TB, n int) string
	rows       int
	more       []string      // heads that every family is given beside its usual one
	set        func(*Recipe) // what differs from other tasks
	looks      func(t *testing.T, run *Run)
}

// lessons has one for every task that is registered and for all the data it is made for.
var lessons = []lesson{
	{name: "labels", task: "classify", data: enginetest.Topics, rows: 33, more: []string{"mlp"}},
	{name: "opinions", task: "sentiment", data: enginetest.Reviews, rows: 32},
	{name: "pairs", task: "classify", data: enginetest.Pairs, rows: 32},
	{name: "several labels", task: "multilabel", data: enginetest.Several, rows: 36},
	{name: "scores", task: "regress", data: enginetest.Scored, rows: 32},
	{name: "tags", task: "tag", data: enginetest.Tagged, rows: 32, more: []string{"bilstm-crf"}, looks: scoresEntities},
	{
		name: "answers", task: "qa", data: enginetest.Asked, rows: 20, more: []string{"bilstm"}, looks: scoresAnswers,
		set: func(r *Recipe) { r.LR, r.HeadLR, r.Stride = 0.005, 0.01, 6 },
	},
	{
		name: "translations", task: "translate", data: enginetest.Translated, rows: 36, looks: writesTranslations,
		set: func(r *Recipe) { r.LR, r.HeadLR = 0.003, 0.005 },
	},
	{
		name: "texts", task: "lm", data: enginetest.Reviews, rows: 60, looks: saysTexts,
		set: func(r *Recipe) { r.Epochs, r.MaxLength, r.HeadLR = 8, 16, 0.01 },
	},
	{
		name: "last words", task: "lastword", data: passages, rows: 60, looks: findsLastWords,
		set: func(r *Recipe) { r.Epochs, r.MaxLength, r.HeadLR = 8, 16, 0.01 },
	},
}

// everyHead is what a recipe can call its head.
var everyHead = []string{"linear", "mlp", "bilstm", "crf", "bilstm-crf"}

// speakers are the families whose word embeddings are an output layer.
var speakers = []string{"gpt2", "openai-gpt", "bert", "roberta", "distilbert"}

// refusal says why a task cannot stand on a family with a head, "" where it can.
func refusal(name, family, head string) string {
	several := !oneOf(head, "linear", "mlp", "bilstm")
	switch {
	case oneOf(name, "lm", "lastword") && !slices.Contains(speakers, family):
		return "this one has no output layer of its own, expected gpt2, openai-gpt, bert, roberta or distilbert"
	case oneOf(name, "lm", "lastword") && head != "linear":
		return "head is " + head + ", expected linear"
	case name == "qa" && family == "vectors" && head != "bilstm":
		return "head is " + head + ", expected bilstm: vectors of single words know nothing of the question"
	case name == "qa" && several:
		return "head is " + head + ", expected linear, mlp or bilstm: an answer is a begin and an end"
	case name == "translate" && !oneOf(head, "linear", "bilstm"):
		return "head is " + head + ", expected linear, a decoder on the backbone, or bilstm"
	case name != "tag" && several:
		return "head is " + head + ", expected linear, mlp or bilstm: " + name + " says one thing about a text"
	}
	return ""
}

// heads are those that a family is trained with: its usual one and what the lesson adds, and on BERT
// all there are.
func (l lesson) heads(family string) []string {
	usual := "linear"
	if oneOf(family, "elmo", "vectors") {
		usual = "bilstm"
	}
	asked := append([]string{usual}, l.more...)
	if family == "bert" {
		asked = everyHead
	}
	var list []string
	for _, head := range asked {
		if refusal(l.task, family, head) == "" && !slices.Contains(list, head) {
			list = append(list, head)
		}
	}
	return list
}

// recipe is the lesson on a family with a head.
func (l lesson) recipe(t *testing.T, family, head, data string) Recipe {
	t.Helper()
	r := familyRecipe(t, family)
	r.Data, r.Task, r.Head, r.Epochs, r.Dropout, r.LR, r.HeadLR = data, l.task, head, 6, 0, 0.01, 0.02
	if l.set != nil {
		l.set(&r)
	}
	return r
}

func TestEveryTaskIsTried(t *testing.T) {
	tried := map[string]bool{"fragile": true} // a task of the tests, made to fail
	for _, l := range lessons {
		tried[l.task] = true
	}
	if got, want := slices.Sorted(maps.Keys(tried)), task.Names(); !slices.Equal(got, want) {
		t.Errorf("got lessons of %v, want one of each of %v", got, want)
	}
}

// TestEveryBackboneDoesEveryTask trains each family on each task: the loss falls, and the checkpoint
// alone predicts what the run did. In short mode, each pair has one head.
func TestEveryBackboneDoesEveryTask(t *testing.T) {
	for _, l := range lessons {
		data := l.data(t, l.rows)
		t.Run(l.name, func(t *testing.T) {
			everyFamily(t, func(t *testing.T, family string) {
				t.Parallel()
				heads := l.heads(family)
				if testing.Short() {
					heads = heads[:min(1, len(heads))]
				}
				for _, head := range heads {
					t.Run(head, func(t *testing.T) { l.isMastered(t, l.recipe(t, family, head, data)) })
				}
			})
		})
	}
}

// atLeast is the fewest steps that a lesson takes.
const atLeast = 30

func (l lesson) isMastered(t *testing.T, r Recipe) {
	t.Helper()
	run := learnsAndRepeats(t, r)
	begun := of[Started](eventsOf(run))[0]
	if begun.Task != l.task || begun.Steps < atLeast {
		t.Errorf("got %d steps of %s, want %d or more of %s", begun.Steps, begun.Task, atLeast, l.task)
	}
	if _, scored := lastDev(run).Metrics[begun.Primary]; !scored {
		t.Errorf("got no %s among %v, want the metric that decides", begun.Primary, lastDev(run).Metrics)
	}
	if l.looks != nil {
		l.looks(t, run)
	}
}

// TestWhatABackboneCannotDoIsRefusedWithTheReason asks for every task on every family with every
// head. What the form offers is what is not refused.
func TestWhatABackboneCannotDoIsRefusedWithTheReason(t *testing.T) {
	for _, l := range lessons {
		data := l.data(t, l.rows)
		kind := kindOf(t, data)
		everyFamily(t, func(t *testing.T, family string) {
			r := l.recipe(t, family, "linear", data)
			m, err := OpenModel(t.Context(), r.Backbone)
			if err != nil {
				t.Fatal(err)
			}
			for _, r.Head = range everyHead {
				want := refusal(l.task, family, r.Head)
				if got := m.Fits(r, kind); got != (want == "") {
					t.Errorf("%s with head %s: got %v from what is offered, want the opposite", l.name, r.Head, got)
				}
				if want != "" {
					refuses(t, r, want)
				}
			}
		})
	}
}

// TestDataOfAnotherTaskIsRefused asks for every task on the data of every other.
func TestDataOfAnotherTaskIsRefused(t *testing.T) {
	for _, l := range lessons {
		for _, other := range lessons {
			r := l.recipe(t, "bert", "linear", other.data(t, other.rows))
			m, err := OpenModel(t.Context(), r.Backbone)
			if err != nil {
				t.Fatal(err)
			}
			if kind := kindOf(t, r.Data); !m.Fits(r, kind) {
				refuses(t, r, fmt.Sprintf("%s cannot be trained on %s, which holds %s data", l.task, r.Data, kind))
			}
		}
	}
}

func kindOf(t *testing.T, data string) datasets.Kind {
	t.Helper()
	d, err := datasets.Open(data, datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d.Kind
}

// refuses holds that a run of r ends before it learns, and that its error says why.
func refuses(t *testing.T, r Recipe, want string) {
	t.Helper()
	run, err := Start(t.Context(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err == nil {
		if _, err = run.Wait(); len(of[Step](eventsOf(run))) > 0 {
			t.Errorf("task %q with head %s: got steps, want none", r.Task, r.Head)
		}
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("task %q with head %s: got error %v, want one that says %q", r.Task, r.Head, err, want)
	}
}

// TestOnlySomeBackbonesSpeakOrKnowWordsAlone asks every family for what needs no training.
func TestOnlySomeBackbonesSpeakOrKnowWordsAlone(t *testing.T) {
	reviews, text := enginetest.Reviews(t, 20), passages(t, 20)
	ask := func(o ZeroShotOptions) func(string) error {
		return func(dir string) error {
			o.Backbone, o.Dir, o.Examples = dir, filepath.Join(t.TempDir(), "asked"), 4
			_, err := ZeroShot(t.Context(), o, func(Event) {})
			return err
		}
	}
	everyFamily(t, func(t *testing.T, family string) {
		dir := enginetest.Backbone(t, family)
		speaks, writes := slices.Contains(speakers, family), oneOf(family, "gpt2", "openai-gpt")
		for _, c := range []struct {
			what string
			can  bool
			do   func(string) error
			want string
		}{
			{"prompt", speaks, ask(ZeroShotOptions{Data: reviews}), "no output layer"},
			{"prompt with examples", speaks, ask(ZeroShotOptions{Data: reviews, Shots: 2}), "no output layer"},
			{"lm", speaks, ask(ZeroShotOptions{Data: text, Task: "lm"}), "no output layer"},
			{"lastword", speaks, ask(ZeroShotOptions{Data: text, Task: "lastword"}), "no output layer"},
			{"writing on", writes, func(dir string) error {
				_, err := readyModel(t, dir).Generate(t.Context(), "the film", GenerateOptions{Tokens: 3}, nil)
				return err
			}, "expected a causal model"},
			{"words alone", family == "vectors", func(dir string) error {
				_, err := OpenWords(t.Context(), dir)
				return err
			}, "has no vector for a word alone, expected static word vectors"},
		} {
			err := c.do(dir)
			if c.can && err != nil || !c.can && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s: got error %v, want it to work (%v) or one that says %q", c.what, err, c.can, c.want)
			}
		}
	})
}
