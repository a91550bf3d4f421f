package live

import (
	"math"
	"slices"
	"testing"

	"defrost/engine"
)

// TestIntervalIsWilsons compares with figures worked out by hand from Wilson's formula.
func TestIntervalIsWilsons(t *testing.T) {
	tests := []struct {
		p         float64
		n         int
		low, high float64
	}{
		{0.5, 100, 0.4038, 0.5962}, {0.9, 10, 0.5958, 0.9821}, {0, 10, 0, 0.2775}, {1, 10, 0.7225, 1}, {0.3, 0, 0, 1},
	}
	for _, tt := range tests {
		low, high := wilson(tt.p, tt.n)
		if math.Abs(low-tt.low) > 5e-4 || math.Abs(high-tt.high) > 5e-4 {
			t.Errorf("wilson(%v, %d) is %.4f to %.4f, want %.4f to %.4f", tt.p, tt.n, low, high, tt.low, tt.high)
		}
	}
}

func TestVerdictsNameTheSplitsThatWereJudged(t *testing.T) {
	got := verdicts(engine.Finished{Metrics: map[string]engine.Number{"dev_accuracy": 0.87, "dev_examples": 120, "hard_accuracy": 0.5}}, "accuracy")
	if want := []string{"dev accuracy 0.87  95% 0.80 to 0.92, n 120", "hard accuracy 0.50"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	got = verdicts(engine.Finished{Metrics: map[string]engine.Number{"dev_perplexity": 31.42, "dev_examples": 120}}, "perplexity")
	if want := []string{"dev perplexity 31.4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
