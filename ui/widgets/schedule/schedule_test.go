package schedule_test

import (
	"math"
	"strings"
	"testing"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/schedule"
	"defrost/ui/widgets/widgettest"
)

// warmup rises to 3e-5 over 90 steps and falls to 0 at step 900.
func warmup(step int) float64 {
	if step < 90 {
		return 3e-5 * float64(step) / 90
	}
	return 3e-5 * float64(900-step) / 810
}

func sample(p widgettest.Palette) schedule.Schedule {
	return schedule.Schedule{Rate: warmup, Steps: 900, At: 300, Style: p.Style("#e69f00").Bold(true), Styles: chart.Styles{Axis: p.Style("#6b7079"), Label: p.Style("#8b9099"), Cursor: p.Style("#d4d4d4")}}
}

func TestScheduleFillsEverySize(t *testing.T) {
	widgettest.EverySize(t, sample(widgettest.TrueColour()).View)
	widgettest.EverySize(t, schedule.Schedule{}.View)
	widgettest.EverySize(t, schedule.Schedule{Rate: func(int) float64 { return math.NaN() }, Steps: 1 << 40, At: -1}.View)
}

func TestScheduleLabelsItsRates(t *testing.T) {
	got := sample(widgettest.Plain()).View(60, 14)
	for _, want := range []string{"3e-5┤", "1e-5┤", " 0┤", "step", "●"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}

func TestFirstAndLastStepAreAsked(t *testing.T) {
	asked, calls := map[int]bool{}, 0
	s := schedule.Schedule{Steps: 1_000_000, Rate: func(step int) float64 {
		asked[step], calls = true, calls+1
		return 1
	}}
	s.View(40, 8)
	if !asked[0] || !asked[1_000_000] || calls > 1000 {
		t.Errorf("asked %d times, first %v, last %v", calls, asked[0], asked[1_000_000])
	}
}

func TestScheduleLooksAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "schedule", 50, 12, func(p widgettest.Palette) string { return sample(p).View(50, 12) })
}

func BenchmarkView(b *testing.B) {
	s := sample(widgettest.TrueColour())
	b.ReportAllocs()
	for b.Loop() {
		s.View(50, 12)
	}
}
