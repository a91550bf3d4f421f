package command

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// A result is what a command left behind.
type result struct {
	code     int
	out, err string
}

// do runs a command line with in on standard input.
func do(t *testing.T, in string, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	p := Program{In: strings.NewReader(in), Out: &out, Err: &err}
	code := p.Main(context.Background(), args)
	return result{code, out.String(), err.String()}
}

// succeeded is do for a command that must go well.
func succeeded(t *testing.T, in string, args ...string) string {
	t.Helper()
	r := do(t, in, args...)
	if r.code != exitOK || r.err != "" {
		t.Fatalf("defrost %s: got code %d and %q, want success", strings.Join(args, " "), r.code, r.err)
	}
	return r.out
}

// home keeps the runs of a test to itself.
func home(t *testing.T) { t.Setenv("DEFROST_HOME", t.TempDir()) }

// small are the flags of a run that takes a moment.
func small(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{
		"train", "--backbone", enginetest.Bert(t), "--data", enginetest.Reviews(t, 40),
		"--batch", "4", "--epochs", "2", "--max-length", "16", "--lr", "0.01",
	}, more...)
}
