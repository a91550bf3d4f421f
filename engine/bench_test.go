package engine

import (
	"context"
	"testing"
	"time"
)

// TestBenchMeasuresEveryMode runs the smallest shape; times are reported, not judged.
func TestBenchMeasuresEveryMode(t *testing.T) {
	var got []Measurement
	o := BenchOptions{Configs: []string{"bert-tiny"}, Modes: BenchModes(), Batch: 2, Seq: 8, Budget: time.Millisecond}
	if err := Bench(context.Background(), o, func(m Measurement) { got = append(got, m) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(BenchModes()) {
		t.Fatalf("got %d measurements, want %d", len(got), len(BenchModes()))
	}
	for _, m := range got {
		if m.Steps < 3 || m.StepSeconds <= 0 || m.TokensPerSecond <= 0 || m.GFLOPS <= 0 || m.PeakRSS <= 0 {
			t.Errorf("got %+v, want positive figures from three steps or more", m)
		}
	}
	o.Configs = []string{"bert-huge"}
	if err := Bench(context.Background(), o, func(Measurement) {}); err == nil {
		t.Error("got no error for an unknown configuration")
	}
}
