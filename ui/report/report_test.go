package report

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"defrost/engine"
	"defrost/themes"
	"defrost/ui/figure"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recorded are runs that were trained once: from scratch, of the top layer, and of everything.
var recorded = []string{"../testdata/runs/pocket-bert-films-01", "../testdata/runs/pocket-bert-films-02", "../testdata/runs/pocket-bert-films-03"}

func light(t testing.TB) themes.Theme {
	t.Helper()
	theme, err := themes.Get("light")
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// compared is the report of the first n recorded runs.
func compared(t testing.TB, n int) Document {
	t.Helper()
	c, err := engine.Compare(recorded[:n], "dev")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Compare(c, Steps)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ran(t testing.TB, dir string) Document {
	t.Helper()
	run, err := engine.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Run(run)
}

// told is the report of a run that did these events.
func told(events ...engine.Event) Document {
	run := &engine.Run{ID: "told", Log: engine.NewLog()}
	for _, e := range events {
		run.Log.Append(e)
	}
	return Run(run)
}

func text(t testing.TB, write func(*strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func page0(t testing.TB, d Document) string {
	t.Helper()
	return text(t, func(b *strings.Builder) error { return d.HTML(b, light(t)) })
}

func TestPageNeedsNothingElse(t *testing.T) {
	got := page0(t, compared(t, 3))
	rest := strings.ReplaceAll(got, `xmlns="http://www.w3.org/2000/svg"`, "")
	for _, word := range []string{"http:", "https:", "<script", "<link", "@import", "url(", " src="} {
		if strings.Contains(rest, word) {
			t.Errorf("the page has %q, want it to ask for nothing", word)
		}
	}
	for _, want := range []string{"<svg", "train loss", "dev accuracy", "McNemar", "accuracy by label", "accuracy by length", " right, ", "macro_f1", "differences"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(got, "<svg"); n != 4 {
		t.Errorf("got %d charts, want 4", n)
	}
}

func TestPageEscapesWhatPeopleWrote(t *testing.T) {
	const evil = `<script>alert("1")</script>`
	d := Document{
		Title: evil, Lead: []string{evil}, Tables: []Table{{evil, [][]string{{evil}, {evil}}}},
		Charts: []figure.Chart{{Title: evil, Lines: []figure.Line{{Name: evil, Points: []figure.Point{{X: 1, Y: 1}}}}}},
	}
	if got := page0(t, d); strings.Contains(got, "<script") {
		t.Errorf("a text became part of the page:\n%s", got)
	}
}

func TestComparisonInMarkdown(t *testing.T) {
	d := compared(t, 2)
	got := text(t, func(b *strings.Builder) error { return d.Markdown(b) })
	path := filepath.Join("testdata", "compare.md")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs, look at it and run with -update if it is right\ngot:\n%s", path, got)
	}
}

func TestMarkdownTablesAreRectangles(t *testing.T) {
	d := Document{Tables: []Table{{"odd", [][]string{{"a", "b|c"}, {"1"}, {"line\nbreak", "x", `back\slash`}}}, {"empty", nil}}}
	got := text(t, func(b *strings.Builder) error { return d.Markdown(b) })
	want := "### odd\n\n| a | b\\|c |  |\n| --- | --- | --- |\n| 1 |  |  |\n| line break | x | back\\\\slash |\n\n"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestReportOfARunSaysWhatItsEventsSay(t *testing.T) {
	d := ran(t, recorded[1])
	got := page0(t, d)
	for _, want := range []string{"pocket-bert-films-02", "pocket-bert on films", "finished after", "learning rate", "gradient norm", "dev accuracy", "max length"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := len(d.Charts[0].Lines[0].Points); n < 10 {
		t.Errorf("got %d losses, want those of all steps", n)
	}
}

func TestReportOfARunSaysHowFarLayersMoved(t *testing.T) {
	layers := func(drift engine.Number) []engine.LayerState {
		return []engine.LayerState{{Name: "encoder.1", Params: 10, Trainable: 10, LR: 3e-5, Drift: drift}, {Name: "embeddings", Params: 90}}
	}
	d := told(engine.Loaded{Layers: layers(0)}, engine.Evaluated{Split: "dev", Layers: layers(0.0125)})
	want := [][]string{{"encoder.1", "", "trains", "10", "10", "3e-5", "0", "0.0125"}, {"embeddings", "", "frozen", "90", "0", "-", "0", "0"}}
	got := d.Tables[len(d.Tables)-1]
	if got.Title != "layers" || !slices.EqualFunc(got.Rows[1:], want, slices.Equal[[]string]) {
		t.Errorf("got %q, want %q", got.Rows[1:], want)
	}
}

func TestRunsThatDidNotEndAreReported(t *testing.T) {
	started := engine.Started{Run: "told", Recipe: engine.Defaults(), Steps: 10}
	tests := []struct {
		name   string
		events []engine.Event
		want   string
	}{
		{"nothing", nil, "not finished"},
		{"started", []engine.Event{started}, "0 of 10 steps"},
		{"failed", []engine.Event{started, engine.Failed{Error: "out of memory\ngoroutine 1"}}, "failed: out of memory"},
		{"resumed", []engine.Event{started, engine.Failed{Error: "x"}, started, engine.Step{Step: 1}}, "not finished"},
		{"stopped", []engine.Event{started, engine.Finished{Stopped: true, Seconds: 12}}, "stopped after 12s"},
		{"diverged", []engine.Event{started, engine.Step{Step: 1, Loss: engine.Number(math.NaN())}}, "no finite value"},
	}
	for _, tt := range tests {
		if got := page0(t, told(tt.events...)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: the page lacks %q", tt.name, tt.want)
		}
	}
}

func TestStepsTakenBackAreNotDrawn(t *testing.T) {
	d := told(engine.Step{Step: 1, Loss: 1}, engine.Step{Step: 2, Loss: 2}, engine.Evaluated{Step: 2, Split: "dev", Loss: 7, Metrics: map[string]engine.Number{"accuracy": 0.5}},
		engine.Step{Step: 2, Loss: 3})
	if got, want := d.Charts[0].Lines[0].Points, []figure.Point{{X: 1, Y: 1}, {X: 2, Y: 3}}; !slices.Equal(got, want) {
		t.Errorf("got losses %v, want %v", got, want)
	}
	if got := d.Charts[0].Lines[1].Points; len(got) != 0 {
		t.Errorf("got dev losses %v, want those taken back gone", got)
	}
}

func TestCurvesAreDrawnOverTheAxisAskedFor(t *testing.T) {
	events := []engine.Event{engine.Step{Step: 1, Seconds: 0.5, Tokens: 30}, engine.Step{Step: 2, Seconds: 1.5, Tokens: 40}}
	for axis, want := range map[string]float64{Steps: 2, Time: 1.5, Tokens: 70} {
		if got := curvesOf(events, axis).loss[1].X; got != want {
			t.Errorf("%s: got %v, want %v", axis, got, want)
		}
	}
}

func TestJSONHoldsEveryPoint(t *testing.T) {
	d := told(engine.Step{Step: 1, Loss: 0.25}, engine.Step{Step: 2, Loss: engine.Number(math.Inf(1))})
	d.Data = map[string]int{"answer": 42}
	var got struct {
		Title  string
		Data   map[string]int
		Charts []struct {
			Title string
			Lines []struct{ X, Y []engine.Number }
		}
		Tables []struct{ Header []string }
	}
	if err := json.Unmarshal([]byte(text(t, func(b *strings.Builder) error { return d.JSON(b) })), &got); err != nil {
		t.Fatal(err)
	}
	y := got.Charts[0].Lines[0].Y
	if got.Title != "told" || got.Data["answer"] != 42 || len(y) != 2 || y[0] != 0.25 || !math.IsInf(float64(y[1]), 1) {
		t.Errorf("got %+v", got)
	}
}

func TestCurvesInCSVAreWhatWasMeasured(t *testing.T) {
	d := told(engine.Step{Step: 1, Loss: 1}, engine.Step{Step: 2, Loss: 0.125})
	rows, err := csv.NewReader(strings.NewReader(text(t, func(b *strings.Builder) error { return d.CurvesCSV(b) }))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"loss", "train", "step", "2", "0.125", "", ""}
	if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, want) }) {
		t.Errorf("got %q, want a row %q", rows, want)
	}
}

func TestFilesAreNumberedAndNeverOverwritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "exports")
	d := compared(t, 2)
	for n := range 3 {
		paths, err := d.Save(dir, "A vs. B", SVG, light(t))
		want := filepath.Join(dir, "a-vs-b-"+string(rune('1'+n))+".svg")
		if err != nil || !slices.Equal(paths, []string{want}) {
			t.Fatalf("got %v (%v), want %s", paths, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "a-vs-b-1-pairs.csv"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	paths, err := d.Save(dir, "A vs. B", CSV, light(t))
	if err != nil || len(paths) < 4 {
		t.Fatalf("got %v (%v), want curves and tables", paths, err)
	}
	for _, p := range paths {
		if !strings.HasPrefix(filepath.Base(p), "a-vs-b-2-") {
			t.Errorf("%s has another number than the first that is free", p)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "a-vs-b-1-curves.csv")); len(left) > 0 {
		t.Errorf("%v was left behind", left)
	}
	if mine, err := os.ReadFile(filepath.Join(dir, "a-vs-b-1-pairs.csv")); err != nil || string(mine) != "mine" {
		t.Errorf("got %q (%v), want the file that lay there", mine, err)
	}
}

func TestEveryFormatHoldsSomething(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []Format{SVG, PNG, CSV, JSON, Markdown, HTML} {
		for _, d := range []Document{compared(t, 2), ran(t, recorded[0])} {
			paths, err := d.Save(dir, "x", f, light(t))
			if err != nil || len(paths) == 0 {
				t.Fatalf("%s: %v (%v)", f, paths, err)
			}
			for _, p := range paths {
				if info, err := os.Stat(p); err != nil || info.Size() < 20 {
					t.Errorf("%s: %v, want a file with something in it", p, err)
				}
			}
		}
	}
}

func TestSavesAtOnceTakeDifferentNames(t *testing.T) {
	dir, d := t.TempDir(), told(engine.Step{Step: 1})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := d.Save(dir, "run", Markdown, themes.Default(false)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if found, _ := filepath.Glob(filepath.Join(dir, "run-*.md")); len(found) != 8 {
		t.Errorf("got %v, want 8 files", found)
	}
}

func TestPictureWithoutChartsIsRefused(t *testing.T) {
	d := Document{Title: "words", Tables: []Table{{"t", [][]string{{"a"}, {"b"}}}}}
	dir := t.TempDir()
	for _, f := range []Format{SVG, PNG} {
		if _, err := d.Save(dir, "x", f, light(t)); err == nil || !strings.Contains(err.Error(), "no charts") {
			t.Errorf("%s: got %v, want an error about charts", f, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v was left behind", left)
	}
}

func TestFolderThatCannotBeMadeIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Document{Title: "x"}.Save(file, "x", JSON, light(t))
	if err == nil || errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want an error about the folder", err)
	}
}

func TestSweepIsDrawnAlongItsSetting(t *testing.T) {
	point := func(v string, y engine.Number, seconds float64) engine.Point {
		return engine.Point{Value: v, Runs: []int{0}, Figure: engine.Measure{Name: "accuracy", Value: y, Low: y - 0.1, High: y + 0.1}, Seconds: seconds}
	}
	s := engine.Sweep{Split: "test", Setting: "limit", Values: []string{"50", "100", "1000"}, Lines: []engine.Line{
		{Name: "pocket-bert", Points: []engine.Point{point("50", 0.6, 1), point("100", 0.7, 2), point("1000", 0.86, 9)}},
		{Name: "pocket-elmo", Points: []engine.Point{point("1000", 0.8, 30), point("50", 0.5, 3)}},
	}}
	d := Sweep(s, "more is better")
	c := d.Charts[0]
	if !c.LogX || len(c.XTicks) != 3 || c.Lines[0].Points[2] != (figure.Point{X: 1000, Y: 0.86, Low: 0.86 - 0.1, High: 0.86 + 0.1}) || c.Lines[0].Spread != figure.Bars {
		t.Errorf("got %+v", c)
	}
	if rows := d.Tables[0].Rows; len(rows) != 6 || rows[4][1] != "50" {
		t.Errorf("got rows %q, want five points in the order of the values", rows)
	}
	s.Values[2], s.Lines[0].Points[2].Value, s.Lines[1].Points[0].Value = "all", "all", "all"
	if c := Sweep(s, "").Charts[0]; c.LogX || c.Lines[0].Points[2].X != 2 || c.XTicks[2].Text != "all" {
		t.Errorf("values that are no numbers are drawn as %+v", c)
	}
	page0(t, d)
}

func TestNamesOfFilesAreHarmless(t *testing.T) {
	tests := [][2]string{
		{"Accuracy by label: A - B", "accuracy-by-label-a-b"}, {"../../etc/passwd", "etc-passwd"}, {"", "table"}, {"été", "t"}, {"...", "table"},
		{strings.Repeat("long ", 40), strings.TrimSuffix(strings.Repeat("long-", 12), "-")},
	}
	for _, tt := range tests {
		if got := fileName(tt[0]); got != tt[1] {
			t.Errorf("%q: got %q, want %q", tt[0], got, tt[1])
		}
	}
}
