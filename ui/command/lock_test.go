package command

import (
	"bufio"
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

// TestRunThatTrainsElsewhereIsLeftAlone has a process train for ever and tries to go on with its
// run, then kills it: what a dead process held is free.
func TestRunThatTrainsElsewhereIsLeftAlone(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "held")
	other := hangs(t, "train", "--backbone", enginetest.Bert(t), "--data", enginetest.Reviews(t, 40), "--batch", "2",
		"--epochs", "100000", "--max-length", "16", "--out", dir, "--json")
	refusal{"resumed", []string{"resume", dir}, exitFailed, []string{dir, fmt.Sprintf("is training in process %d", other.Process.Pid)}}.check(t)
	refusal{"started over", small(t, "--out", dir), exitFailed, []string{dir, "is training in process"}}.check(t)
	if _, err := engine.OpenRun(dir); err != nil {
		t.Errorf("reading what it did so far: %v", err)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	run, err := engine.Resume(ctx, dir)
	if err != nil {
		t.Fatalf("the run of a dead process: %v", err)
	}
	if _, err := engine.Resume(ctx, dir); err == nil || !strings.Contains(err.Error(), "is training in process") {
		t.Errorf("a second time in one process: got %v, want a refusal", err)
	}
	cancel()
	_, _ = run.Wait()
}

// hangs starts a command line in a process of its own and returns once its third step is printed.
func hangs(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), childMark+"=1", childTrap+"=3 hang")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == hanging {
			return c
		}
	}
	t.Fatal("the process ended before its third step")
	return nil
}
