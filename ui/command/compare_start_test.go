package command

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// starting is the command that trains a BERT on 28 sentences, with more flags.
func starting(t *testing.T, more ...string) []string {
	t.Helper()
	home(t)
	return append([]string{
		"compare", "--start", "--backbone", enginetest.Bert(t), "--data", enginetest.Reviews(t, 40), "--batch", "4", "--epochs", "1", "--max-length", "16",
	}, more...)
}

func TestCompareStartsRunsAndCompares(t *testing.T) {
	out := succeeded(t, "", starting(t, "--lr", "1e-3,0.01", "--name", "rates")...)
	for _, want := range []string{"comparison rates: 2 runs", "lr 0.001: finished", "lr 0.01: finished", "McNemar", "PAIRS"} {
		if !strings.Contains(out, want) {
			t.Errorf("got %q, want %q in it", out, want)
		}
	}
	again := succeeded(t, "", "compare", "rates")
	if !strings.HasSuffix(out, again) || again == "" {
		t.Errorf("got %q by name, want the results once more", again)
	}
	rows, err := csv.NewReader(strings.NewReader(succeeded(t, "", "compare", "rates", "--examples"))).ReadAll()
	if err != nil || len(rows) < 3 || len(rows[0]) != 10 || rows[0][3] != "lr 0.001 said" || rows[0][9] != "runs right" {
		t.Errorf("got %v (%v), want a header and a line for each example", rows, err)
	}
	if r := do(t, "", "compare", "--resume", "rates"); r.code != exitOK || strings.Contains(r.out, "epoch") {
		t.Errorf("got code %d and %q, want that finished runs stand", r.code, r.out)
	}
}

func TestWhatIsPrintedForOthersHasNoProgressInIt(t *testing.T) {
	r := do(t, "", starting(t, "--lr", "1e-3,0.01", "--markdown")...)
	if r.code != exitOK || !strings.HasPrefix(r.out, "## ") || !strings.Contains(r.err, "lr 0.01: finished") {
		t.Errorf("got code %d, %q and %q, want Markdown alone and the progress beside it", r.code, r.out, r.err)
	}
}

func TestSweepIsATableOfPoints(t *testing.T) {
	args := starting(t, "--limit", "8,16,0", "--seeds", "2", "--steps", "4", "--json")
	var got struct {
		Name  string
		Sweep engine.Sweep
		Runs  []engine.Compared
	}
	if r := do(t, "", args...); r.code != exitOK {
		t.Fatalf("got code %d and %q, want success", r.code, r.err)
	} else if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Runs) != 6 || got.Sweep.Setting != "limit" || len(got.Sweep.Lines) != 1 || len(got.Sweep.Lines[0].Points) != 3 {
		t.Fatalf("got %+v, want three points of two seeds", got.Sweep)
	}
	p := got.Sweep.Lines[0].Points[0]
	if len(p.Runs) != 2 || p.Steps != 4 || p.Tokens == 0 || p.Trainable == 0 || p.Memory == 0 || p.Seconds <= 0 {
		t.Errorf("got %+v, want two runs of four steps and what they cost", p)
	}
	for _, form := range []string{"--markdown", "--split=dev", "--html=-", "--svg=-"} {
		if text := succeeded(t, "", "compare", got.Name, form); !strings.Contains(text, "all") || !strings.Contains(text, "best at limit") {
			t.Errorf("%s: got %q, want the sweep", form, text)
		}
	}
}

func TestFlagsWinOverTheFile(t *testing.T) {
	home(t)
	path := filepath.Join(t.TempDir(), "plan.yaml")
	enginetest.Write(t, path, "name: plan\nbase: {backbone: "+enginetest.Bert(t)+", data: "+enginetest.Reviews(t, 40)+", batch: 4, epochs: 3, max_length: 16}\nvary: {lr: [0.1, 0.2], seed: [1, 2]}\n")
	succeeded(t, "", "compare", "--start", path, "--epochs", "1", "--lr", "0.01")
	e, err := engine.OpenExperiment("plan")
	if err != nil || len(e.Entries) != 2 {
		t.Fatalf("got %+v (%v), want a run for each seed", e, err)
	}
	for i, entry := range e.Entries {
		if r := entry.Recipe; r.LR != 0.01 || r.Epochs != 1 || r.Seed != int64(i+1) {
			t.Errorf("got lr %g, %d epochs, seed %d", r.LR, r.Epochs, r.Seed)
		}
	}
}

func TestCompareRefusesWhatCannotBeStarted(t *testing.T) {
	base := starting(t)
	with := func(more ...string) []string { return append(slices.Clone(base), more...) }
	for _, w := range []refusal{
		{"one run", base, exitUsage, []string{"found 1 runs"}},
		{"no number", with("--lr", "1,x"), exitUsage, []string{"lr is x"}},
		{"out of range", with("--seed", "1,2", "--warmup", "3"), exitUsage, []string{"warmup is 3"}},
		{"no seeds", with("--seeds", "0"), exitUsage, []string{"--seeds is 0"}},
		{"two seeds and a number", with("--seeds", "2", "--seed", "1,2"), exitUsage, []string{"one number"}},
		{"two files", with("a.yaml", "b.yaml"), exitUsage, []string{"found 2 arguments"}},
		{"no file", with("nowhere.yaml"), exitFailed, []string{"nowhere.yaml"}},
		{"settings without --start", []string{"compare", "a", "b", "--lr", "1"}, exitUsage, []string{"--start"}},
		{"resume and change", []string{"compare", "--resume", "x", "--lr", "1"}, exitUsage, []string{"--resume"}},
		{"no such comparison", []string{"compare", "--resume", "x"}, exitFailed, []string{`"x"`}},
		{"two forms", with("--seed", "1,2", "--json", "--examples"), exitUsage, []string{"one of --json"}},
	} {
		w.check(t)
	}
}

func TestFailedRunIsSaidAndTheOthersAreCompared(t *testing.T) {
	r := do(t, "", starting(t, "--train", "head,last:9,all")...)
	if r.code != exitFailed || !strings.Contains(r.err, "last:9") || !strings.Contains(r.out, "train head") {
		t.Errorf("got code %d, %q and %q, want what failed and the others' results", r.code, r.err, r.out)
	}
}

// killed begins a comparison in a process of its own and kills it as soon as it prints a line that
// holds mark.
func killed(t *testing.T, mark string, args ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), childMark+"=1")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), mark) {
			seen = true
			break
		}
	}
	c.Process.Kill()
	if err := c.Wait(); err == nil || !seen {
		t.Fatalf("got %v, want a process that was killed after it had printed %q", err, mark)
	}
}

// stepsOf are losses and gradient norms of a run.
func stepsOf(t *testing.T, dir string) []engine.Number {
	t.Helper()
	var list []engine.Number
	for i, s := range eventsOf[engine.Step](t, dir) {
		if s.Step != i+1 {
			t.Fatalf("%s: got step %d at place %d", dir, s.Step, i+1)
		}
		list = append(list, s.Loss, s.GradNorm)
	}
	return list
}

// TestKilledComparisonGoesOn kills the program when the first of four runs, two at a time, has ended:
// that one stands, the others go on, and all hold what they would hold had nothing happened.
func TestKilledComparisonGoesOn(t *testing.T) {
	args := starting(t, "--seeds", "4", "--together", "2", "--epochs", "6", "--name", "four")
	killed(t, "finished after", args...)
	e, err := engine.OpenExperiment("four")
	if err != nil {
		t.Fatal(err)
	}
	if n := e.Finished(); n < 1 || n > 3 {
		t.Fatalf("got %d finished runs of a killed comparison, want 1 to 3", n)
	}
	before := map[string]string{}
	for _, dir := range e.Dirs() {
		if len(eventsOf[engine.Finished](t, dir)) > 0 {
			log, _ := os.ReadFile(filepath.Join(dir, "events.jsonl"))
			before[dir] = string(log)
		}
	}
	out := succeeded(t, "", "compare", "--resume", "four")
	if n := strings.Count(out, "finished before"); n != len(before) || e.Finished() != 4 || !strings.Contains(out, "4 seeds of one recipe") {
		t.Errorf("got %q, want %d runs that stand and four seeds compared", out, len(before))
	}
	for _, entry := range e.Entries {
		if log, _ := os.ReadFile(filepath.Join(entry.Dir, "events.jsonl")); before[entry.Dir] != "" && string(log) != before[entry.Dir] {
			t.Errorf("%s was finished and has been written to", entry.Name)
		}
		alone := filepath.Join(t.TempDir(), "alone")
		succeeded(t, "", "train", "--recipe", filepath.Join(entry.Dir, "recipe.yaml"), "--out", alone)
		if got, want := stepsOf(t, entry.Dir), stepsOf(t, alone); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", entry.Name, got, want)
		}
	}
}
