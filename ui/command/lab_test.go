package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/enginetest"
	"defrost/ui/labs"
)

// lesson of two runs that take a moment; %s are a backbone and data.
const lessonFile = `name: small
title: Does the head suffice?
about: A lab for tests.
text: [The only paragraph.]
recipe: {backbone: %s, data: %s, epochs: 3, batch: 2, max_length: 16, lr: 0.01}
runs:
  - name: frozen
    about: only the head learns
    recipe: {train: head}
  - name: tuned
    about: everything learns
predict:
  ask: Which is better?
  choices:
    - {say: the frozen one, claims: [frozen > tuned]}
    - {say: neither, claims: [frozen ~ tuned]}
shows:
  - {claim: tuned > frozen, yes: Tuning helps., no: Tuning hurts., chance: Chance rules.}
check:
  ask: What did the frozen run change?
  choices:
    - {say: everything}
    - {say: the head, right: true}
  why: A frozen backbone stays.
next: {lab: thawing, try: [Freeze something else.]}
`

// smallLab writes a lab and returns its path.
func smallLab(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.yaml")
	text := fmt.Sprintf(lessonFile, enginetest.Bert(t), enginetest.Reviews(t, 60))
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLabsAreListedWithTheirState(t *testing.T) {
	home(t)
	out := succeeded(t, "", "lab")
	for _, want := range []string{"LAB", "thawing", "pretraining", "families", "not begun", "about "} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
	var first entry
	if err := json.Unmarshal([]byte(strings.SplitN(succeeded(t, "", "lab", "--json"), "\n", 2)[0]), &first); err != nil || first.Name != "thawing" || first.Runs != 3 {
		t.Errorf("got %+v, %v, want the first lab as JSON", first, err)
	}
	path := filepath.Join(os.Getenv("DEFROST_HOME"), "labs", "own.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("name: own\nrubbish: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := succeeded(t, "", "lab"); !strings.Contains(out, `own.yaml:2: unknown field "rubbish"`) {
		t.Errorf("the list does not say what is wrong with a lab of one's own:\n%s", out)
	}
}

func TestPrintedLabIsOneToBeginFrom(t *testing.T) {
	home(t)
	text := succeeded(t, "", "lab", "pretraining", "--print")
	if lab, err := labs.Read("mine.yaml", []byte(text)); err != nil || lab.Name != "pretraining" {
		t.Errorf("got %q, %v, want a file that can be read", lab.Name, err)
	}
	if r := do(t, "", "lab", "mine", "--print"); r.code != exitFailed || !strings.Contains(r.err, `no lab that ships is called "mine", expected thawing`) {
		t.Errorf("got code %d and %q, want the labs that ship named", r.code, r.err)
	}
}

func TestLabIsDoneFromStandardInput(t *testing.T) {
	home(t)
	path := smallLab(t)
	out := succeeded(t, "maybe\n2\n2\n", "lab", path)
	for _, want := range []string{
		"DOES THE HEAD SUFFICE?", "The only paragraph.", "PREDICT FIRST\nWhich is better?", `answer is "maybe", expected 1 to 2`,
		"Your prediction: neither", "Run 1 of 2, frozen, starts: only the head learns", "epoch 3: dev loss", "WHAT CAME OUT",
		"lab-small-tuned-01", "YOUR PREDICTION: neither", "WHAT IT SHOWS", "McNemar", "one seed", "Your answer: 2. Right.", "A frozen backbone stays.",
		"next lab: defrost lab thawing",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the lab does not say %q:\n%s", want, out)
		}
	}
	if at, runs := strings.Index(out, "Your prediction:"), strings.Index(out, "Run 1 of 2"); at > runs {
		t.Error("a run began before the prediction")
	}
	if strings.ContainsAny(out, "\r\x1b") {
		t.Error("a pipe got the codes of a terminal")
	}
	again := succeeded(t, "", "lab", path)
	if strings.Contains(again, "Run 1 of 2") || !strings.Contains(again, "Your answer: 2. Right.") {
		t.Errorf("a lab that is done ran again or forgot:\n%s", again)
	}
}

func TestLabWritesEventsAndOneResultAsJSON(t *testing.T) {
	home(t)
	path := smallLab(t)
	out := succeeded(t, "", "lab", path, "--answer", "1", "--check", "1", "--json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	types := map[string]int{}
	for _, line := range lines {
		var e struct{ Type string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("got %q: %v", line, err)
		}
		types[e.Type]++
	}
	if types["started"] != 2 || types["finished"] != 2 || types["lab"] != 1 {
		t.Errorf("got %v, want two runs and one lab", types)
	}
	var last struct {
		Lab        string
		Runs       []struct{ Name, Dir string }
		Prediction labs.Prediction
		Shows      []labs.Shown
		Check      struct {
			Answer int
			Right  bool
			Why    string
		}
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last.Lab != "small" || len(last.Runs) != 2 || last.Runs[0].Name != "frozen" || last.Prediction.Verdict == "" || len(last.Shows) != 1 || last.Check.Right || last.Check.Answer != 1 {
		t.Errorf("got %+v, want the lab's outcome with a wrong answer to the check", last)
	}
}

func TestLabNeedsItsAnswerFirst(t *testing.T) {
	home(t)
	path := smallLab(t)
	for _, c := range []struct {
		in   string
		args []string
		code int
		want string
	}{
		{"", nil, exitUsage, "lab small: found no answer, expected 1 to 2 with --answer or on standard input"},
		{"2\n", []string{"--json"}, exitUsage, "lab small: found no answer, expected 1 to 2 with --answer"},
		{"", []string{"--answer", "3"}, exitUsage, `answer is "3", expected 1 to 2`},
		{"", []string{"--answer", "1", "--check", "9"}, exitUsage, `check is "9", expected 1 to 2`},
		{"", []string{"--answer", "2"}, exitUsage, "small was answered with 1 before its runs, which stays"},
		{"", []string{"--again", "--answer", "2"}, exitOK, ""},
	} {
		r := do(t, c.in, append([]string{"lab", path}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) || strings.Count(r.err, "\n") > 1 {
			t.Errorf("%v: got code %d and %q, want %d and %q", c.args, r.code, r.err, c.code, c.want)
		}
	}
	if r := do(t, "", "lab", "thaw"); r.code != exitFailed || !strings.Contains(r.err, `no lab is called "thaw", expected thawing`) {
		t.Errorf("got code %d and %q, want the labs named", r.code, r.err)
	}
}

func TestLabWithoutItsBackboneSaysWhichIsMissing(t *testing.T) {
	home(t)
	path := filepath.Join(t.TempDir(), "far.yaml")
	if err := os.WriteFile(path, []byte(fmt.Sprintf(lessonFile, "bert-base-uncased", enginetest.Reviews(t, 60))), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HF_HOME", t.TempDir())
	r := do(t, "1\n", "lab", path)
	if r.code != exitFailed || !strings.Contains(r.err, "lab: small needs bert-base-uncased") || !strings.Contains(r.err, "defrost pull bert-base-uncased") {
		t.Errorf("got code %d and %q, want the missing backbone and how to get it", r.code, r.err)
	}
}

// TestKilledLabGoesOn kills the process in the first run and in the second, and lets the same command
// finish: the answer and every step before the last checkpoint are there.
func TestKilledLabGoesOn(t *testing.T) {
	home(t)
	path := smallLab(t)
	whole := succeeded(t, "", "lab", path, "--answer", "1", "--json")
	t.Setenv("DEFROST_HOME", t.TempDir())
	if r := child(t, childTrap+"=30 kill", "lab", path, "--answer", "1", "--json"); r.code == exitOK {
		t.Fatalf("the lab was not killed: %s", r.err)
	}
	lab, err := labs.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := lab.Progress()
	if err != nil || p.Answer != "1" || lab.State(p) != labs.Begun {
		t.Fatalf("got %+v, %v after the kill, want the answer and a lab under way", p, err)
	}
	out := succeeded(t, "", "lab", path, "--check", "2", "--json")
	if got, want := verdictIn(t, out), verdictIn(t, whole); got != want {
		t.Errorf("got %s after a kill, want %s as without", got, want)
	}
	if after, err := lab.Progress(); err != nil || after.Runs[0] != p.Runs[0] {
		t.Errorf("got runs %v, %v, want the killed one %s gone on with", after.Runs, err, p.Runs[0])
	}
}

// verdictIn is what the last line says about the runs, without what differs from process to process.
func verdictIn(t *testing.T, out string) string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last struct {
		Prediction labs.Prediction
		Shows      []labs.Shown
		Runs       []struct {
			Steps, Tokens int
			Metrics       []any
		}
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(last)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestInterruptedLabSaysHowToGoOn(t *testing.T) {
	home(t)
	r := child(t, childTrap+"=20 interrupt", "lab", smallLab(t), "--answer", "1", "--json")
	if r.code != exitFailed || !strings.Contains(r.err, "lab small was stopped; the same command goes on where it was") {
		t.Errorf("got code %d and %q, want how to go on", r.code, r.err)
	}
}
