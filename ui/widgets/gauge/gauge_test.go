package gauge_test

import (
	"math"
	"strings"
	"testing"

	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) gauge.Styles {
	return gauge.Styles{Label: p.Style("#d4d4d4"), Fill: p.Style("#e69f00"), Track: p.Style("#3a3f49"), Text: p.Style("#8b9099"), Cursor: p.Reverse(), Mark: p.Style("#2fbf8f")}
}

func labels(p widgettest.Palette) gauge.List {
	blue := p.Style("#56b4e9")
	return gauge.List{Cursor: 2, Styles: styles(p), Items: []gauge.Item{
		{Label: "positive", Share: 0.93, Sign: '*'}, {Label: "negative", Share: 0.061}, {Label: "neither of the two", Share: 0.009, Fill: &blue},
	}}
}

func TestGaugesFillEverySize(t *testing.T) {
	widgettest.EverySize(t, labels(widgettest.TrueColour()).View)
	widgettest.EverySize(t, gauge.Gauge{Label: "trainable", Share: 0.096, Text: "0.42M of 4.39M (9.6%)"}.View)
	widgettest.EverySize(t, gauge.List{}.View)
	widgettest.EverySize(t, gauge.List{Cursor: 9, Items: []gauge.Item{{Share: math.NaN()}, {Share: math.Inf(1), Label: "日本語", Sign: '日'}, {Share: -3}}}.View)
}

func TestBarIsProportional(t *testing.T) {
	for share, want := range map[float64]int{0: 0, 0.25: 10, 0.5: 20, 1: 40} {
		got := gauge.Gauge{Share: share, Text: "x"}.View(42, 1)
		if n := strings.Count(got, "█"); n != want {
			t.Errorf("share %g fills %d of 40 cells, want %d", share, n, want)
		}
	}
}

func TestWithoutATextTheShareIsWritten(t *testing.T) {
	got := gauge.Gauge{Label: "loss", Share: 0.096}.View(40, 1)
	if !strings.HasPrefix(got, "loss ") || !strings.HasSuffix(got, " 9.6%") {
		t.Errorf("got %q", got)
	}
}

func TestShortLinesKeepLabelAndText(t *testing.T) {
	got := gauge.Gauge{Label: "loss", Share: 0.5}.View(12, 1)
	if got != "loss 50.0%  " {
		t.Errorf("got %q", got)
	}
}

func TestCursorItemIsInView(t *testing.T) {
	if got := labels(widgettest.Plain()).View(50, 1); !strings.Contains(got, "neither") {
		t.Errorf("got %q", got)
	}
}

func TestGaugesLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "labels", 48, 3, func(p widgettest.Palette) string { return labels(p).View(48, 3) })
	widgettest.Goldens(t, "gauge", 48, 1, func(p widgettest.Palette) string {
		return gauge.Gauge{Label: "downloading", Share: 0.37, Text: "41 of 110 MB  12s left", Styles: styles(p)}.View(48, 1)
	})
}

func BenchmarkView(b *testing.B) {
	l := labels(widgettest.TrueColour())
	b.ReportAllocs()
	for b.Loop() {
		l.View(60, 10)
	}
}
