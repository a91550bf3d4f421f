package command

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

func TestPredictTranslatesAndTellsWhatItLookedAt(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "run")
	out := succeeded(t, "", small(t, "--out", dir, "--data", enginetest.Translated(t, 48), "--epochs", "2")...)
	if !strings.Contains(out, "dev_chrf") || !strings.Contains(out, " -> ") {
		t.Errorf("got %q, want chrF and a translation after each epoch", out)
	}
	plain := succeeded(t, "", "predict", dir, "the good film was bad")
	label, text, _ := strings.Cut(strings.TrimSuffix(plain, "\n"), "\t")
	if text != "the good film was bad" || strings.Contains(label, "{") {
		t.Errorf("got %q, want the translation and the text", plain)
	}
	for _, flags := range [][]string{{"--json"}, {"--json", "--attention"}} {
		var said engine.Prediction
		args := append([]string{"predict", dir, "the good film was bad"}, flags...)
		if err := json.Unmarshal([]byte(succeeded(t, "", args...)), &said); err != nil {
			t.Fatal(err)
		}
		if asked := len(flags) == 2; said.Label != label || (said.Attention != nil) != asked {
			t.Errorf("%v: got %+v, want attention only where it is asked for", flags, said)
		} else if asked && len(said.Attention.Weights) > 0 && len(said.Attention.Weights[0]) != 5 {
			t.Errorf("got %+v, want a weight for each of five words", said.Attention)
		}
	}
}
