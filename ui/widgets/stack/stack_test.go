package stack_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"defrost/ui/widgets/stack"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) stack.Styles {
	return stack.Styles{
		Header: p.Style("#8b9099"), Text: p.Style("#d4d4d4"), Muted: p.Style("#8b9099"), Frozen: p.Style("#56b4e9"), Trains: p.Style("#e69f00").Bold(true),
		Cursor: p.Reverse(), Selected: p.Style("").Underline(true), FreezeLine: p.Style("#6b7079"), Heat: p.Style("#f0d050"),
	}
}

// mini is BERT-mini with its two top layers learning.
func mini(p widgettest.Palette) stack.Stack {
	parts := []stack.Row{
		{Name: "attention.q.weight", Params: 65_536, State: stack.Trains, Rate: 1.1e-5, Note: "(256, 256)"},
		{Name: "attention.q.bias", Params: 256, State: stack.Trains, Rate: 1.1e-5, Note: "(256)"},
	}
	return stack.Stack{
		Rows: []stack.Row{
			{Name: "embeddings", Params: 7_947_264, Heat: []float64{0, 0}},
			{Name: "encoder.0", Params: 789_760, Heat: []float64{0, 0}, Parts: parts},
			{Name: "encoder.1", Params: 789_760, State: stack.Partly, Trainable: 3_328, Rate: 1.1e-5, Heat: []float64{0.02, 0.0012}, Parts: parts},
			{Name: "encoder.2", Params: 789_760, State: stack.Trains, Rate: 1.1e-5, Heat: []float64{0.21, 0.0123}, Parts: parts, Open: true},
			{Name: "encoder.3", Params: 789_760, State: stack.Trains, Rate: 3e-5, Heat: []float64{0.5, math.NaN()}},
			{Name: "head: classify(2)", Params: 514, State: stack.Trains, Rate: 3e-4, Heat: []float64{1.4, 0.4}},
		},
		Cursor: 3, Anchor: -1, FreezeLine: 2, LineHint: "freeze line (J/K)", Styles: styles(p),
	}
}

func TestStackFillsEverySize(t *testing.T) {
	for _, heats := range [][]string{nil, {"grad", "moved"}} {
		s := mini(widgettest.TrueColour())
		s.Heats = heats
		widgettest.EverySize(t, s.View)
	}
	widgettest.EverySize(t, stack.Stack{}.View)
	odd := stack.Stack{Heats: []string{"x"}, Cursor: 99, Anchor: 50, FreezeLine: 1, Rows: []stack.Row{
		{Params: -5, State: 77, Rate: math.NaN(), Heat: []float64{math.Inf(1), 2, 3}, Open: true},
		{Name: "日本語\x1b[2J", Params: math.MaxInt64, State: stack.Partly, Trainable: math.MaxInt64, Heat: []float64{math.NaN()}},
		{Name: "more than all", Params: 3, State: stack.Partly, Trainable: 900},
	}}
	widgettest.EverySize(t, odd.View)
}

func TestStateIsSeenWithoutColour(t *testing.T) {
	got := strings.Join(strings.Fields(mini(widgettest.Plain()).View(70, 14)), " ")
	for _, want := range []string{"embeddings ■ frozen", "encoder.1 ◊ partly", "encoder.3 ► trains"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}

func TestSignsStayInANarrowStack(t *testing.T) {
	got := mini(widgettest.Plain()).View(22, 12)
	if strings.Count(got, "■") != 2 || strings.Count(got, "►") != 5 || !strings.Contains(got, "encoder.3") {
		t.Errorf("got:\n%s", got)
	}
}

func TestFrozenHeatIsExactlyZero(t *testing.T) {
	s := mini(widgettest.Plain())
	s.Heats = []string{"grad", "moved"}
	row := strings.Fields(strings.Split(s.View(100, 14), "\n")[1])
	if got := row[len(row)-2:]; got[0] != "0" || got[1] != "0" {
		t.Errorf("frozen row shows %q, want 0 and 0", got)
	}
}

func TestLinesSkipClosedParts(t *testing.T) {
	got := mini(widgettest.Plain()).Lines()
	want := []stack.Line{{0, -1}, {1, -1}, {2, -1}, {3, -1}, {3, 0}, {3, 1}, {4, -1}, {5, -1}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCursorStaysInViewAndUnderTheMouse(t *testing.T) {
	s := stack.Stack{FreezeLine: 20, Anchor: -1}
	for i := range 40 {
		s.Rows = append(s.Rows, stack.Row{Name: fmt.Sprintf("layer%d", i), Params: 1})
	}
	for cursor := range 40 {
		s.Cursor = cursor
		lines, found := strings.Split(s.View(60, 9), "\n"), false
		for y, line := range lines {
			if strings.Contains(line, fmt.Sprintf("▸  layer%d ", cursor)) {
				at, ok := s.LineAt(y, 9)
				found = ok && at == cursor
			}
		}
		if !found {
			t.Fatalf("cursor %d is not shown or not under its row:\n%s", cursor, strings.Join(lines, "\n"))
		}
	}
	if _, ok := s.LineAt(0, 9); ok {
		t.Error("the header answers as a line")
	}
}

func TestFreezeLineStandsBetweenItsRows(t *testing.T) {
	for at := -1; at <= 6; at++ {
		s := mini(widgettest.Plain())
		s.FreezeLine, s.NoHeader, s.Rows[3].Open = at, true, false
		lines := strings.Split(s.View(60, 9), "\n")
		for y, line := range lines {
			if got, want := strings.Contains(line, "freeze line"), y == at; got != want {
				t.Errorf("freeze line %d: row %d is %q", at, y, line)
			}
		}
	}
}

func TestStacksLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "freeze", 70, 11, func(p widgettest.Palette) string { return mini(p).View(70, 11) })
	widgettest.Goldens(t, "heat", 100, 11, func(p widgettest.Palette) string {
		s := mini(p)
		s.Heats, s.Anchor, s.Cursor = []string{"grad", "moved"}, 6, 7
		return s.View(100, 11)
	})
	widgettest.Goldens(t, "narrow", 36, 6, func(p widgettest.Palette) string { return mini(p).View(36, 6) })
}

func BenchmarkView(b *testing.B) {
	s := mini(widgettest.TrueColour())
	s.Heats = []string{"grad", "moved"}
	b.ReportAllocs()
	for b.Loop() {
		s.View(120, 34)
	}
}
