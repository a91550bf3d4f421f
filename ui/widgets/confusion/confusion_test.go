package confusion_test

import (
	"fmt"
	"strings"
	"testing"

	"defrost/ui/widgets/confusion"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) confusion.Styles {
	return confusion.Styles{Header: p.Style("#e6e6e6").Bold(true), Right: p.Style("#2fbf8f").Bold(true), Wrong: p.Style("#ff7a70"), Zero: p.Style("#8b9099"), Rate: p.Style("#8b9099"), Cursor: p.Reverse()}
}

func feelings(p widgettest.Palette) confusion.Matrix {
	return confusion.Matrix{
		Labels: []string{"anger", "joy", "sadness", "surprise"},
		Counts: [][]int{{118, 2, 30, 4}, {3, 140, 2, 8}, {14, 0, 99, 1}, {0, 12, 1, 33}},
		Row:    2, Column: 0, Styles: styles(p),
	}
}

func TestMatrixFillsEverySize(t *testing.T) {
	widgettest.EverySize(t, feelings(widgettest.TrueColour()).View)
	widgettest.EverySize(t, confusion.Matrix{}.View)
	many := confusion.Matrix{Row: 30, Column: 39, Counts: [][]int{{-4, 1 << 60}, nil}}
	for i := range 40 {
		many.Labels = append(many.Labels, fmt.Sprintf("label-%d-日本語", i))
	}
	widgettest.EverySize(t, many.View)
}

func TestRecallAndPrecision(t *testing.T) {
	m := confusion.Matrix{Labels: []string{"a", "b", "c"}, Counts: [][]int{{3, 1}, {2, 4}}}
	if got, ok := m.Recall(0); got != 0.75 || !ok {
		t.Errorf("recall of a = %g, %v", got, ok)
	}
	if got, ok := m.Precision(0); got != 0.6 || !ok {
		t.Errorf("precision of a = %g, %v", got, ok)
	}
	if _, ok := m.Recall(2); ok {
		t.Error("a label without examples has a recall")
	}
	if _, ok := m.Precision(2); ok {
		t.Error("a label never predicted has a precision")
	}
}

func TestDiagonalIsSeenWithoutColour(t *testing.T) {
	got := feelings(widgettest.Plain()).View(60, 8)
	for _, want := range []string{"[118]", "[140]", "[99]", "[33]", "76.6%", "87.4%"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Count(got, "[") != 4 {
		t.Errorf("brackets off the diagonal:\n%s", got)
	}
}

func TestCursorCellIsInView(t *testing.T) {
	m := confusion.Matrix{}
	for i := range 30 {
		m.Labels = append(m.Labels, fmt.Sprintf("l%d", i))
		m.Counts = append(m.Counts, make([]int, 30))
	}
	for i := range 30 {
		m.Row, m.Column = i, 29-i
		m.Counts[m.Row][m.Column] = 7777
		if got := m.View(50, 8); !strings.Contains(got, "7777") {
			t.Fatalf("cell %d, %d is not shown:\n%s", m.Row, m.Column, got)
		}
		m.Counts[m.Row][m.Column] = 0
	}
}

func TestMatrixLooksAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "feelings", 56, 7, func(p widgettest.Palette) string { return feelings(p).View(56, 7) })
	widgettest.Goldens(t, "scrolled", 30, 5, func(p widgettest.Palette) string { return feelings(p).View(30, 5) })
}

func BenchmarkView(b *testing.B) {
	m := feelings(widgettest.TrueColour())
	b.ReportAllocs()
	for b.Loop() {
		m.View(80, 20)
	}
}
