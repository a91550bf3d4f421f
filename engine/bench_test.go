package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"defrost/engine/gemm"
)

// benchAll runs a bench of few tokens; times are reported, not judged.
func benchAll(t *testing.T, o BenchOptions) []Measurement {
	t.Helper()
	var got []Measurement
	o.Budget = time.Millisecond
	if err := Bench(context.Background(), o, func(m Measurement) { got = append(got, m) }); err != nil {
		t.Fatal(err)
	}
	for _, m := range got {
		if m.Steps < leastSteps || m.StepSeconds <= 0 || m.TokensPerSecond <= 0 || m.GFLOPS <= 0 || m.PeakRSS <= 0 {
			t.Errorf("got %+v, want positive figures from three steps or more", m)
		}
	}
	return got
}

// benchRows names what was measured.
func benchRows(list []Measurement) (names []string) {
	for _, m := range list {
		names = append(names, m.Config+" "+m.Mode)
	}
	return names
}

func TestBenchMeasuresEveryModeThatAShapeHas(t *testing.T) {
	o := BenchOptions{Configs: []string{"bert-tiny", "elmo-small"}, Modes: BenchModes(), Batches: []int{2}, Seqs: []int{4}}
	got := benchRows(benchAll(t, o))
	want := []string{
		"bert-tiny all", "bert-tiny last2", "bert-tiny last1", "bert-tiny head",
		"elmo-small all", "elmo-small last1", "elmo-small head",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBenchMeasuresEveryBatchLengthAndNumberOfThreads(t *testing.T) {
	o := BenchOptions{Configs: []string{"bert-tiny"}, Modes: []string{"head"}, Batches: []int{1, 2}, Seqs: []int{4, 8}, Threads: []int{1, 2}}
	seen := map[[3]int]bool{}
	for _, m := range benchAll(t, o) {
		seen[[3]int{m.Batch, m.Seq, m.Threads}] = true
	}
	if len(seen) != 8 {
		t.Errorf("got %d combinations %v, want 8", len(seen), seen)
	}
}

func TestBenchMeasuresEveryPrecision(t *testing.T) {
	o := BenchOptions{Configs: []string{"bert-tiny"}, Modes: []string{"all"}, Precisions: Precisions(), Batches: []int{2}, Seqs: []int{4}}
	var seen []string
	for _, m := range benchAll(t, o) {
		seen = append(seen, m.Precision)
	}
	if !slices.Equal(seen, Precisions()) {
		t.Errorf("got rows of %v, want one of each of %v", seen, Precisions())
	}
}

func TestBenchWritesOnWithADecoder(t *testing.T) {
	o := BenchOptions{Configs: []string{"bert-tiny", "gpt2"}, Modes: []string{benchGenerate}, Batches: []int{2}, Seqs: []int{4}}
	got := benchAll(t, o)
	if len(got) != 1 || got[0].Config != "gpt2" || got[0].Batch != 1 {
		t.Errorf("got %+v, want one row of gpt2 without a batch", got)
	}
}

func TestBenchRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, o := range []BenchOptions{
		{Configs: []string{"bert-huge"}, Modes: []string{"all"}},
		{Configs: []string{"bert-tiny"}, Modes: []string{"most"}},
		{Configs: []string{"bert-tiny"}, Modes: []string{"all"}, Precisions: []string{"int8"}},
	} {
		o.Batches, o.Seqs = []int{2}, []int{4}
		if err := Bench(context.Background(), o, func(Measurement) { t.Error("measured") }); err == nil {
			t.Errorf("got no error for %v %v %v", o.Configs, o.Modes, o.Precisions)
		}
	}
}

// TestFlopsOfAStepAreThoseOfTheReference checks numbers that another program counted (GFLOP of a step
// of 32 sequences of 64 tokens).
func TestFlopsOfAStepAreThoseOfTheReference(t *testing.T) {
	for _, c := range []struct {
		config, mode string
		want         float64
	}{
		{"bert-tiny", "all", 5.24},
		{"bert-tiny", "head", 1.75},
		{"bert-tiny", "last1", 3.29},
		{"minilm", "all", 134.11},
		{"minilm", "head", 44.72},
		{"minilm", "last1", 57.81},
		{"gpt2", "all", 1532.46},
		{"gpt2", "head", 668.91},
		{"gpt2", "last1", 720.45},
		{"elmo-small", "all", 272.52},
		{"elmo-small", "head", 90.84},
		{"elmo-small", "last1", 105.87},
	} {
		got := benchShapes[c.config].flops(32, 64, c.mode) / 1e9
		if d := got - c.want; d > 0.01 || d < -0.01 {
			t.Errorf("%s %s: got %.2f GFLOP, want %.2f", c.config, c.mode, got, c.want)
		}
	}
}

func TestBenchProductsHaveATwin(t *testing.T) {
	defer gemm.SetWorkers(gemm.Workers())
	for _, p := range benchProducts() {
		p.M, p.N, p.K = min(p.M, 64), min(p.N, 64), min(p.K, 64)
		p.measure(1, 0)
		if p.GFLOPS <= 0 || p.Twin <= 0 || p.Seconds <= 0 || p.Threads != 1 {
			t.Errorf("got %+v, want positive figures of one thread", p)
		}
	}
}
