package chart_test

import (
	"math"
	"testing"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/widgettest"
)

func TestChartsLookAsRecorded(t *testing.T) {
	at := 640.0
	for kind, sym := range symbols {
		widgettest.Goldens(t, "loss_"+kind, 78, 18, func(p widgettest.Palette) string {
			c := styled(p, loss(900, 1, 0.2), loss(900, 2, 0.4))
			c.Symbols, c.Smooth, c.Marks = sym, 0.93, []chart.Mark{{X: 300, Letter: 'L'}, {X: 550, Letter: 'T'}}
			return c.View(78, 18)
		})
	}
	widgettest.Goldens(t, "log_crosshair", 60, 14, func(p widgettest.Palette) string {
		c := styled(p, loss(900, 1, 0.01), loss(900, 2, 0.1), series(1, 0.5, math.NaN(), 0.2))
		c.LogY, c.Cursor, c.X = true, &at, chart.Range{From: 400, To: 900}
		return c.View(60, 14)
	})
	widgettest.Goldens(t, "empty", 40, 8, func(p widgettest.Palette) string { return styled(p, nil).View(40, 8) })
}
