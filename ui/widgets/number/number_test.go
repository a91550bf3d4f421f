package number

import (
	"math"
	"testing"
	"time"
)

func TestCompactNumbers(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{0, "0"}, {514, "514"}, {999, "999"}, {999.6, "1k"}, {1234, "1.23k"}, {198_000, "198k"}, {999_600, "1M"}, {3_970_000, "3.97M"}, {124e6, "124M"}, {175e9, "175G"},
		{2e12, "2T"}, {1e18, "1e18"}, {-4200, "-4.2k"}, {0.241, "0.241"}, {3e-5, "3e-5"}, {math.NaN(), "NaN"}, {math.Inf(1), "+Inf"}, {math.Inf(-1), "-Inf"},
	}
	for _, tt := range tests {
		if got := Compact(tt.v); got != tt.want {
			t.Errorf("Compact(%g) = %q, want %q", tt.v, got, tt.want)
		}
	}
}

func TestSignificantDigits(t *testing.T) {
	tests := []struct {
		v    float64
		n    int
		want string
	}{
		{0.24123, 4, "0.2412"}, {0.5, 4, "0.5"}, {12345.6, 5, "12346"}, {1.5e-5, 3, "1.5e-5"}, {2e6, 3, "2e6"}, {-0.001, 3, "-0.001"}, {math.NaN(), 3, "NaN"}, {math.MaxFloat64, 3, "1.8e308"},
	}
	for _, tt := range tests {
		if got := Sig(tt.v, tt.n); got != tt.want {
			t.Errorf("Sig(%g, %d) = %q, want %q", tt.v, tt.n, got, tt.want)
		}
	}
}

func TestRatesPercentsBytesAndWholeNumbers(t *testing.T) {
	tests := []struct{ got, want string }{
		{Rate(3e-5), "3e-5"}, {Rate(1.1e-5), "1.1e-5"}, {Rate(0.001), "1e-3"}, {Rate(0.01), "0.01"}, {Rate(0), "-"}, {Rate(2), "2"},
		{Percent(0.096), "9.6%"}, {Percent(1), "100.0%"}, {Percent(math.NaN()), "NaN"},
		{Bytes(0), "0 B"}, {Bytes(999), "999 B"}, {Bytes(38_000_000), "38 MB"}, {Bytes(1234), "1.23 kB"}, {Bytes(math.MaxInt64), "9223372 TB"},
		{Whole(0), "0"}, {Whole(1588), "1,588"}, {Whole(12_345_678), "12,345,678"}, {Whole(-1234), "-1,234"}, {Whole(-123), "-123"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestDurations(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "0.0s"}, {800 * time.Millisecond, "0.8s"}, {9960 * time.Millisecond, "10s"}, {59400 * time.Millisecond, "59s"}, {59600 * time.Millisecond, "1m00s"},
		{252 * time.Second, "4m12s"}, {125 * time.Minute, "2h05m"}, {-time.Minute, "-1m00s"}, {math.MinInt64, "-2562047h47m"},
	}
	for _, tt := range tests {
		if got := Duration(tt.d); got != tt.want {
			t.Errorf("Duration(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestClockTimes(t *testing.T) {
	tests := []struct {
		seconds float64
		want    string
	}{
		{0, "0"}, {0.5, "0.5s"}, {5, "5s"}, {30, "30s"}, {90, "1m30s"}, {300, "5m"}, {7200, "2h"}, {9000, "2h30m"}, {108000, "1d6h"}, {-60, "-1m"},
		{math.NaN(), "NaN"}, {math.Inf(1), "+Inf"}, {1e300, "1e300"},
	}
	for _, tt := range tests {
		if got := Clock(tt.seconds); got != tt.want {
			t.Errorf("Clock(%g) = %q, want %q", tt.seconds, got, tt.want)
		}
	}
}
