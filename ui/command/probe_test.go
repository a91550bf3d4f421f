package command

import (
	"encoding/json"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

func TestProbeTellsWhatEveryLayerKnows(t *testing.T) {
	home(t)
	args := []string{"probe", "--backbone", enginetest.Bert(t), "--data", enginetest.Reviews(t, 80) + "," + enginetest.Topics(t, 80)}
	out := succeeded(t, "", args...)
	if !strings.Contains(out, "is best at accuracy") || strings.Count(out, "encoder.1  ") < 2 {
		t.Errorf("got %q, want a table for each data set", out)
	}
	if drawing := succeeded(t, "", append(args[:len(args):len(args)], "--svg", "-")...); !strings.Contains(drawing, "encoder.0") {
		t.Errorf("got a drawing of %d bytes, want the layers on its axis", len(drawing))
	}
	for _, line := range strings.Split(strings.TrimSpace(succeeded(t, "", append(args[:len(args):len(args)], "--json")...)), "\n") {
		var got engine.Probed
		if err := json.Unmarshal([]byte(line), &got); err != nil || len(got.Layers) != 3 || len(got.Mix.Shares) != 3 || got.Best == "" {
			t.Errorf("got %q (%v), want three layers and their shares of a mix", line, err)
		}
	}
	remarks := []string{"--data", enginetest.Remarks(t, 80), "--text", "remark", "--label", "verdict", "--skip-bad-rows"}
	if out := succeeded(t, "", append([]string{"probe", "--backbone", enginetest.Bert(t)}, remarks...)...); !strings.Contains(out, "is best at accuracy") {
		t.Errorf("got %q, want the columns that are named read", out)
	}
	asks := append([]string{"zeroshot", "--backbone", enginetest.Backbone(t, "gpt2"), "--words", "yes=good,no=bad"}, remarks...)
	if out := succeeded(t, "", asks...); !strings.Contains(out, "epoch 0: test loss") {
		t.Errorf("got %q, want the columns that are named asked about", out)
	}
	refusal{args: []string{"probe", "--limit", "-1"}, code: exitUsage, says: []string{"limit is -1"}}.check(t)
	refusal{args: []string{"probe", "--data", "qa"}, code: exitFailed, says: []string{"with tags"}}.check(t)
}
