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

func TestPretrainMakesABackboneThatCanBeInspectedAndTrained(t *testing.T) {
	home(t)
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "The film was good and the %d books were very bright and warm.\n", i)
	}
	corpus := filepath.Join(t.TempDir(), "corpus.txt")
	enginetest.Write(t, corpus, text.String())
	student := filepath.Join(t.TempDir(), "student")
	out := succeeded(t, "", "pretrain", "--teacher", enginetest.Bert(t), "--corpus", corpus, "--out", student,
		"--vocabulary", "300", "--layers", "1", "--width", "16", "--heads", "2", "--ffn", "32", "--length", "32",
		"--tokens", "16000", "--batch-tokens", "256", "--json")
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var now engine.DistilProgress
		if err := json.Unmarshal([]byte(line), &now); err != nil || now.Step == 0 {
			t.Errorf("got %q (%v), want progress", line, err)
		}
	}
	if text := succeeded(t, "", "inspect", student); !strings.Contains(text, "encoder.0") {
		t.Errorf("got %q, want one layer", text)
	}
	succeeded(t, "", small(t, "--backbone", student)...)
}

// TestPretrainFromAShapeAndFromItsOwnOutcome asks a fresh network for the next word, then goes on
// from what it became.
func TestPretrainFromAShapeAndFromItsOwnOutcome(t *testing.T) {
	home(t)
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "The film was good and the %d books were very bright and warm.\n", i)
	}
	corpus := filepath.Join(t.TempDir(), "corpus.txt")
	enginetest.Write(t, corpus, text.String())
	shape := t.TempDir()
	enginetest.Write(t, filepath.Join(shape, "config.json"),
		`{"model_type": "gpt2", "vocab_size": 1, "n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 64}`)
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	perplexity := func(from, to string) float64 {
		out := succeeded(t, "", "pretrain", "--objective", "clm", "--backbone", from, "--corpus", corpus, "--out", to,
			"--vocabulary", "300", "--tokens", "6000", "--batch-tokens", "256", "--eval-tokens", "1000", "--lr", "0.01", "--json")
		var now engine.PretrainProgress
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &now); err != nil || now.Perplexity <= 1 {
			t.Fatalf("got %q (%v), want a perplexity at the end", lines[len(lines)-1], err)
		}
		return now.Perplexity
	}
	if before, after := perplexity(shape, first), perplexity(first, second); after >= before {
		t.Errorf("got perplexity %v after going on from %v, want less", after, before)
	}
	succeeded(t, "", small(t, "--backbone", second)...)
}

func TestPretrainRefusesWhatCannotBeMeant(t *testing.T) {
	home(t)
	corpus := filepath.Join(t.TempDir(), "corpus.txt")
	enginetest.Write(t, corpus, "The film was good and the books were very bright and warm.\n")
	all := []string{"--backbone", "bert-tiny", "--corpus", corpus, "--out", t.TempDir(), "--tokens", "1000"}
	for want, args := range map[string][]string{
		"objective is nsp, expected one of [mlm clm bilm glove]": append([]string{"--objective", "nsp"}, all...),
		"--backbone is missing":                                  {"--objective", "mlm", "--corpus", corpus, "--out", t.TempDir(), "--tokens", "9"},
		"--tokens and --minutes are missing":                     {"--objective", "mlm", "--backbone", "bert-tiny", "--corpus", corpus, "--out", t.TempDir()},
		"eval_tokens is 0":                                       append([]string{"--objective", "mlm", "--eval-tokens", "0"}, all...),
	} {
		refusal{args: append([]string{"pretrain"}, args...), code: exitUsage, says: []string{want}}.check(t)
	}
}
