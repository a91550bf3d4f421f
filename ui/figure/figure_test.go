package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"defrost/themes"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var nan, inf = math.NaN(), math.Inf(1)

func theme(t testing.TB, name string) themes.Theme {
	t.Helper()
	got, err := themes.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func svg(t testing.TB, s Sheet) string {
	t.Helper()
	var b strings.Builder
	if err := s.SVG(&b, theme(t, "light")); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func picture(t testing.TB, s Sheet, name string) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := s.PNG(&b, theme(t, name)); err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// values are points at x = 1, 2, 3 ...
func values(list ...float64) []Point {
	var points []Point
	for i, y := range list {
		points = append(points, Point{X: float64(i + 1), Y: y})
	}
	return points
}

func one(l Line) Sheet { return Sheet{Charts: []Chart{{Title: "loss", X: "step", Lines: []Line{l}}}} }

// full has everything a sheet can have.
func full() Sheet {
	raw := values(0.9, 0.7, 0.8, nan, 0.4, 0.5, 0.3, inf, 0.2)
	return Sheet{Title: "A & B <on films>", Note: "no reliable difference on 176 examples", Columns: 2, Charts: []Chart{
		{
			Title: "train loss", X: "step", Y: "loss", Marks: []Mark{{2, "L"}, {2.1, "F"}, {nan, "X"}},
			Lines: []Line{{Name: "A", Points: raw, Smooth: 0.5}, {Name: "B", Points: values(1, 0.9, 0.8), Style: 1}},
		},
		{
			Title: "by labels", X: "labels", Y: "accuracy", LogX: true, XTicks: []Tick{{50, "50"}, {500, "500"}},
			Lines: []Line{
				{Name: "A", Dots: true, Spread: Bars, Points: []Point{{50, 0.6, 0.5, 0.7}, {500, 0.8, 0.75, 0.84}}},
				{Name: "B", Style: 1, Loose: true, Spread: Bars, Points: []Point{{50, 0.55, 0.5, 0.6}, {500, 0.7, nan, nan}}},
			},
		},
		{Title: "seeds", LogY: true, Lines: []Line{{Name: "mean", Style: 2, Spread: Band, Points: []Point{{1, 1, 0.5, 2}, {2, 0.1, 0.05, 0.2}, {3, 0.01, 0, 0.1}}}}},
		{Title: "nothing yet", Empty: "evaluated after each epoch"},
	}}
}

func TestSheetIsTheSameEveryTime(t *testing.T) {
	path := filepath.Join("testdata", "sheet.svg")
	got := svg(t, full())
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs: look at it, and run the test with -update if it is right\n%s", path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "line " + strconv.Itoa(i+1) + "\ngot  " + a[i] + "\nwant " + b[i]
		}
	}
	return "one is longer"
}

func TestPictureIsTheSameEveryTime(t *testing.T) {
	var first, second bytes.Buffer
	if err := errors.Join(full().PNG(&first, theme(t, "dark")), full().PNG(&second, theme(t, "dark"))); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two pictures of one sheet differ")
	}
}

// wellFormed fails unless text is XML that holds no NaN, and returns its text elements.
func wellFormed(t testing.TB, text string) (words []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	inText := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatalf("the drawing is no XML: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "text"
			for _, a := range e.Attr {
				if a.Name.Local != "font-family" && (strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf")) {
					t.Fatalf("%s has %s=%q", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				words = append(words, string(e))
			}
		}
	}
}

func TestNothingBreaksASheet(t *testing.T) {
	long := make([]float64, 20_000)
	for i := range long {
		long[i] = math.Sin(float64(i))
	}
	tests := []struct {
		name  string
		sheet Sheet
		want  string // a text that must be there
	}{
		{"no chart", Sheet{}, ""},
		{"no line", Sheet{Charts: []Chart{{}}}, "no data"},
		{"no point", one(Line{Name: "a"}), "no data"},
		{"one point", one(Line{Name: "a", Points: values(0.5)}), "0.50"},
		{"constant", one(Line{Name: "a", Points: values(7, 7, 7)}), "7.0"},
		{"zeros", one(Line{Name: "a", Points: values(0, 0)}), "0.5"},
		{"all NaN", one(Line{Name: "a", Points: values(nan, nan)}), "no finite value"},
		{"all infinite", one(Line{Name: "a", Points: values(inf, -inf)}), "no finite value"},
		{"NaN in x", one(Line{Name: "a", Points: []Point{{X: nan, Y: 1}}}), "no finite value"},
		{"NaN at the end", one(Line{Name: "a", Points: values(1, 2, nan)}), "3"},
		{"largest", one(Line{Name: "a", Points: values(math.MaxFloat64, -math.MaxFloat64)}), "0"},
		{"smallest", one(Line{Name: "a", Points: values(5e-324, 0)}), ""},
		{"close together", one(Line{Name: "a", Points: values(1, math.Nextafter(1, 2))}), ""},
		{"long", one(Line{Name: "a", Points: values(long...)}), "20k"},
		{"logarithm of nothing positive", Sheet{Charts: []Chart{{LogY: true, Lines: []Line{{Points: values(0, -1)}}}}}, "no finite value"},
		{"logarithm of one value", Sheet{Charts: []Chart{{LogY: true, Lines: []Line{{Points: values(10, 10)}}}}}, "10"},
		{"logarithm of everything", Sheet{Charts: []Chart{{LogY: true, Lines: []Line{{Points: values(5e-324, math.MaxFloat64)}}}}}, ""},
		{"band without ends", one(Line{Spread: Band, Points: []Point{{1, 1, nan, nan}, {2, 2, inf, 0}}}), ""},
		{"negative style", one(Line{Name: "a", Style: -7, Dots: true, Points: values(1, 2)}), "a"},
		{"control characters", one(Line{Name: "a\x00\x1b[31m]]>", Points: values(1, 2)}), ""},
		{"a name without end", one(Line{Name: strings.Repeat("name ", 500), Points: values(1)}), "..."},
		{"many lines", Sheet{Charts: []Chart{{Lines: slices.Repeat([]Line{{Name: "one of many", Points: values(1, 2)}}, 40)}}}, "one of many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			words := wellFormed(t, svg(t, tt.sheet))
			if tt.want != "" && !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, tt.want) }) {
				t.Errorf("got texts %q, want one with %q", words, tt.want)
			}
			tt.sheet.picture(theme(t, "dark"))
		})
	}
}

func FuzzSheetIsAlwaysXML(f *testing.F) {
	f.Add("loss", 1.0, 2.0, 3.0, false)
	f.Add("<&>", nan, inf, -1e308, true)
	f.Fuzz(func(t *testing.T, name string, a, b, c float64, log bool) {
		points := []Point{{a, b, c, a}, {b, c, a, b}, {c, a, b, c}}
		wellFormed(t, svg(t, Sheet{Title: name, Charts: []Chart{{X: name, LogX: log, LogY: log, Lines: []Line{
			{Name: name, Points: points, Spread: Band}, {Points: points, Spread: Bars, Dots: true},
		}}}}))
	})
}

func TestLongLinesKeepTheirExtremes(t *testing.T) {
	list := make([]float64, 100_000)
	list[54_321], list[77_777] = 5, -5
	got := svg(t, one(Line{Points: values(list...)}))
	if n := len(got); n > 60_000 {
		t.Errorf("got %d bytes, want a few per pixel", n)
	}
	in := svg(t, one(Line{Points: []Point{{X: 1, Y: -5}, {X: 54_322, Y: 5}, {X: 100_000, Y: -5}}}))
	for _, v := range []string{extreme(in, slices.Min[[]float64]), extreme(in, slices.Max[[]float64])} {
		if !strings.Contains(got, " "+v) {
			t.Errorf("no point at height %s: a spike is lost", v)
		}
	}
}

// extreme is the y of the curve, which is the last path, that of chooses.
func extreme(text string, of func([]float64) float64) string {
	_, d, _ := strings.Cut(text[strings.LastIndex(text, "<path"):], `d="M`)
	d, _, _ = strings.Cut(d, `"`)
	var list []float64
	for _, p := range strings.Split(d, "L") {
		_, y, _ := strings.Cut(p, " ")
		v, _ := strconv.ParseFloat(y, 64)
		list = append(list, v)
	}
	return px(of(list))
}

func TestErrorBarsAtOnePlaceStandSideBySide(t *testing.T) {
	bars := func(second float64) (xs []string) {
		of := func(x float64, style int) Line {
			return Line{Style: style, Loose: true, Spread: Bars, Points: []Point{{x, 0.5, 0.4, 0.6}}}
		}
		text := svg(t, Sheet{Charts: []Chart{{Room: 0.5, XTicks: []Tick{{0, "A"}, {1, "B"}}, Lines: []Line{of(0, 0), of(second, 1)}}}})
		for _, l := range strings.Split(text, "\n") {
			if strings.Contains(l, `stroke-width="1.5"`) {
				_, x, _ := strings.Cut(l, `d="M`)
				x, _, _ = strings.Cut(x, " ")
				xs = append(xs, x)
			}
		}
		return []string{xs[0], xs[3]} // a bar, then its two caps
	}
	apart, together := bars(1), bars(0)
	a, _ := strconv.ParseFloat(apart[0], 64)
	b, _ := strconv.ParseFloat(apart[1], 64)
	x, _ := strconv.ParseFloat(together[0], 64)
	y, _ := strconv.ParseFloat(together[1], 64)
	if y-x != barGap || b-a < 200 {
		t.Errorf("bars stand at %v and %v, at one place at %v and %v, want those %d apart", a, b, x, y, barGap)
	}
}

func TestGapsAreNotBridged(t *testing.T) {
	solid := strings.Count(svg(t, one(Line{Points: values(1, 2, 3, 4, 5)})), "<path")
	broken := strings.Count(svg(t, one(Line{Points: values(1, 2, nan, 4, 5)})), "<path")
	if broken != solid+3 { // one more piece of the line, and a cross of two strokes
		t.Errorf("got %d paths, want %d", broken, solid+3)
	}
}

func TestLinesAreToldApartWithoutColour(t *testing.T) {
	var list []Line
	for i := range 6 {
		list = append(list, Line{Name: strconv.Itoa(i), Style: i, Points: values(1, 2)})
	}
	var b strings.Builder
	if err := (Sheet{Charts: []Chart{{Lines: list}}}).SVG(&b, theme(t, "mono")); err != nil {
		t.Fatal(err)
	}
	patterns := map[string]bool{}
	for _, l := range strings.Split(b.String(), "\n") {
		if _, p, ok := strings.Cut(l, "stroke-dasharray="); ok {
			patterns[p] = true
		}
	}
	if len(patterns) != 5 {
		t.Errorf("got %d dash patterns, want 5 beside the solid line", len(patterns))
	}
	if strings.Contains(b.String(), "#9a5b00") {
		t.Error("the mono theme draws in colour")
	}
}

func TestPictureShowsTheLineInItsColour(t *testing.T) {
	for _, name := range []string{"dark", "light"} {
		k := inksOf(theme(t, name))
		got := picture(t, one(Line{Style: 2, Points: values(0, 1)}), name)
		b := got.Bounds()
		if c := color.RGBAModel.Convert(got.At(0, 0)); c != k.paper {
			t.Errorf("%s: the corner is %v, want the paper's %v", name, c, k.paper)
		}
		found := 0
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				if color.RGBAModel.Convert(got.At(x, y)) == k.of(2) {
					found++
				}
			}
		}
		if found < 500 {
			t.Errorf("%s: %d pixels have the line's colour, want a line", name, found)
		}
	}
}

func TestDashesCutALineByLength(t *testing.T) {
	parts := dashed([]spot{{0, 0}, {10, 0}, {10, 10}}, []float64{4, 3})
	want := [][]spot{{{0, 0}, {4, 0}}, {{7, 0}, {10, 0}, {10, 1}}, {{10, 4}, {10, 8}}}
	if !slices.EqualFunc(parts, want, slices.Equal[[]spot]) {
		t.Errorf("got %v, want %v", parts, want)
	}
}

func TestTicksAreRound(t *testing.T) {
	tests := []struct {
		from, to float64
		log      bool
		n        int
		want     string
	}{
		{0, 1, false, 5, "0 0.2 0.4 0.6 0.8 1.0"},
		{0.81, 0.86, false, 5, "0.81 0.82 0.83 0.84 0.85 0.86"},
		{-10, 10, false, 4, "-10 -5 0 5 10"},
		{0, 25000, false, 5, "0 5k 10k 15k 20k 25k"},
		{0, 4e6, false, 4, "0 1M 2M 3M 4M"},
		{1e-6, 1e-2, true, 5, "1e-6 1e-5 1e-4 0.001 0.01"},
		{1, 100, true, 8, "1 2 5 10 20 50 100"},
		{3e-5, 5e-5, false, 4, "3e-5 3.5e-5 4e-5 4.5e-5 5e-5"},
	}
	for _, tt := range tests {
		x := axis{from: tt.from, to: tt.to, log: tt.log}
		var got []string
		for _, tick := range x.ticks(tt.n) {
			got = append(got, tick.Text)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%v to %v: got %q, want %q", tt.from, tt.to, strings.Join(got, " "), tt.want)
		}
	}
}

// TestSmoothingIsDebiased works the average of 1, 2, 4 at weight 0.5 out by hand: 1, then
// (0.25*1 + 0.5*2)/0.75, then (0.125*1 + 0.25*2 + 0.5*4)/0.875.
func TestSmoothingIsDebiased(t *testing.T) {
	got := smoothed(values(1, nan, 2, 4), 0.5)
	for i, want := range []float64{1, nan, 1.25 / 0.75, 2.625 / 0.875} {
		if math.IsNaN(want) != math.IsNaN(got[i].Y) || math.Abs(got[i].Y-want) > 1e-15 {
			t.Errorf("value %d is %v, want %v", i, got[i].Y, want)
		}
	}
	if raw := smoothed(values(3, 1, 2), 0); !slices.Equal(raw, values(3, 1, 2)) {
		t.Errorf("weight 0 changes values to %v", raw)
	}
}

func TestTextStaysOnTheSheet(t *testing.T) {
	s := full()
	s.Title, s.Note = strings.Repeat("long title ", 60), strings.Repeat("a note of many words ", 60)
	size := s.size()
	p := &painter{&checker{t: t, size: size, letters: letters{}}, inksOf(theme(t, "light")), letters{}}
	s.draw(p)
}

// A checker is a surface that complains about whatever leaves the sheet.
type checker struct {
	t       *testing.T
	size    spot
	letters letters
}

func (c *checker) path(points []spot, _ stroke) { c.inside(points) }

func (c *checker) area(points []spot, _ color.RGBA, _ float64) { c.inside(points) }

func (c *checker) inside(points []spot) {
	for _, p := range points {
		if !(p.x >= 0 && p.y >= 0 && p.x <= c.size.x && p.y <= c.size.y) {
			c.t.Errorf("a stroke reaches %v on a sheet of %v", p, c.size)
		}
	}
}

func (c *checker) text(at spot, text string, l lettering) {
	w := c.letters.width(text, l.size, l.bold)
	at.x -= w * float64(l.anchor) / 2
	c.inside([]spot{{at.x, at.y - l.size}, {at.x + w, at.y}})
}
