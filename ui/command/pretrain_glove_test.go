package command

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

func TestPretrainMakesWordVectorsThatCanBeAskedAndTrained(t *testing.T) {
	home(t)
	var text strings.Builder
	for i := range 60 {
		fmt.Fprintf(&text, "The film was good and the %d books were very bright and warm.\n", i%3)
	}
	corpus, out := filepath.Join(t.TempDir(), "corpus.txt"), filepath.Join(t.TempDir(), "vectors")
	enginetest.Write(t, corpus, text.String())
	args := []string{"pretrain", "--objective", "glove", "--corpus", corpus, "--out", out, "--width", "8", "--vocabulary", "12", "--window", "4", "--min-count", "2", "--epochs", "3", "--seed", "9"}
	lines := strings.Split(strings.TrimSpace(succeeded(t, "", append(args, "--json")...)), "\n")
	var last engine.GloVeProgress
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || len(lines) != 5 || last.Epoch != 3 || last.Words != 12 || last.Loss <= 0 {
		t.Errorf("got %v (%v), want two stages and three epochs over 12 words", lines, err)
	}
	if text := succeeded(t, "", "inspect", out); !strings.Contains(text, "width 8") {
		t.Errorf("got %q, want vectors of width 8", text)
	}
	succeeded(t, "", small(t, "--backbone", out)...)
	if said := succeeded(t, "", args...); !strings.Contains(said, "12 words of the 840 read") || !strings.Contains(said, "epoch 3, loss ") {
		t.Errorf("got %q, want every stage in words", said)
	}
}

func TestPretrainRefusesWordVectorsThatCannotBe(t *testing.T) {
	home(t)
	corpus := filepath.Join(t.TempDir(), "corpus.txt")
	enginetest.Write(t, corpus, "only once\n")
	with := func(args ...string) []string {
		return append([]string{"pretrain", "--objective", "glove", "--corpus", corpus, "--out", filepath.Join(t.TempDir(), "out")}, args...)
	}
	for _, r := range []refusal{
		{"no corpus", []string{"pretrain", "--objective", "glove", "--out", "x"}, exitUsage, []string{"--corpus is missing"}},
		{"no folder", []string{"pretrain", "--objective", "glove", "--corpus", corpus}, exitUsage, []string{"--out is missing"}},
		{"window 0", with("--window", "0"), exitUsage, []string{"window is 0, expected 1 to"}},
		{"width 0", with("--width", "0"), exitUsage, []string{"width is 0"}},
		{"no epochs", with("--epochs", "0"), exitUsage, []string{"epochs is 0"}},
		{"words too rare", with(), exitFailed, []string{"the corpus has 0 words that come 5 times"}},
		{"no such file", with("none.txt"), exitFailed, []string{"none.txt"}},
	} {
		t.Run(r.name, r.check)
	}
}
