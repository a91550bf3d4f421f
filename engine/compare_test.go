package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// judged writes a run folder by hand with dev predictions of labels that are wrong where wrong says
// so. Gold labels alternate.
func judged(t *testing.T, edit func(*Recipe), n int, wrong func(i int) bool) string {
	t.Helper()
	labels := []string{"no", "yes"}
	var lines []PredictionLine
	for i := range n {
		said := i % 2
		if wrong(i) {
			said = 1 - said
		}
		lines = append(lines, PredictionLine{
			ID: fmt.Sprint("e", i), Text: fmt.Sprint("text ", i), Gold: labels[i%2], Predicted: labels[said],
			Probabilities: map[string]Number{labels[said]: 0.8, labels[1-said]: 0.2},
		})
	}
	return saved(t, edit, "accuracy", lines)
}

// saved writes a run folder by hand: 10 steps, judged by a metric, and predictions on dev.
func saved(t *testing.T, edit func(*Recipe), primary string, lines []PredictionLine) string {
	t.Helper()
	r := Defaults()
	edit(&r)
	f, err := createFolder(filepath.Join(t.TempDir(), "run"), r)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	events := []Event{Started{Primary: primary}, Loaded{Trainable: 10, Total: 20, Memory: Memory{Weights: 80}}}
	for s := range 10 {
		events = append(events, Step{Step: s + 1, Tokens: 100, Seconds: float64(s+1) / 2})
	}
	for _, e := range append(events, Finished{Seconds: 5}) {
		if err := f.append(e); err != nil {
			t.Fatal(err)
		}
	}
	savePredictions(t, f.dir, predictionsFile, lines)
	return f.dir
}

func savePredictions(t *testing.T, dir, name string, lines []PredictionLine) {
	t.Helper()
	var text strings.Builder
	for _, l := range lines {
		data, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(data, '\n'))
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func compared(t *testing.T, dirs ...string) Comparison {
	t.Helper()
	c, err := Compare(dirs, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func asIs(*Recipe)               {}
func scratch(r *Recipe)          { r.Scratch = true }
func seed(r *Recipe)             { r.Seed++ }
func below(k int) func(int) bool { return func(i int) bool { return i < k } }

func near(got, want Number, within float64) bool { return math.Abs(float64(got-want)) <= within }

// TestClearDifferenceIsFound has figures worked out by hand: of 100 examples 2 are wrong in both, 4
// in the first alone and 18 in the second alone; mid-p is 2 P(X<=4) - P(X=4) of a fair coin's 22.
func TestClearDifferenceIsFound(t *testing.T) {
	a := judged(t, asIs, 100, below(6))
	b := judged(t, scratch, 100, func(i int) bool { return i < 2 || i >= 82 })
	c := compared(t, a, b)
	p := c.Pairs[0]
	if p.Both != 76 || p.OnlyA != 18 || p.OnlyB != 4 || p.Neither != 2 {
		t.Errorf("got %d both, %d and %d alone, %d neither, want 76, 18, 4, 2", p.Both, p.OnlyA, p.OnlyB, p.Neither)
	}
	coin := math.Exp2(-22)
	tail := (1 + 22 + 231 + 1540 + 7315) * coin
	if want := Number(2*tail - 7315*coin); !near(p.MidP, want, 1e-9) || !near(p.Exact, Number(2*tail), 1e-9) || p.P != p.Exact || p.Holm != p.P || p.Test != McNemar {
		t.Errorf("got mid-p %v, exact %v, Holm %v, want %v, %v and exact again", p.MidP, p.Exact, p.Holm, want, 2*tail)
	}
	acc, _ := c.Runs[0].Measure("accuracy")
	if !near(acc.Value, 0.94, 1e-9) || !near(acc.Low, 0.8752, 1e-4) || !near(acc.High, 0.9722, 1e-4) {
		t.Errorf("got accuracy %v, want 0.94 with Wilson's 0.8752 to 0.9722", acc)
	}
	if g, ok := p.Gap("accuracy"); !ok || !near(g.Value, 0.14, 1e-9) || g.Low <= 0 || g.High < 0.2 || g.P > 0.01 {
		t.Errorf("got a gap of %+v, want 0.14 with an interval above 0", g)
	}
	want := "pocket-bert 0.94 [0.88, 0.97] vs scratch 0.80 [0.71, 0.87], McNemar p = 0.004: pocket-bert is better on 100 examples"
	if c.Verdict != want {
		t.Errorf("got verdict %q, want %q", c.Verdict, want)
	}
}

func TestDisagreementsAreListedWithWhatWasSaid(t *testing.T) {
	c := compared(t, judged(t, asIs, 10, below(1)), judged(t, scratch, 10, below(3)))
	p := c.Pairs[0]
	if len(p.RightA) != 2 || len(p.RightB) != 0 {
		t.Fatalf("got %d and %d, want 2 and 0", len(p.RightA), len(p.RightB))
	}
	if got, want := p.RightA[0], (Disagreed{"e1", "text 1", "yes", Said{"yes", 0.8}, Said{"no", 0.8}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !strings.Contains(c.Verdict, "no reliable difference on 10 examples") {
		t.Errorf("got verdict %q, want no reliable difference", c.Verdict)
	}
}

func TestRunsCarryWhatTheyCost(t *testing.T) {
	got := compared(t, judged(t, asIs, 4, below(1)), judged(t, seed, 4, below(0))).Runs[0]
	if got.Tokens != 1000 || got.Seconds != 5 || got.Rate() != 200 || got.Trainable != 10 || got.Total != 20 || got.Memory != 80 || got.Steps != 10 || !got.Finished {
		t.Errorf("got %+v, want 1000 tokens in 5 s, 10 of 20 parameters, 80 bytes", got)
	}
	loss, ok := got.Measure("loss")
	if want := Number(-(3*math.Log(0.8) + math.Log(0.2)) / 4); !ok || !near(loss.Value, want, 1e-9) || loss.Low > loss.Value || loss.High < loss.Value {
		t.Errorf("got loss %v, want %v inside its interval", loss, want)
	}
}

func TestOnlySettingsThatDifferAreListed(t *testing.T) {
	c := compared(t, judged(t, asIs, 4, below(1)), judged(t, func(r *Recipe) { r.Scratch, r.LR, r.Task = true, 1e-3, "classify" }, 4, below(1)))
	var got []string
	for _, s := range c.Settings {
		got = append(got, s.Name+" "+s.Text(0)+" "+s.Text(1))
	}
	if want := "task - classify, scratch no yes, lr 0.0002 0.001"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, ", "), want)
	}
}

func TestNamesSayWhatIsParticular(t *testing.T) {
	lr := func(v float64) func(*Recipe) { return func(r *Recipe) { r.LR = v } }
	other := func(r *Recipe) { r.Backbone = "models/elmo-small" }
	tests := []struct {
		edits []func(*Recipe)
		want  string
	}{
		{[]func(*Recipe){asIs, scratch}, "pocket-bert, scratch"},
		{[]func(*Recipe){func(r *Recipe) { r.Scratch, r.Train = true, "last:1" }, asIs}, "scratch, pocket-bert"},
		{[]func(*Recipe){asIs, other}, "pocket-bert, elmo-small"},
		{[]func(*Recipe){asIs, seed}, "seed 7, seed 8"},
		{[]func(*Recipe){lr(2e-4), lr(1e-3), lr(1e-2)}, "lr 0.0002, lr 0.001, lr 0.01"},
		{[]func(*Recipe){asIs, scratch, lr(1e-3)}, "pocket-bert, scratch, lr 0.001"},
		{[]func(*Recipe){asIs, scratch, other}, "pocket-bert, pocket-bert scratch, elmo-small"},
		{[]func(*Recipe){asIs, asIs}, "run, run"},
	}
	for _, tt := range tests {
		var runs []Compared
		for _, edit := range tt.edits {
			run := Compared{ID: "run", Recipe: Defaults()}
			edit(&run.Recipe)
			runs = append(runs, run)
		}
		if got := strings.Join(names(runs, settings(runs)), ", "); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestDifferentExamplesAreNotTested(t *testing.T) {
	a := judged(t, asIs, 10, below(1))
	other := func(edit func(i int, p *PredictionLine)) string {
		dir := judged(t, scratch, 10, below(2))
		lines, err := readPredictions(filepath.Join(dir, predictionsFile))
		if err != nil {
			t.Fatal(err)
		}
		for i := range lines {
			edit(i, &lines[i])
		}
		savePredictions(t, dir, predictionsFile, lines)
		return dir
	}
	none := judged(t, scratch, 0, below(0))
	tests := []struct{ name, dir, want string }{
		{"fewer", judged(t, scratch, 8, below(2)), `pocket-bert was judged on 10, scratch on 8`},
		{"more", judged(t, scratch, 12, below(2)), `pocket-bert was judged on 10, scratch on 12`},
		{"other text", other(func(i int, p *PredictionLine) { p.Text += "!" }), `"e0" is another text`},
		{"other label", other(func(i int, p *PredictionLine) { p.Gold = "maybe" }), `"e0" is "no" for pocket-bert and "maybe"`},
		{"nothing", none, "scratch has no predictions on dev"},
	}
	for _, tt := range tests {
		c := compared(t, a, tt.dir)
		if p := c.Pairs[0]; !strings.Contains(p.Why, tt.want) || c.Tested() || p.Reliable() || !strings.Contains(c.Verdict, "not comparable") {
			t.Errorf("%s: got %q and verdict %q, want %q", tt.name, p.Why, c.Verdict, tt.want)
		}
	}
}

func TestExamplesAreJoinedByTheirIDs(t *testing.T) {
	a, b := judged(t, asIs, 10, below(3)), judged(t, scratch, 10, below(3))
	lines, err := readPredictions(filepath.Join(b, predictionsFile))
	if err != nil {
		t.Fatal(err)
	}
	lines[0], lines[9] = lines[9], lines[0]
	savePredictions(t, b, predictionsFile, lines)
	if p := compared(t, a, b).Pairs[0]; p.Both != 7 || p.Neither != 3 {
		t.Errorf("got %+v, want 7 right and 3 wrong in both", p)
	}
}

func TestSeveralTestsAreCorrected(t *testing.T) {
	c := compared(t, judged(t, asIs, 100, below(2)), judged(t, scratch, 100, below(9)), judged(t, func(r *Recipe) { r.Pool = "cls" }, 100, below(30)))
	if len(c.Pairs) != 3 {
		t.Fatalf("got %d pairs, want 3", len(c.Pairs))
	}
	if p := c.Pairs[0]; !near(p.Holm, p.Exact, 1e-12) || p.A != 0 || p.B != 1 {
		t.Errorf("the largest p-value %v is corrected to %v, want it as it is", p.P, p.Holm)
	}
	if p := c.Pairs[1]; !near(p.Holm, 3*p.Exact, 1e-12) {
		t.Errorf("the smallest p-value %v is corrected to %v, want three times that", p.P, p.Holm)
	}
	want := "pocket-bert is best, 0.98 [0.93, 0.99] on 100 examples; reliably better than scratch, pool cls (McNemar, Holm)"
	if c.Verdict != want {
		t.Errorf("got verdict %q, want %q", c.Verdict, want)
	}
}

// TestReliableIsWhatSurvivesTheCorrection holds a p-value that is small by itself and not among others.
func TestReliableIsWhatSurvivesTheCorrection(t *testing.T) {
	for _, c := range []struct {
		p    Pair
		want bool
	}{{Pair{P: 0.03, Holm: 0.03}, true}, {Pair{P: 0.03, Holm: 0.06}, false}, {Pair{P: 0.03, Holm: 0.03, Why: "other examples"}, false}} {
		if got := c.p.Reliable(); got != c.want {
			t.Errorf("p %v, corrected %v, %q: got reliable %v, want %v", c.p.P, c.p.Holm, c.p.Why, got, c.want)
		}
	}
}

func TestSeedsAreOneGroup(t *testing.T) {
	more := func(k int) func(*Recipe) { return func(r *Recipe) { r.Seed += int64(k) } }
	c := compared(t, judged(t, asIs, 100, below(10)), judged(t, more(1), 100, below(12)), judged(t, more(2), 100, below(14)))
	if len(c.Seeds) != 1 {
		t.Fatalf("got %+v, want one group", c.Seeds)
	}
	// Student's t with 2 degrees of freedom is 4.3027 at 95%, times 0.02 over the root of 3.
	g := c.Seeds[0]
	if !near(g.Mean.Value, 0.88, 1e-9) || !near(g.Std, 0.02, 1e-9) || !near(g.Mean.Low, 0.88-0.0497, 1e-4) {
		t.Errorf("got %+v, want 0.88 with 0.8303 and deviation 0.02", g)
	}
	if want := "3 seeds of one recipe on dev: accuracy 0.88 [0.83, 0.93], standard deviation 0.020"; c.Verdict != want {
		t.Errorf("got %q, want %q", c.Verdict, want)
	}
}

func TestTwoRecipesWithEqualSeedsAreTestedSeedBySeed(t *testing.T) {
	run := func(k, wrong int, scratch bool) string {
		return judged(t, func(r *Recipe) { r.Seed, r.Scratch = int64(k), scratch }, 100, below(wrong))
	}
	c := compared(t, run(1, 10, false), run(2, 14, false), run(3, 12, false), run(1, 20, true), run(2, 25, true), run(3, 22, true))
	if want := "difference +0.10 [+0.09, +0.12]: pocket-bert is better"; !strings.HasSuffix(c.Verdict, want) {
		t.Errorf("got %q, want it to end with %q", c.Verdict, want)
	}
	c = compared(t, run(1, 10, false), run(2, 14, false), run(1, 20, true), run(3, 25, true))
	if want := "with the same seeds in both"; !strings.Contains(c.Verdict, want) {
		t.Errorf("got %q, want %q", c.Verdict, want)
	}
}

func TestTestSplitIsTakenWhereEveryRunHasIt(t *testing.T) {
	a, b := judged(t, asIs, 10, below(1)), judged(t, scratch, 10, below(2))
	if got := compared(t, a, b).Split; got != "dev" {
		t.Errorf("got split %q, want dev", got)
	}
	for _, dir := range []string{a, b} {
		lines, err := readPredictions(filepath.Join(dir, predictionsFile))
		if err != nil {
			t.Fatal(err)
		}
		savePredictions(t, dir, "predictions-test.jsonl", lines[:6])
	}
	if c := compared(t, a, b); c.Split != "test" || c.Runs[0].Examples != 6 {
		t.Errorf("got split %q of %d examples, want test of 6", c.Split, c.Runs[0].Examples)
	}
}

func TestComparisonsThatCannotBeAreRefused(t *testing.T) {
	a := judged(t, asIs, 4, below(1))
	broken := judged(t, asIs, 4, below(1))
	if err := os.WriteFile(filepath.Join(broken, predictionsFile), []byte("{}\nnot JSON\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		dirs        []string
		split, want string
	}{
		{[]string{a}, "", "found 1 runs, expected two or more"},
		{[]string{a, a}, "", "given twice"},
		{[]string{a, t.TempDir()}, "", "is not a run folder"},
		{[]string{a, broken}, "dev", "predictions.jsonl:2"},
		{[]string{a, broken}, "train", `split is "train", expected test, dev or hard`},
	}
	for _, tt := range tests {
		if _, err := Compare(tt.dirs, tt.split); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want an error with %q", err, tt.want)
		}
	}
}

func TestComparisonSurvivesJSON(t *testing.T) {
	data, err := json.Marshal(compared(t, judged(t, asIs, 4, below(0)), judged(t, scratch, 4, below(0))))
	if err != nil {
		t.Fatal(err)
	}
	var c Comparison
	if err := json.Unmarshal(data, &c); err != nil || len(c.Runs) != 2 || c.Pairs[0].MidP != 1 {
		t.Errorf("got %s (%v), want it to read back", data, err)
	}
}
