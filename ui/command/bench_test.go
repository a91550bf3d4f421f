package command

import (
	"encoding/json"
	"strings"
	"testing"
)

// benchKeys are what scripts read, as the contract names them.
var benchKeys = []string{
	"config", "mode", "batch", "seq", "threads", "isa", "step_seconds", "forward_seconds", "backward_seconds",
	"optimizer_seconds", "tokens_per_second", "gflops", "peak_rss_bytes", "allocated_per_step_bytes",
}

func TestBenchPrintsOneObjectPerMeasurement(t *testing.T) {
	text := succeeded(t, "", "bench", "--json", "--config", "bert-tiny", "--mode", "all,head", "--batch", "1,2", "--seq", "4", "--threads", "1", "--budget", "1ms")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want one for each mode and batch: %s", len(lines), text)
	}
	for _, line := range lines {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		for _, key := range benchKeys {
			if _, ok := m[key]; !ok {
				t.Errorf("got no %s in %s", key, line)
			}
		}
	}
}

func TestBenchPrintsATableForPeople(t *testing.T) {
	text := succeeded(t, "", "bench", "--config", "bert-tiny", "--mode", "head", "--batch", "1", "--seq", "4", "--budget", "1ms")
	for _, want := range []string{"tokens/s", "allocated", "bert-tiny", "head"} {
		if !strings.Contains(text, want) {
			t.Errorf("got %q, want it to say %q", text, want)
		}
	}
}

func TestBenchRefusesWhatIsNoNumber(t *testing.T) {
	for _, list := range [][]string{{"--batch", "0"}, {"--seq", "64,x"}, {"--threads", "100000"}, {"--mode", "most"}} {
		r := do(t, "", append([]string{"bench", "--config", "bert-tiny"}, list...)...)
		if r.code == exitOK || !strings.Contains(r.err, list[1]) {
			t.Errorf("bench %q: got code %d and %q, want a refusal that names the value", list, r.code, r.err)
		}
	}
}
