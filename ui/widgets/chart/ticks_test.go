package chart

import (
	"math"
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

func TestLinearTicksAreNice(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		from := r.NormFloat64() * math.Pow(10, float64(r.Intn(24)-12))
		width := (r.Float64() + 0.01) * math.Pow(10, float64(r.Intn(16)-8))
		axis := Range{from, from + width}.widened()
		n := 3 + r.Intn(8)
		ticks := linearTicks(axis, n, nil)
		if len(ticks) < 1 || len(ticks) > n+1 {
			t.Fatalf("%v: %d ticks, want 1 to %d", axis, len(ticks), n+1)
		}
		seen := map[string]bool{}
		for _, k := range ticks {
			if seen[k.label] {
				t.Fatalf("%v: label %q twice in %v", axis, k.label, ticks)
			}
			seen[k.label] = true
		}
		if len(ticks) > 1 {
			checkStep(t, ticks[1].value-ticks[0].value, axis)
		}
	}
}

// checkStep fails unless step is 1, 2 or 5 times a power of ten, as far as the axis' digits tell.
func checkStep(t *testing.T, step float64, axis Range) {
	t.Helper()
	if math.Abs(axis.From) > 1e6*step {
		return // the difference of neighbours has too few digits left
	}
	m := step / math.Pow(10, math.Floor(math.Log10(step*1.0001)))
	for _, want := range []float64{1, 2, 5} {
		if math.Abs(m-want) < 1e-3 {
			return
		}
	}
	t.Fatalf("%v: step %g is not nice", axis, step)
}

func TestLabelsAreCompact(t *testing.T) {
	tests := []struct {
		v, step float64
		want    string
	}{
		{0, 0.2, "0"}, {0.2, 0.2, "0.2"}, {1, 0.2, "1.0"}, {0.25, 0.05, "0.25"}, {-3, 1, "-3"}, {900, 100, "900"}, {1200, 200, "1.2k"},
		{50_000, 10_000, "50k"}, {2_500_000, 500_000, "2.5M"}, {3e9, 1e9, "3G"}, {3e-5, 1e-5, "3e-5"}, {1.5e-5, 5e-6, "1.5e-5"}, {1e20, 1e20, "1e20"}, {0.0002, 0.0002, "0.0002"},
	}
	for _, tt := range tests {
		if got := label(tt.v, tt.step, nil); got != tt.want {
			t.Errorf("label(%g, step %g) = %q, want %q", tt.v, tt.step, got, tt.want)
		}
	}
}

func TestLogTicksArePowersOfTen(t *testing.T) {
	tests := []struct {
		axis Range
		n    int
		want string
	}{
		{Range{0.05, 20}, 3, "0.1 1 10"},
		{Range{0.05, 20}, 12, "0.05 0.1 0.2 0.5 1 2 5 10 20"},
		{Range{1e-8, 1}, 3, "1e-8 1e-5 0.01"},
		{Range{2, 4}, 4, "2.0 2.5 3.0 3.5 4.0"},
	}
	for _, tt := range tests {
		var got []string
		for _, k := range logTicks(tt.axis, tt.n, nil) {
			got = append(got, k.label)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%v, %d: got %q, want %q", tt.axis, tt.n, s, tt.want)
		}
	}
}

func TestLogTicksOfExtremeAxesStayFew(t *testing.T) {
	for _, axis := range []Range{{1e-305, 1e300}, {5e-324, 1}, {1, math.MaxFloat64}} {
		if got := len(logTicks(axis, 5, strconv1)); got > maxTicks {
			t.Errorf("%v: %d ticks", axis, got)
		}
	}
}

func strconv1(v float64) string { return strconv.FormatFloat(v, 'e', 0, 64) }

func TestTimeTicksAreRoundTimes(t *testing.T) {
	tests := []struct {
		seconds float64
		n       int
		want    string
	}{
		{1, 4, "0 0.5s 1s"}, {50, 5, "0 10s 20s 30s 40s 50s"}, {400, 5, "0 2m 4m 6m"}, {5400, 6, "0 15m 30m 45m 1h 1h15m 1h30m"}, {200_000, 3, "0 1d 2d"}, {1e7, 4, "0 50d 100d"},
	}
	for _, tt := range tests {
		var got []string
		for _, k := range timeTicks(Range{0, tt.seconds}, tt.n, nil) {
			got = append(got, k.label)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%g seconds: got %q, want %q", tt.seconds, s, tt.want)
		}
	}
}
