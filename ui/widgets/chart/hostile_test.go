package chart_test

import (
	"math"
	"testing"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/widgettest"
)

// hostile are the data sets that break charts.
func hostile() map[string]*chart.Series {
	nan, inf := math.NaN(), math.Inf(1)
	backwards := &chart.Series{}
	for i := range 50 {
		backwards.Add(float64((i*37)%50), float64(i))
	}
	badX := &chart.Series{}
	badX.Add(nan, 1)
	badX.Add(inf, 1)
	return map[string]*chart.Series{
		"nil": nil, "empty": {}, "one point": series(0.5), "two points": series(1, 2), "constant": series(3, 3, 3), "zeros": series(0, 0, 0),
		"only NaN": series(nan, nan), "NaN first": series(nan, 1, 2), "NaN between": series(1, nan, 3, nan, 2), "infinities": series(1, inf, -inf, 2),
		"huge": series(-math.MaxFloat64, math.MaxFloat64, 0), "tiny": series(5e-324, 1e-300, 0), "close": series(1, math.Nextafter(1, 2), 1),
		"negative": series(-1, -2, -3), "across zero": series(-1, 0, 1e6), "backwards": backwards, "bad x": badX, "long": loss(9000, 1, 0.2),
	}
}

func TestNoDataBreaksAnyChart(t *testing.T) {
	at := 1.0
	for name, data := range hostile() {
		for kind, sym := range symbols {
			for _, log := range []bool{false, true} {
				c := styled(widgettest.Plain(), data, series(1, 2))
				c.Symbols, c.LogY, c.Smooth, c.Cursor = sym, log, 0.9, &at
				c.Marks = []chart.Mark{{X: 1, Letter: 'L'}, {X: math.NaN(), Letter: '?'}}
				for _, zoom := range []chart.Range{{}, {From: 0.5, To: 1.5}, {From: 5e9, To: 6e9}, {From: 1, To: math.Nextafter(1, 2)}} {
					c.X = zoom
					for _, size := range [][2]int{{80, 20}, {16, 5}, {9, 3}, {1, 1}, {40, 1}, {1, 12}} {
						t.Run("", func(t *testing.T) {
							defer func() {
								if r := recover(); r != nil {
									t.Fatalf("%s, %s, log %v, zoom %v, %v: panic %v", name, kind, log, zoom, size, r)
								}
							}()
							widgettest.Exact(t, c.View(size[0], size[1]), size[0], size[1])
						})
					}
				}
			}
		}
	}
}

func FuzzNoPointsBreakAChart(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0, 0.9, 0.0, 2.0, 40, 10, true, uint8(0))
	f.Add(math.NaN(), math.Inf(1), -1.0, 5e-324, 1.5, -1.0, 1e300, 3, 3, false, uint8(2))
	f.Fuzz(func(t *testing.T, a, b, c, d, smooth, from, to float64, w, h int, log bool, sym uint8) {
		w, h = min(max(w, 0), 90), min(max(h, 0), 30)
		s := &chart.Series{}
		s.Add(a, b)
		s.Add(b, c)
		s.AddBand(c, d, a, b)
		s.Add(d, a)
		ch := styled(widgettest.Plain(), s, series(a, b, c, d))
		ch.Smooth, ch.X, ch.LogY, ch.Symbols, ch.Cursor = smooth, chart.Range{From: from, To: to}, log, chart.Symbols(sym%4), &c
		ch.Y = chart.Range{From: d, To: to}
		widgettest.Exact(t, ch.View(w, h), w*min(h, 1), h)
		ch.XAt(w, h, w/2)
		ch.Step(w, h, a, 1)
	})
}
