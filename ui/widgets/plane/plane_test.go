package plane_test

import (
	"math"
	"strings"
	"testing"

	"defrost/ui/widgets/plane"
	"defrost/ui/widgets/widgettest"
)

func few() plane.Plane {
	return plane.Plane{Points: []plane.Point{
		{0, 0, "ship"}, {-4, 3, "boat"}, {5, -2, "sailor"}, {4.9, -2, "captain"}, {5, 3, "sea"}, {0, 3, "Öl"}, {-4, -2, ""},
	}}
}

func TestPlaneFillsEverySize(t *testing.T) {
	hostile := plane.Plane{Points: []plane.Point{
		{math.NaN(), 0, "a"}, {math.Inf(1), 1, "b"}, {math.MaxFloat64, -math.MaxFloat64, "far"}, {-math.MaxFloat64, 0, "雪 wide"}, {0, 0, strings.Repeat("long", 80)},
	}}
	for _, p := range []plane.Plane{few(), hostile, {}, {Points: []plane.Point{{1, 1, "alone"}}}} {
		widgettest.EverySize(t, p.View)
	}
}

func TestPointsLieWhereTheyAre(t *testing.T) {
	lines := strings.Split(few().View(41, 11), "\n")
	for y, want := range map[int]string{0: "○ boat", 6: "● ship", 10: "○"} {
		if !strings.Contains(lines[y], want) {
			t.Errorf("line %d: got %q, want %q in it", y, lines[y], want)
		}
	}
	if i := strings.Index(lines[0], "sea ○"); i < 0 || strings.TrimRight(lines[0], " ") != lines[0] {
		t.Errorf("got %q, want sea left of the point at the right edge", lines[0])
	}
	drawing := strings.Join(lines, "\n")
	if strings.Contains(drawing, "sailor") == strings.Contains(drawing, "captain") {
		t.Errorf("got both or none of two names for one place:\n%s", drawing)
	}
}

func TestTheFirstNameIsAlwaysWritten(t *testing.T) {
	crowd := plane.Plane{Points: []plane.Point{{0, 0, "asked"}, {0.1, 0, "other"}, {0.2, 0, ""}, {0.3, 0, ""}, {-3, 0, "far"}, {3, 0, "away"}}}
	if got := crowd.View(40, 1); !strings.Contains(got, "● asked") || strings.Contains(got, "other") {
		t.Errorf("got %q, want the first name, over what lies there", got)
	}
}

func TestPlaneLooksAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "plane", 40, 9, func(p widgettest.Palette) string {
		d := few()
		d.Styles = plane.Styles{Point: p.Style("#7fd0ff"), Name: p.Style("#cccccc"), First: p.Style("#ffb454").Bold(true)}
		return d.View(40, 9)
	})
}
