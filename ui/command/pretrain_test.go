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
