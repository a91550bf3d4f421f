package spark_test

import (
	"math"
	"testing"

	"defrost/ui/widgets/spark"
	"defrost/ui/widgets/widgettest"
)

func TestSparkFillsEverySize(t *testing.T) {
	values := []float64{1, math.NaN(), -math.MaxFloat64, math.MaxFloat64, math.Inf(1), 0}
	widgettest.EverySize(t, spark.Spark{Values: values, Style: widgettest.TrueColour().Style("#2fbf8f")}.View)
	widgettest.EverySize(t, spark.Spark{}.View)
}

func TestSparkHeights(t *testing.T) {
	tests := []struct {
		name  string
		spark spark.Spark
		w     int
		want  string
	}{
		{"rising", spark.Spark{Values: []float64{0, 1, 2, 3, 4, 5, 6, 7}}, 8, "▁▂▃▄▅▆▇█"},
		{"constant", spark.Spark{Values: []float64{5, 5}}, 3, "▄▄ "},
		{"from zero", spark.Spark{Values: []float64{7, 7}, Zero: true}, 2, "██"},
		{"bad", spark.Spark{Values: []float64{0, math.NaN(), 7}}, 3, "▁!█"},
		{"spike in a group", spark.Spark{Values: []float64{0, 0, 0, 9, 0, 0, 0, 0}}, 2, "█▁"},
	}
	for _, tt := range tests {
		if got := tt.spark.View(tt.w, 1); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSparkLooksAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "spark", 20, 2, func(p widgettest.Palette) string {
		s := spark.Spark{Style: p.Style("#2fbf8f"), Bad: p.Style("#ff7a70")}
		for i := range 60 {
			s.Values = append(s.Values, math.Sin(float64(i)/9))
		}
		s.Values[30] = math.NaN()
		return s.View(20, 2)
	})
}

func BenchmarkView(b *testing.B) {
	s := spark.Spark{Values: make([]float64, 1000), Style: widgettest.TrueColour().Style("#2fbf8f")}
	b.ReportAllocs()
	for b.Loop() {
		s.View(40, 1)
	}
}
