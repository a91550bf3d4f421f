package command

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// Environment of a child: the test binary runs a command line in a process of its own.
const (
	childMark = "DEFROST_TEST_CHILD" // set: run the arguments as defrost would
	childTrap = "DEFROST_TEST_TRAP"  // "STEP kill", "STEP interrupt" or "STEP hang": what happens once the step is printed
	childFull = "DEFROST_TEST_FULL"  // bytes after which a file cannot grow, as on a full disk
)

func TestMain(m *testing.M) {
	if os.Getenv(childMark) != "" {
		limitFiles(os.Getenv(childFull))
		p := Program{In: os.Stdin, Out: newTrap(os.Getenv(childTrap)), Err: os.Stderr}
		os.Exit(p.Main(context.Background(), os.Args[1:]))
	}
	os.Exit(m.Run())
}

// A trap is a standard output that does something to its own process once a step was printed.
type trap struct {
	step   string
	spring func(*os.Process) error
}

func newTrap(spec string) *trap {
	var step int
	var how string
	if n, _ := fmt.Sscan(spec, &step, &how); n < 2 {
		return &trap{}
	}
	spring := (*os.Process).Kill
	switch how {
	case "interrupt":
		spring = func(p *os.Process) error { return p.Signal(os.Interrupt) }
	case "hang":
		spring = func(*os.Process) error {
			fmt.Println(hanging)
			select {} // the engine trains on
		}
	}
	return &trap{fmt.Sprintf(`{"type":"step","step":%d,`, step), spring}
}

func (t *trap) Write(line []byte) (int, error) {
	if t.spring != nil && bytes.HasPrefix(line, []byte(t.step)) {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = t.spring(self)
		}
		if err != nil {
			return 0, err
		}
	}
	return os.Stdout.Write(line)
}

// hanging is the line that a child prints before it hangs.
const hanging = "hanging"

// child runs a command line in a process of its own.
func child(t *testing.T, env string, args ...string) result {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), childMark+"=1", env)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return result{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// A trial is one recipe with gradual thawing, run with and without mishaps.
type trial struct {
	t           *testing.T
	model, data string
	whole       []engine.Step
}

// steps per epoch and epochs of a trial: 28 training examples of 40 in batches of 2.
const (
	trialEpoch  = 14
	trialEpochs = 4
)

func newTrial(t *testing.T) *trial {
	t.Helper()
	home(t)
	x := &trial{t: t, model: enginetest.Bert(t), data: enginetest.Reviews(t, 40)}
	dir := filepath.Join(t.TempDir(), "whole")
	succeeded(t, "", x.train(dir)...)
	x.whole = eventsOf[engine.Step](t, dir)
	if got := len(x.whole); got != trialEpoch*trialEpochs {
		t.Fatalf("got %d steps, want %d", got, trialEpoch*trialEpochs)
	}
	return x
}

func (x *trial) train(dir string, more ...string) []string {
	return append([]string{
		"train", "--backbone", x.model, "--data", x.data, "--batch", "2", "--epochs", fmt.Sprint(trialEpochs),
		"--max-length", "16", "--lr", "0.01", "--gradual", "1", "--out", dir, "--json",
	}, more...)
}

// eventsOf are the events of one type in a run's log.
func eventsOf[E engine.Event](t *testing.T, dir string) []E {
	t.Helper()
	run, err := engine.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []E
	events, _ := run.Log.Since(0)
	for _, e := range events {
		if e, ok := e.(E); ok {
			list = append(list, e)
		}
	}
	return list
}

// agrees wants the run in dir to hold exactly the steps of the run that nothing happened to.
func (x *trial) agrees(dir string) {
	x.t.Helper()
	if got := len(eventsOf[engine.Thawed](x.t, dir)); got != trialEpochs-1 {
		x.t.Errorf("got %d thawed events, want one for each epoch but the first", got)
	}
	got := eventsOf[engine.Step](x.t, dir)
	if len(got) != len(x.whole) {
		x.t.Fatalf("got %d steps in the log, want %d", len(got), len(x.whole))
	}
	for i, want := range x.whole {
		if got[i].Step != want.Step || got[i].Loss != want.Loss || got[i].GradNorm != want.GradNorm {
			x.t.Fatalf("got step %d with loss %v, want step %d with %v", got[i].Step, got[i].Loss, want.Step, want.Loss)
		}
	}
}

func TestKilledRunResumesAsIfNothingHadHappened(t *testing.T) {
	x := newTrial(t)
	for _, step := range []int{3, trialEpoch + 5, 2 * trialEpoch} {
		t.Run(fmt.Sprintf("at step %d", step), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "killed")
			if r := child(t, fmt.Sprintf("%s=%d kill", childTrap, step), x.train(dir)...); r.code == exitOK {
				t.Fatalf("got code 0, want a process that was killed")
			}
			torn, err := os.OpenFile(filepath.Join(dir, "events.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			torn.WriteString(`{"type":"step","st`)
			torn.Close()
			succeeded(t, "", "resume", dir, "--json")
			x.agrees(dir)
		})
	}
}

func TestInterruptedRunSavesAndTellsHowToGoOn(t *testing.T) {
	x := newTrial(t)
	dir := filepath.Join(t.TempDir(), "interrupted")
	r := child(t, fmt.Sprintf("%s=%d interrupt", childTrap, 5), x.train(dir)...)
	if r.code != exitFailed || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, "defrost resume "+dir) {
		t.Errorf("got code %d and %q, want 1 and one line that says how to resume", r.code, r.err)
	}
	if _, err := os.Stat(filepath.Join(dir, "checkpoints", "last", "model.safetensors")); err != nil {
		t.Errorf("got %v, want a checkpoint", err)
	}
	out := succeeded(t, "", "resume", dir, "--json")
	if first, _, _ := strings.Cut(out, "\n"); !strings.HasPrefix(first, `{"type":"started"`) {
		t.Errorf("got %q first, want the new session's started event alone", first)
	}
	x.agrees(dir)
}

func TestFinishedRunIsNotResumed(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "run")
	succeeded(t, "", small(t, "--out", dir)...)
	refusal{"finished", []string{"resume", dir}, exitFailed, []string{"finished", dir}}.check(t)
	refusal{"folder in use", small(t, "--out", dir), exitFailed, []string{"holds a run already", dir}}.check(t)
}
