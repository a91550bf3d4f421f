package labs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// small is a lab of two runs that take a moment; %s are a backbone and data.
const small = `name: small
title: Does the head suffice?
about: A lab for tests.
seconds: 2
text:
  - The first paragraph.
  - The second one.
recipe:
  backbone: %s
  data: %s
  epochs: 2
  batch: 4
  max_length: 16
  lr: 0.01
runs:
  - name: frozen
    about: only the head learns
    recipe: {train: head}
  - name: tuned
    about: everything learns
chart: {show: loss}
predict:
  ask: Which is better?
  choices:
    - say: the frozen one
      claims: [frozen > tuned]
    - say: the tuned one
      claims: [tuned > frozen]
    - say: neither
      claims: [frozen ~ tuned]
shows:
  - claim: tuned > frozen
    yes: Tuning helps.
    no: Tuning hurts.
    chance: So few examples cannot tell.
check:
  ask: What did the frozen run change?
  choices:
    - say: everything
    - say: the head
      right: true
  why: A frozen backbone stays as it is.
next:
  lab: thawing
  try:
    - Freeze something else.
`

// home keeps the progress and the runs of a test to itself.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("DEFROST_HOME", dir)
	return dir
}

// sample is the small lab in a file of its own.
func sample(t *testing.T) Lab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.yaml")
	write(t, path, fmt.Sprintf(small, enginetest.Bert(t), enginetest.Reviews(t, 60)))
	lab, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLabIsReadOverTheDefaults(t *testing.T) {
	lab := sample(t)
	if lab.Measure != "accuracy" || lab.Chart.Over != "step" || lab.Chart.Show != "loss" {
		t.Errorf("got measure %q and chart %+v, want the defaults where nothing is said", lab.Measure, lab.Chart)
	}
	a, b := lab.Runs[0].Recipe, lab.Runs[1].Recipe
	if a.Train != "head" || b.Train != "all" || a.Batch != 4 || b.Batch != 4 || a.Optimizer != "adamw" {
		t.Errorf("got recipes %+v and %+v, want what they share and what is particular", a, b)
	}
}

func TestBrokenLabsAreRefusedWithTheirLine(t *testing.T) {
	good := fmt.Sprintf(small, "pocket-bert", "films")
	for _, c := range []struct{ name, from, to, want string }{
		{"not yaml", "chart: {show: loss}", "chart: {show: loss", "lab: x.yaml:"},
		{"empty", good, "", "lab: x.yaml:1: found 1 documents, expected one with a lab"},
		{"two documents", "chart:", "---\nchart:", "lab: x.yaml:1: found 2 documents, expected one with a lab"},
		{"a list", good, "- a\n", "lab: x.yaml:1: "},
		{"unknown field", "seconds: 2", "secs: 2", `lab: x.yaml:4: unknown field "secs"`},
		{"unknown field of a run", "    about: only the head learns", "    abbout: only the head learns", `lab: x.yaml:17: unknown field "abbout"`},
		{"unknown setting", "  epochs: 2", "  epoch: 2", `lab: x.yaml:11: unknown field "epoch"`},
		{"unknown setting of a run", "{train: head}", "{trian: head}", `lab: x.yaml:18: unknown field "trian"`},
		{"a field twice", "seconds: 2", "seconds: 2\nseconds: 3", "lab: x.yaml:5: mapping key \"seconds\" already defined at [4:1]"},
		{"a word for a number", "seconds: 2", "seconds: soon", `lab: x.yaml:4: found "soon", expected a number`},
		{"text for a list", "choices:\n    - say: e", "choices: x\n    - say: e", "lab: x.yaml:"},
		{"a list for text", "title: Does the head suffice?", "title: [a]", `lab: x.yaml:2: `},
		{"a scalar for a run", "  - name: tuned\n    about: everything learns\n", "  - tuned\n", `lab: x.yaml:19: `},
		{"a word for a setting", "  epochs: 2", "  epochs: two", `lab: x.yaml:11: found "two", expected a whole number`},
		{"settings that are none", "recipe: {train: head}", "recipe: head", `lab: x.yaml:18: `},
		{"impossible setting", "{train: head}", "{epochs: 0}", "lab: x.yaml:18: epochs is 0, expected 1 or more"},
		{"name", "name: small", "name: Small lab", `lab: x.yaml:1: name is "Small lab", expected a word of small letters, digits and hyphens`},
		{"no title", "title: Does the head suffice?", "", `lab: x.yaml:1: title is "", expected some text`},
		{"negative time", "seconds: 2", "seconds: -2", "lab: x.yaml:4: seconds is -2, expected 0 (not measured) or more"},
		{"empty paragraph", "  - The second one.", `  - " "`, `lab: x.yaml:7: text[1] is " ", expected some text`},
		{"one run", "  - name: tuned\n    about: everything learns\n", "", "lab: x.yaml:16: runs is 1, expected 2 to 6 runs"},
		{"run's name", "name: tuned", "name: a > b", `lab: x.yaml:19: runs[1].name is "a > b", expected a word of small letters, digits and hyphens`},
		{"run's name twice", "name: tuned", "name: frozen", `lab: x.yaml:19: runs[1].name is "frozen", expected a name no other run has`},
		{"chart", "{show: loss}", "{show: lost}", `lab: x.yaml:21: chart.show is "lost", expected measure, loss, dev_loss`},
		{"axis", "{show: loss}", "{over: epochs}", `lab: x.yaml:21: chart.over is "epochs", expected step, time, tokens`},
		{"measure", "chart:", "measure: loss\nchart:", `lab: x.yaml:21: measure is "loss", expected a figure of which more is better`},
		{"claim", "[tuned > frozen]", "[tuned > forzen]", `lab: x.yaml:28: predict.choices[1].claims[0] is "tuned > forzen", expected "a > b" or "a ~ b" of two runs of this lab`},
		{"claim about oneself", "[frozen ~ tuned]", "[tuned ~ tuned]", `lab: x.yaml:30: predict.choices[2].claims[0] is "tuned ~ tuned"`},
		{"no claims", "claims: [frozen ~ tuned]", "claims: []", "lab: x.yaml:30: predict.choices[2].claims is 0, expected 1 to 36 claims"},
		{"number beside choices", "  choices:\n    - say: the f", "  number: tuned\n  choices:\n    - say: the f", "lab: x.yaml:26: predict.choices is 3 answers beside a number, expected one of the two"},
		{"number", "  ask: Which is better?", "  ask: Which is better?\n  number: tuned - thawed", `lab: x.yaml:24: predict.number is "tuned - thawed", expected a run, or "a - b" of two runs of this lab`},
		{"show", "- claim: tuned > frozen", "- claim: tuned ~ frozen", `lab: x.yaml:32: shows[0].claim is "tuned ~ frozen", expected "a > b" of two runs of this lab`},
		{"show without a case", "    no: Tuning hurts.\n", "", `lab: x.yaml:32: shows[0].no is "", expected some text`},
		{"two right answers", "    - say: everything\n", "    - say: everything\n      right: true\n", "lab: x.yaml:39: check.choices is 2 right answers, expected exactly one"},
		{"no right answer", "      right: true\n", "", "lab: x.yaml:39: check.choices is 0 right answers, expected exactly one"},
		{"no explanation", "  why: A frozen backbone stays as it is.\n", "", `lab: x.yaml:37: check.why is "", expected some text`},
		{"next is itself", "lab: thawing", "lab: small", `lab: x.yaml:44: next.lab is "small", expected the name of another lab`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			if text == good {
				t.Fatalf("%q is not in the lab", c.from)
			}
			_, err := Read("x.yaml", []byte(text))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line that begins %s", err, c.want)
			}
		})
	}
}

func FuzzReadingALabNeverPanics(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(small, "pocket-bert", "films")))
	f.Add([]byte("runs: [{name: a}]\nrecipe: 3"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if lab, err := Read("x.yaml", data); err == nil && (len(lab.Runs) < leastRuns || lab.Check.Right() == 0) {
			t.Errorf("accepted %+v", lab)
		}
	})
}

// TestLabsThatShipAreWhole reads every file that ships, and refuses one that List leaves out.
func TestLabsThatShipAreWhole(t *testing.T) {
	home(t)
	entries, err := embedded.ReadDir("embedded")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(order) {
		t.Errorf("%d files ship, want the %d of the order", len(entries), len(order))
	}
	list, err := List()
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range list {
		if l.Err != nil {
			t.Error(l.Err)
			continue
		}
		if l.Lab.Name != order[i] {
			t.Errorf("lab %d is called %s, want %s as its file", i, l.Lab.Name, order[i])
		}
		if l.Lab.Seconds <= 0 || l.Lab.Seconds > 180 {
			t.Errorf("%s takes %v s, want it measured and at most 180", l.Lab.Name, l.Lab.Seconds)
		}
		if next := l.Lab.Next.Lab; next != "" {
			if _, err := Open(next); err != nil {
				t.Errorf("%s goes on to %v", l.Lab.Name, err)
			}
		}
	}
}

func TestOwnLabsAreListedAfterThoseThatShip(t *testing.T) {
	dir := home(t)
	write(t, filepath.Join(dir, "labs", "mine.yaml"), fmt.Sprintf(small, "pocket-bert", "films"))
	write(t, filepath.Join(dir, "labs", "broken.yaml"), "name: 3 x\n")
	write(t, filepath.Join(dir, "labs", "thawing.json"), "{}")
	list, err := List()
	if err != nil {
		t.Fatal(err)
	}
	own := list[len(order):]
	if len(own) != 2 || own[0].Err == nil || !strings.Contains(own[0].Err.Error(), "broken.yaml:1:") || own[1].Lab.Name != "small" {
		t.Errorf("got %+v, want the broken one with its reason and the small one", own)
	}
	for _, name := range []string{"mine", "small", filepath.Join(dir, "labs", "mine.yaml")} {
		if lab, err := Open(name); err != nil || lab.Name != "small" {
			t.Errorf("%s: got %q, %v, want the small lab", name, lab.Name, err)
		}
	}
	if _, err := Open("thaw"); err == nil || !strings.Contains(err.Error(), `no lab is called "thaw", expected thawing`) {
		t.Errorf("got %v, want the labs named", err)
	}
}

func TestDataBesideTheLabIsFound(t *testing.T) {
	home(t)
	dir := t.TempDir()
	rows, err := os.ReadFile(enginetest.Reviews(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "rows.csv"), string(rows))
	write(t, filepath.Join(dir, "my.yaml"), fmt.Sprintf(small, "pocket-bert", "rows.csv"))
	lab, err := Open(filepath.Join(dir, "my.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.Missing(context.Background()); err != nil {
		t.Errorf("got %v, want the data found beside the lab", err)
	}
	write(t, filepath.Join(dir, "other.yaml"), fmt.Sprintf(small, "pocket-elk", "films"))
	lab, err = Open(filepath.Join(dir, "other.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.Missing(context.Background()); err == nil || !strings.Contains(err.Error(), "small needs pocket-elk") {
		t.Errorf("got %v, want the missing backbone named", err)
	}
}
