package ui

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine/enginetest"
	"defrost/ui/shared"
)

// openModel chooses a backbone by its folder or file.
func (d *driver) openModel(path string) *driver {
	d.t.Helper()
	return d.Press("1", "o").Paste(path).Press("enter").settle()
}

// openData opens a file on the Data screen, which shows card of its first example, and chooses it.
func (d *driver) openData(path string, card ...string) *driver {
	d.t.Helper()
	d.Press("3", "o").Paste(path).Press("enter").Expect("examples in")
	for _, text := range card {
		d.Expect(text)
	}
	return d.Press("enter").settle()
}

// settings are what a job sets, in the order of the form.
var settings = []string{"task", "text column", "label column", "skip bad rows", "max length", "from scratch", "epochs", "batch", "learning rate", "head's rate", "head"}

// fill types values into the form, from top to bottom.
func (d *driver) fill(values map[string]string) *driver {
	d.t.Helper()
	for name := range values {
		if !slices.Contains(settings, name) {
			d.t.Fatalf("found setting %s, expected one of %v", name, settings)
		}
	}
	d.Press("4", "g")
	for _, name := range settings {
		value, set := values[name]
		if !set {
			continue
		}
		for row := cursorLine(d); !strings.HasPrefix(strings.TrimLeft(row, "┃│▸ "), name+" "); {
			next := cursorLine(d.Press("j"))
			if next == row {
				d.t.Fatalf("the form has no setting %s:\n%s", name, d.Screen())
			}
			row = next
		}
		d.Press("enter", "ctrl+u").Paste(value).Press("enter")
	}
	return d.settle()
}

// train starts a run, waits for its end and turns to its curves.
func (d *driver) train() *driver {
	d.t.Helper()
	d.Press("r")
	d.until(func() bool { return d.app.session.Status.Phase == shared.Finished }, "the end of the run")
	return d.settle().Press("5").Expect("finished after")
}

// ask types a text on the screen where networks are tried.
func (d *driver) ask(text string) *driver {
	d.t.Helper()
	return d.Press("7", "i", "ctrl+u").Paste(text).Press("enter").settle()
}

// A job is one task from its data to an answer.
type job struct {
	name, family string
	data         string
	set          map[string]string // settings typed into the form
	card         []string          // on the Data screen
	live         []string          // on the Live screen
	text         string            // that is tried
	says         []string          // what the answer is drawn as
}

// jobs are those that no test of their own does.
func jobs(t *testing.T) []job {
	return []job{
		{
			name: "topics", family: "bert", data: enginetest.Topics(t, 33), card: []string{"film", "meal", "song"},
			live: []string{"dev accuracy", "confusion on dev"}, text: "a very lovely meal", says: []string{"▸ ", "meal", "rests on"},
		},
		{
			name: "opinions", family: "distilbert", data: enginetest.Reviews(t, 40), set: map[string]string{"task": "sentiment", "head": "mlp"},
			live: []string{"dev accuracy", "confusion on dev"}, text: "the film was good", says: []string{"▸ ", "yes", "no", "rests on"},
		},
		{
			name: "several labels", family: "roberta", data: enginetest.Several(t, 36),
			card: []string{"as people read it", "labels "}, live: []string{"dev micro f1"}, text: "the film was lovely", says: []string{"praise", "film"},
		},
		{
			name: "pairs", family: "xlnet", data: enginetest.Pairs(t, 40), card: []string{"the film was good", "│ a very"},
			live: []string{"dev accuracy", "confusion on dev"}, text: "the film was good|a very bad film", says: []string{"same", "other"},
		},
		{
			name: "scores", family: "gpt2", data: enginetest.Scored(t, 40), card: []string{"the film was good", "│ a very", "score "},
			live: []string{"dev spearman", "near or far"}, text: "the film was good|a very bad film", says: []string{"dev spearman"},
		},
		{
			name: "tags", family: "elmo", data: enginetest.Tagged(t, 36), set: map[string]string{"head": "bilstm-crf", "epochs": "10", "learning rate": "0.01", "head's rate": "0.02"},
			card: []string{"as people read it", "BAD─────"}, live: []string{"dev f1", "confusion on dev"}, text: "the great film was dull", says: []string{"the great film was dull", "B-GOOD I-GOOD"},
		},
		{
			name: "last words", family: "gpt2", data: lastWords(t), set: map[string]string{"task": "lastword", "head": "linear"},
			card: []string{"the good room was 0 [film]"}, live: []string{"dev accuracy"}, text: "the good room was", says: []string{"film"},
		},
	}
}

// lastWords writes passages that end without a stop, all with the same word.
func lastWords(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "{\"text\": \"the %s room was %d film\"}\n", []string{"good", "bad", "dull"}[i%3], i)
	}
	path := filepath.Join(t.TempDir(), "passages.jsonl")
	enginetest.Write(t, path, b.String())
	return path
}

// TestEveryTaskRunsFromKeyPresses does each task by keys alone: backbone, data, settings, run, curves,
// and a text of one's own.
func TestEveryTaskRunsFromKeyPresses(t *testing.T) {
	for _, j := range jobs(t) {
		t.Run(j.name, func(t *testing.T) {
			d := drive(t).openModel(enginetest.Backbone(t, j.family)).openData(j.data, j.card...)
			values := map[string]string{"from scratch": "off", "epochs": "5", "batch": "4", "max length": "24", "learning rate": "0.005", "head's rate": "0.01"}
			maps.Copy(values, j.set)
			d.fill(values).Refuse("cannot start").train()
			for _, text := range j.live {
				d.Expect(text)
			}
			d.ask(j.text)
			for _, text := range j.says {
				d.Expect(text)
			}
			d.Refuse("NaN").Refuse("o chooses another").Press("d").Expect("an example of")
		})
	}
}

// TestSeveralLabelsAreSeenAndTrainedByTwoKeyPresses opens a file of lists, looks at its card and the
// shares of its labels at two sizes, and trains on it: enter chooses, r runs.
func TestSeveralLabelsAreSeenAndTrainedByTwoKeyPresses(t *testing.T) {
	d := drive(t).openModel(enginetest.Bert(t)).fill(map[string]string{"max length": "24", "epochs": "2", "batch": "8"})
	d.Press("3", "o").Paste(enginetest.Several(t, 36)).Press("enter").settle().Press("tab", "j")
	for _, size := range [][2]int{{80, 24}, {120, 34}} {
		d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		d.Expect("several.jsonl").Expect("multilabel").Expect("as people read it").Expect("the book was great 2").Expect("labels praise, book")
	}
	d.Expect("(no label)").Expect("praise, meal")
	d.Press("/").Paste("praise, meal").Press("enter").Expect("labels praise, meal").Refuse("praise, book").Press("esc")
	d.Press("shift+tab", "enter", "r")
	d.until(func() bool { return d.app.session.Status.Phase == shared.Finished }, "the end of the run")
	d.settle().Press("5").Expect("finished after").Expect("dev micro f1")
	d.ask("the film was good").Expect("praise").Refuse("NaN").Press("d").Expect("an example of")
	d.Press("4", "a").Expect("expected texts with one label each")
}

// TestBackbonesAreAskedUntrainedFromKeyPresses asks a model as it is about the films and the passages'
// last words, and sets the first run beside one that was fine-tuned.
func TestBackbonesAreAskedUntrainedFromKeyPresses(t *testing.T) {
	d := drive(t).openModel(enginetest.Backbone(t, "gpt2")).openData(enginetest.Reviews(t, 40))
	d.fill(map[string]string{"max length": "24", "from scratch": "off", "epochs": "1", "batch": "4"})
	d.Press("a")
	ended := func() bool { return d.app.session.Status.Phase == shared.Finished }
	d.until(ended, "the answers")
	d.settle().Press("5").Expect("finished after 0 steps").Expect("0 of 9.09k parameters learned").Expect("test accuracy")
	d.train()
	d.Press("6").Expect("none").Press(" ", " ", "enter").Expect("recipe differences").Expect("none").Expect("prompt")
	d.openData(enginetest.Remarks(t, 60)).fill(map[string]string{"text column": "remark", "label column": "verdict", "skip bad rows": "on"})
	d.Press("a")
	d.until(ended, "the verdicts")
	d.settle().Press("5").Expect("finished after 0 steps").Expect("test accuracy")
	d.openData(lastWords(t)).fill(map[string]string{"task": "lastword", "text column": "-", "label column": "-", "skip bad rows": "off"})
	d.Press("a")
	d.until(ended, "the last words")
	d.settle().Press("5").Expect("finished after 0 steps").Expect("test accuracy")
	d.openModel(enginetest.Backbone(t, "elmo")).Press("4", "a").Expect("has no output layer")
}

// TestWordsAreExploredFromKeyPresses asks vectors for neighbours and an analogy, drawn on a plane, and
// looks where a word stands in the sentences of the data: one vector for all, and of a BERT several.
func TestWordsAreExploredFromKeyPresses(t *testing.T) {
	d := drive(t).openModel(enginetest.Backbone(t, "vectors")).openData(enginetest.Reviews(t, 40))
	d.ask("good film").Expect("words like good").Expect("words like good on a plane").Expect("● good").Expect("of the differences")
	d.Press("right").Expect("words like film on a plane").Expect("● film")
	d.ask("good - bad + film").Expect("good - bad + film is near").Expect("● good")
	d.ask("the good film was good").Press("home", "right", "w").Expect("good in ").Expect("cosine of two places 1.00")
	d.Press("w").Expect("words like good on a plane")
	d.openModel(enginetest.Bert(t)).ask("the good film was good").Press("home", "right", "right", "w").Expect("good in ").Expect("cosine of two places 0.")
	d.Press("right", "right").Expect("was in ")
}
