package command

import (
	"encoding/json"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

func TestZeroShotLeavesARunToCompare(t *testing.T) {
	home(t)
	out := succeeded(t, "", "zeroshot", "--backbone", enginetest.Backbone(t, "gpt2"), "--data", enginetest.Reviews(t, 40),
		"--words", "yes=good,no=bad", "--shots", "2", "--json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var done struct {
		Type    string
		Run     string
		Metrics map[string]float64
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &done); err != nil || done.Type != "finished" {
		t.Fatalf("got %q and error %v, want the finished event", lines[len(lines)-1], err)
	}
	if _, judged := done.Metrics["test_accuracy"]; !judged {
		t.Errorf("got metrics %v, want those of the test part", done.Metrics)
	}
	if listed := succeeded(t, "", "runs"); !strings.Contains(listed, done.Run) {
		t.Errorf("got %q, want %s in it", listed, done.Run)
	}
}

func TestGenerateWritesEachLineOn(t *testing.T) {
	home(t)
	dir := enginetest.Backbone(t, "gpt2")
	out := succeeded(t, "the film\na meal\n", "generate", dir, "--tokens", "4", "--beams", "2", "--json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %q, want a line for each text", out)
	}
	for i, text := range []string{"the film", "a meal"} {
		var got writtenOn
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil || got.Text != text {
			t.Errorf("got %q and error %v, want %q written on", lines[i], err, text)
		}
	}
	if plain := succeeded(t, "", "generate", dir, "--tokens", "2", "the film"); !strings.HasPrefix(plain, "the film") {
		t.Errorf("got %q, want the text first", plain)
	}
}

func TestWrongUseOfZeroShotAndGenerateIsRefused(t *testing.T) {
	home(t)
	for _, c := range []refusal{
		{"words", []string{"zeroshot", "--words", "yes"}, exitUsage, []string{"LABEL=WORD"}},
		{"shots", []string{"zeroshot", "--shots", "-1"}, exitUsage, []string{"expected 0 or more"}},
		{"reader", []string{"generate", enginetest.Backbone(t, "bert"), "text"}, exitFailed, []string{"expected a causal model"}},
		{"beams", []string{"generate", enginetest.Backbone(t, "gpt2"), "--beams", "2", "--temperature", "1", "text"}, exitFailed, []string{"temperature is 1"}},
	} {
		t.Run(c.name, c.check)
	}
}
