package chart_test

import (
	"fmt"
	"testing"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/widgettest"
)

func BenchmarkView(b *testing.B) {
	for _, size := range [][2]int{{80, 20}, {200, 48}} {
		for kind, sym := range symbols {
			b.Run(fmt.Sprintf("%s/%dx%d", kind, size[0], size[1]), func(b *testing.B) {
				c := styled(widgettest.TrueColour(), loss(100_000, 1, 0.2), loss(100_000, 2, 0.4))
				c.Symbols, c.Smooth = sym, 0.9
				b.ReportAllocs()
				for b.Loop() {
					c.View(size[0], size[1])
				}
			})
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	var s chart.Series
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Add(float64(i), 1)
	}
}
