package command

import (
	"encoding/json"
	"strings"
	"testing"

	"defrost/engine"
)

func TestTrainPrintsOneEventPerLineAndFinishedLast(t *testing.T) {
	home(t)
	out := succeeded(t, "", small(t, "--json")...)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for _, line := range lines {
		if _, err := engine.UnmarshalEvent([]byte(line)); err != nil {
			t.Errorf("got %q on standard output: %v", line, err)
		}
	}
	var last struct {
		Type, Run, Dir   string
		Metrics          map[string]float64
		Trainable, Total int
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last.Type != "finished" || last.Run == "" || last.Dir == "" || last.Trainable == 0 || last.Trainable > last.Total {
		t.Errorf("got last event %+v, want a finished one with run, dir and counts", last)
	}
	if _, ok := last.Metrics["dev_accuracy"]; !ok {
		t.Errorf("got metrics %v, want dev_accuracy among them", last.Metrics)
	}
}
