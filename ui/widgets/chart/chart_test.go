package chart_test

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/widgettest"
)

var symbols = map[string]chart.Symbols{"braille": chart.Braille, "block": chart.Block, "ascii": chart.ASCII}

// styled returns a chart with every style set and one line per series.
func styled(p widgettest.Palette, data ...*chart.Series) chart.Chart {
	colours := []string{"#e69f00", "#56b4e9", "#2fbf8f", "#d98bb9"}
	c := chart.Chart{XName: "step", Styles: chart.Styles{
		Axis: p.Style("#6b7079"), Label: p.Style("#8b9099"), Mark: p.Style("#f0d050"), Cursor: p.Style("#d4d4d4"), Bad: p.Style("#ff7a70"),
	}}
	for i, s := range data {
		colour := colours[i%len(colours)]
		c.Lines = append(c.Lines, chart.Line{
			Name: fmt.Sprintf("%c run-%d", 'A'+i, i+1), Data: s,
			Style: p.Style(colour).Bold(true), BandStyle: p.Style(colour).Faint(true),
		})
	}
	return c
}

// loss is a falling noisy curve of n points.
func loss(n int, seed int64, end float64) *chart.Series {
	s, r := &chart.Series{}, rand.New(rand.NewSource(seed))
	for i := range n {
		x := float64(i)
		s.Add(x, end+(1-end)*math.Exp(-4*x/float64(n))+0.08*r.NormFloat64()*math.Exp(-x/float64(n)))
	}
	return s
}

func series(values ...float64) *chart.Series {
	s := &chart.Series{}
	for i, v := range values {
		s.Add(float64(i), v)
	}
	return s
}

func TestEverySizeIsFilledExactly(t *testing.T) {
	at := 300.0
	for _, sym := range symbols {
		c := styled(widgettest.TrueColour(), loss(900, 1, 0.2), loss(900, 2, 0.4))
		c.Symbols, c.Cursor, c.Marks = sym, &at, []chart.Mark{{X: 100, Letter: 'T'}}
		widgettest.EverySize(t, c.View)
	}
	widgettest.EverySize(t, chart.Chart{}.View)
}

func TestCurvesDifferWithoutColour(t *testing.T) {
	a, b := series(1, 1), series(2, 2)
	for kind, sym := range symbols {
		c := styled(widgettest.Plain(), a, b)
		c.Symbols, c.NoBand, c.NoLegend, c.NoAxes = sym, true, true, true
		c.Y = chart.Range{From: 0, To: 3}
		var rows []string
		for _, line := range strings.Split(c.View(40, 12), "\n") {
			if s := strings.TrimSpace(line); s != "" {
				rows = append(rows, line)
			}
		}
		if len(rows) < 2 || rows[0] == rows[len(rows)-1] {
			t.Errorf("%s: two flat curves look alike: %q", kind, rows)
		}
	}
}

func TestNaNIsAGapWithASign(t *testing.T) {
	values := make([]float64, 40)
	for i := range values {
		values[i] = 1
		if i >= 18 && i < 22 {
			values[i] = math.NaN()
		}
	}
	c := styled(widgettest.Plain(), series(values...))
	c.Symbols, c.NoLegend, c.NoAxes = chart.ASCII, true, true
	got := strings.Split(c.View(40, 3), "\n")
	want := strings.Repeat("*", 18) + "    " + strings.Repeat("*", 18)
	if got[1] != want {
		t.Errorf("got %q, want %q", got[1], want)
	}
	if want := strings.Repeat(" ", 18) + "!!!!" + strings.Repeat(" ", 18); got[2] != want {
		t.Errorf("signs: got %q, want %q", got[2], want)
	}
}

func TestNegativeValuesAreSignsOnALogAxis(t *testing.T) {
	c := styled(widgettest.Plain(), series(1, -1, 10, 100))
	c.LogY, c.Symbols = true, chart.ASCII
	got := c.View(40, 10)
	if n := strings.Count(got, "!"); n != 1 {
		t.Errorf("%d signs, want 1:\n%s", n, got)
	}
}

func TestOnlyNegativeValuesSayWhyALogAxisIsEmpty(t *testing.T) {
	c := styled(widgettest.Plain(), series(-1, -2))
	c.LogY = true
	if got := c.View(60, 10); !strings.Contains(got, "no value above 0 for a log axis") {
		t.Errorf("got:\n%s", got)
	}
}

func TestSpikeOfOneStepIsSeenAfterAMillionSteps(t *testing.T) {
	s := &chart.Series{}
	for i := range 1_000_000 {
		y := 1.0
		if i == 345_678 {
			y = 50
		}
		s.Add(float64(i), y)
	}
	c := styled(widgettest.Plain(), s)
	c.Symbols, c.NoLegend, c.NoAxes = chart.ASCII, true, true
	top := strings.Split(c.View(60, 12), "\n")[0]
	if strings.TrimSpace(top) == "" {
		t.Errorf("the top row is blank: the spike is lost")
	}
}

func TestCrosshairReadsTheValueUnderIt(t *testing.T) {
	c := styled(widgettest.Plain(), series(0.1, 0.2, 0.3, 0.4), series(1, 2, 3, 4))
	at := 1.0
	c.Cursor = &at
	got := strings.Split(c.View(80, 12), "\n")[0]
	for _, want := range []string{"A run-1 0.2", "B run-2 2", "step 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("legend %q lacks %q", got, want)
		}
	}
	if n := strings.Count(c.View(80, 12), "●"); n != 2 {
		t.Errorf("%d crossings, want 2", n)
	}
}

func TestCrosshairPastTheEndOfACurveReadsNothing(t *testing.T) {
	c := styled(widgettest.Plain(), series(1, 2, 3, 4, 5, 6, 7, 8, 9), series(5, 5))
	at := 7.0
	c.Cursor = &at
	got := c.View(60, 12)
	if legend := strings.Split(got, "\n")[0]; !strings.Contains(legend, "A run-1 8") || strings.Contains(legend, "run-2 5") {
		t.Errorf("legend %q", legend)
	}
	if n := strings.Count(got, "●"); n != 1 {
		t.Errorf("%d crossings, want 1", n)
	}
}

func TestLegendShowsTheNewestValue(t *testing.T) {
	c := styled(widgettest.Plain(), series(3, 2, 0.2412))
	if got := c.View(60, 8); !strings.Contains(got, "A run-1 0.2412") {
		t.Errorf("got:\n%s", got)
	}
	c = styled(widgettest.Plain(), series(3, math.NaN()))
	if got := c.View(60, 8); !strings.Contains(got, "A run-1 NaN") {
		t.Errorf("got:\n%s", got)
	}
}

func TestLegendCutsNamesBeforeValues(t *testing.T) {
	c := styled(widgettest.Plain(), series(0.1, 0.2), series(1, 2))
	c.Lines[0].Name, c.Lines[1].Name = "A bert-imdb-with-long-name-03", "B elmo"
	got := strings.Split(c.View(40, 8), "\n")[0]
	for _, want := range []string{"A bert-imdb", "… 0.2", "B elmo 2"} {
		if !strings.Contains(got, want) {
			t.Errorf("legend %q lacks %q", got, want)
		}
	}
}

func TestMarksStandAtTheirStep(t *testing.T) {
	c := styled(widgettest.Plain(), series(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
	c.Symbols, c.NoLegend, c.NoAxes = chart.ASCII, true, true
	c.Marks = []chart.Mark{{X: 0, Letter: 'S'}, {X: 5, Letter: 'T'}, {X: 10, Letter: 'L'}, {X: 11, Letter: 'X'}}
	got := strings.Split(c.View(11, 5), "\n")
	if want := "S    T    L"; got[0] != want {
		t.Errorf("got %q, want %q", got[0], want)
	}
	if want := ":    :    :"; got[1] != want {
		t.Errorf("got %q, want %q", got[1], want)
	}
}

func TestMouseColumnAndStepAgree(t *testing.T) {
	c := styled(widgettest.Plain(), loss(900, 1, 0.2))
	const w, h = 80, 20
	var seen int
	for col := range w {
		x, ok := c.XAt(w, h, col)
		if !ok {
			continue
		}
		seen++
		next := c.Step(w, h, x, 1)
		want, ok := c.XAt(w, h, col+1)
		if !ok {
			want = x // at the right edge the cursor stays
		}
		if math.Abs(next-want) > 1e-6 {
			t.Errorf("column %d: step to %g, want %g", col, next, want)
		}
	}
	if seen < 60 {
		t.Errorf("%d columns answer, want the plot's", seen)
	}
	if _, ok := c.XAt(w, h, 0); ok {
		t.Error("the y labels answer as a column")
	}
}

func TestZoomedCurveReachesBothEdges(t *testing.T) {
	c := styled(widgettest.Plain(), series(1, 1))
	c.Symbols, c.NoLegend, c.NoAxes, c.X = chart.ASCII, true, true, chart.Range{From: 0.4, To: 0.6}
	if got, want := strings.Split(c.View(20, 3), "\n")[1], strings.Repeat("*", 20); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFixedAxisClipsTheCurve(t *testing.T) {
	c := styled(widgettest.Plain(), series(0, 1e12, 0))
	c.Symbols, c.Y = chart.ASCII, chart.Range{From: 0, To: 1}
	got := c.View(40, 10)
	widgettest.Exact(t, got, 40, 10)
	if !strings.Contains(got, "1.0") || strings.Contains(got, "G") {
		t.Errorf("axis is not 0 to 1:\n%s", got)
	}
}
