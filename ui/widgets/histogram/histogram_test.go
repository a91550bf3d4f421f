package histogram_test

import (
	"math"
	"strings"
	"testing"

	"defrost/ui/widgets/histogram"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) histogram.Styles {
	return histogram.Styles{Bar: p.Style("#56b4e9"), Over: p.Style("#ff7a70"), Mark: p.Style("#f0d050").Bold(true), Axis: p.Style("#6b7079"), Label: p.Style("#8b9099"), Track: p.Style("#3a3f49")}
}

// lengths are 2,000 example lengths with a long tail.
func lengths() []float64 {
	var out []float64
	for i := range 2000 {
		u := (float64(i) + 0.5) / 2000
		out = append(out, 20+60*math.Pow(-math.Log(u), 1.2))
	}
	return out
}

func sample(p widgettest.Palette) histogram.Histogram {
	limit := 256.0
	return histogram.Histogram{Bins: histogram.Cut(lengths(), 50), Mark: &limit, XName: "tokens", Styles: styles(p)}
}

func TestHistogramsFillEverySize(t *testing.T) {
	widgettest.EverySize(t, sample(widgettest.TrueColour()).View)
	widgettest.EverySize(t, histogram.Histogram{}.View)
	limit := math.NaN()
	widgettest.EverySize(t, histogram.Histogram{Bins: []histogram.Bin{{Count: -3}, {From: math.Inf(-1), To: math.Inf(1), Count: math.MaxInt}}, Mark: &limit}.View)
	widgettest.EverySize(t, histogram.Balance{Labels: []string{"neg", "日本語"}, Counts: []int{412, -3, 7}}.View)
	widgettest.EverySize(t, histogram.Balance{}.View)
}

func TestSharesOfLabelsThatDoNotExcludeEachOtherAreOfExamples(t *testing.T) {
	b := histogram.Balance{Labels: []string{"camera", "battery"}, Counts: []int{3, 2}, Of: 4, Cursor: -1}
	if got := b.View(40, 2); !strings.Contains(got, "3  75.0%") || !strings.Contains(got, "2  50.0%") {
		t.Errorf("got\n%s\nwant 75%% and 50%% of four examples", got)
	}
}

func TestCutCountsEveryFiniteValueOnce(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		n      int
		want   []int
	}{
		{"even", []float64{0, 1, 2, 3}, 2, []int{2, 2}},
		{"last bin holds its end", []float64{0, 10}, 5, []int{1, 0, 0, 0, 1}},
		{"constant", []float64{7, 7, 7}, 5, []int{3}},
		{"bad values left out", []float64{math.NaN(), 1, math.Inf(1), 2}, 2, []int{1, 1}},
		{"huge", []float64{-math.MaxFloat64, 0, math.MaxFloat64}, 2, []int{1, 2}},
		{"none", []float64{math.NaN()}, 3, nil},
		{"no bins", []float64{1}, 0, nil},
	}
	for _, tt := range tests {
		bins := histogram.Cut(tt.values, tt.n)
		if len(bins) != len(tt.want) {
			t.Errorf("%s: %d bins, want %d", tt.name, len(bins), len(tt.want))
			continue
		}
		for i, b := range bins {
			if b.Count != tt.want[i] {
				t.Errorf("%s: bin %d counts %d, want %d", tt.name, i, b.Count, tt.want[i])
			}
		}
	}
}

func TestMarkIsSeenWithoutColour(t *testing.T) {
	got := sample(widgettest.Plain()).View(60, 10)
	if !strings.Contains(got, "▴") || !strings.Contains(got, "256") || !strings.Contains(got, "┊") {
		t.Errorf("got:\n%s", got)
	}
}

func TestTallestBarReachesTheTop(t *testing.T) {
	h := histogram.Histogram{Bins: []histogram.Bin{{0, 1, 4}, {1, 2, 8}, {2, 3, 2}, {3, 4, 0}}}
	got := h.View(4, 1)
	if got != "▄█▂ " {
		t.Errorf("got %q", got)
	}
}

func TestBalanceWritesCountsAndShares(t *testing.T) {
	got := histogram.Balance{Labels: []string{"neg", "pos"}, Counts: []int{412, 1588}, Cursor: -1}.View(60, 2)
	for _, want := range []string{"412  20.6%", "1,588  79.4%"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}

func TestHistogramsLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "lengths", 60, 10, func(p widgettest.Palette) string { return sample(p).View(60, 10) })
	widgettest.Goldens(t, "balance", 50, 2, func(p widgettest.Palette) string {
		return histogram.Balance{Labels: []string{"neg", "pos"}, Counts: []int{412, 1588}, Cursor: -1, Styles: styles(p)}.View(50, 2)
	})
}

func BenchmarkView(b *testing.B) {
	h := sample(widgettest.TrueColour())
	b.ReportAllocs()
	for b.Loop() {
		h.View(80, 20)
	}
}
