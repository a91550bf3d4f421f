//go:build unix

package command

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// limitFiles makes writes fail that would let a file grow past limit bytes, as a full disk does.
func limitFiles(limit string) {
	n, err := strconv.ParseUint(limit, 10, 32)
	if err != nil {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		panic(err)
	}
}

func TestFullDiskKeepsThePreviousCheckpoint(t *testing.T) {
	x := newTrial(t)
	dir := filepath.Join(t.TempDir(), "full")
	child(t, fmt.Sprintf("%s=%d kill", childTrap, trialEpoch+5), x.train(dir)...)
	weights := filepath.Join(dir, "checkpoints", "last", "model.safetensors")
	before, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	r := child(t, fmt.Sprintf("%s=%d", childFull, len(before)-1), "resume", dir)
	if r.code != exitFailed || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, "model.safetensors") {
		t.Errorf("got code %d and %q, want 1 and one line that names the file", r.code, r.err)
	}
	after, err := os.ReadFile(weights)
	if err != nil || !bytes.Equal(after, before) {
		t.Errorf("got another checkpoint (%v), want the previous one", err)
	}
	succeeded(t, "", "resume", dir)
	x.agrees(dir)
}
