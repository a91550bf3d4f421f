package labs

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine"
)

// answered is the small lab with an answer.
func answered(t *testing.T, answer string) (Lab, Progress) {
	t.Helper()
	home(t)
	lab := sample(t)
	p, err := lab.Progress()
	if err != nil {
		t.Fatal(err)
	}
	if p, err = lab.Answer(p, answer); err != nil {
		t.Fatal(err)
	}
	return lab, p
}

// step begins a run and fails when there is none.
func step(t *testing.T, ctx context.Context, lab Lab, p Progress) (Progress, Step) {
	t.Helper()
	p, s, err := lab.Begin(ctx, p)
	if err != nil || s.Run == nil {
		t.Fatalf("got %v and run %v, want a run", err, s.Run)
	}
	return p, s
}

// through runs what is left of a lab and counts the runs.
func through(t *testing.T, lab Lab, p Progress) (Progress, int) {
	t.Helper()
	for n := 0; ; n++ {
		next, s, err := lab.Begin(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if s.Run == nil {
			return next, n
		}
		if _, err := s.Run.Wait(); err != nil {
			t.Fatal(err)
		}
		p = next
	}
}

func TestNothingRunsBeforeTheAnswer(t *testing.T) {
	home(t)
	lab := sample(t)
	p, err := lab.Progress()
	if err != nil || lab.State(p) != New {
		t.Fatalf("got %v and state %v, want a lab not begun", err, lab.State(p))
	}
	if _, s, err := lab.Begin(context.Background(), p); err == nil || s.Run != nil || !strings.Contains(err.Error(), "no answer yet") {
		t.Errorf("got %v, want it to ask for the answer", err)
	}
	for _, bad := range []string{"", "0", "4", "tuned", "1.5"} {
		if _, err := lab.Answer(p, bad); err == nil || !strings.Contains(err.Error(), "expected 1 to 3") {
			t.Errorf("answer %q: got %v, want it refused", bad, err)
		}
	}
}

func TestAnswerStays(t *testing.T) {
	lab, p := answered(t, " 2 ")
	if _, err := lab.Answer(p, "3"); err == nil || !strings.Contains(err.Error(), "answered with 2") {
		t.Errorf("got %v, want the first answer to stay", err)
	}
	if again, err := lab.Answer(p, "2"); err != nil || again.Answer != "2" {
		t.Errorf("got %v, want the same answer accepted", err)
	}
	kept, err := lab.Progress()
	if err != nil || kept.Answer != "2" || lab.Said(kept.Answer) != "the tuned one" {
		t.Errorf("got %+v, %v from disk, want the answer", kept, err)
	}
}

func TestLabIsWalkedThrough(t *testing.T) {
	lab, p := answered(t, "2")
	p, n := through(t, lab, p)
	if n != 2 || lab.State(p) != Ran {
		t.Fatalf("%d runs and state %v, want 2 and all run", n, lab.State(p))
	}
	if p, n = through(t, lab, p); n != 0 {
		t.Errorf("%d more runs of a lab that has run, want none", n)
	}
	for i, dir := range p.Runs {
		if want := "lab-small-" + lab.Runs[i].Name + "-01"; filepath.Base(dir) != want {
			t.Errorf("run %d lies in %s, want %s", i, filepath.Base(dir), want)
		}
	}
	p, err := lab.CheckAnswer(p, "1")
	if err != nil || lab.State(p) != Done || p.Check == lab.Check.Right() {
		t.Errorf("got %v, state %v, check %d, want a wrong answer taken and the lab done", err, lab.State(p), p.Check)
	}
	if _, err := lab.CheckAnswer(p, "3"); err == nil {
		t.Error("took an answer to the check that there is not")
	}
	if p, err = lab.Again(); err != nil || lab.State(p) != New {
		t.Errorf("got %v and state %v, want the lab as new", err, lab.State(p))
	}
	if list, err := os.ReadDir(filepath.Join(os.Getenv("DEFROST_HOME"), "runs")); err != nil || len(list) != 2 {
		t.Errorf("%d run folders, %v, want both to stay", len(list), err)
	}
}

// TestOutcomeIsComputedFromTheRuns holds what the lab says against the engine's own comparison.
func TestOutcomeIsComputedFromTheRuns(t *testing.T) {
	lab, p := answered(t, "2")
	if _, err := lab.Outcome(p); err == nil || !strings.Contains(err.Error(), "run frozen of small has not finished") {
		t.Errorf("got %v, want an outcome only of runs that finished", err)
	}
	p, _ = through(t, lab, p)
	out, err := lab.Outcome(p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.Compare(p.Runs, "")
	if err != nil {
		t.Fatal(err)
	}
	pair := c.Pairs[0]
	gap, _ := pair.Gap("accuracy")
	want := Chance
	if pair.Reliable() {
		want = map[bool]Verdict{true: No, false: Yes}[gap.Value > 0]
	}
	if out.Prediction.Verdict != want || out.Shows[0].Verdict != want || out.Shows[0].Says == "" {
		t.Errorf("got %+v and %+v for a gap of %+v, want %s", out.Prediction, out.Shows[0], gap, want)
	}
	mine, _ := out.Runs[0].Measure("accuracy")
	theirs, _ := c.Runs[0].Measure("accuracy")
	if mine != theirs || out.Runs[0].Name != "frozen" || out.Split != "test" || out.Seconds <= 0 {
		t.Errorf("got %+v on %s, want the frozen run's %+v on test", mine, out.Split, theirs)
	}
	if data, err := json.Marshal(out); err != nil || !strings.Contains(string(data), `"prediction":{"answer":"2"`) {
		t.Errorf("got %s, %v, want it as JSON", data, err)
	}
}

func TestLabGoesOnWhereItWasStopped(t *testing.T) {
	lab, p := answered(t, "2")
	ctx, cancel := context.WithCancel(context.Background())
	p, s := step(t, ctx, lab, p)
	s.Run.Wheel.Pause() // long before the data is read, so that the run waits at its first step
	s.Run.Wheel.StepOnce()
	<-s.Run.Log.Wait(2)
	cancel()
	if _, err := s.Run.Wait(); err == nil {
		t.Fatal("got no error, want a run that was cancelled while it waited")
	}
	p, err := lab.Progress() // as another process reads it
	if err != nil || lab.State(p) != Begun {
		t.Fatalf("got %v and state %v, want a lab under way", err, lab.State(p))
	}
	p, again := step(t, context.Background(), lab, p)
	if again.Index != 0 || again.Run.Dir != s.Run.Dir || again.Run.Past == 0 {
		t.Errorf("went on with run %d in %s after %d events, want run 0 in %s", again.Index, again.Run.Dir, again.Run.Past, s.Run.Dir)
	}
	if _, err := again.Run.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, n := through(t, lab, p); n != 1 {
		t.Errorf("%d runs were left, want 1", n)
	}
}

// TestFolderOfAKilledBeginIsUsed covers a kill between the record of a folder and its first file.
func TestFolderOfAKilledBeginIsUsed(t *testing.T) {
	lab, p := answered(t, "1")
	dir, err := lab.fresh(p.Runs, 0)
	if err != nil {
		t.Fatal(err)
	}
	p.Runs[0] = dir
	if err := lab.save(p); err != nil {
		t.Fatal(err)
	}
	p, s := step(t, context.Background(), lab, p)
	if s.Run.Dir != dir || p.Runs[0] != dir {
		t.Errorf("ran in %s, want the folder %s that was there", s.Run.Dir, dir)
	}
	if _, err := s.Run.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestRunOfAChangedRecipeIsMadeAnew(t *testing.T) {
	lab, p := answered(t, "1")
	p, _ = through(t, lab, p)
	lab.Runs[1].Recipe.Seed++
	if got := lab.Standings(p); !got[0].Finished || got[1].Begun {
		t.Errorf("got %+v, want only the run with the old recipe to count", got)
	}
	next, n := through(t, lab, p)
	if n != 1 || next.Runs[0] != p.Runs[0] || next.Runs[1] == p.Runs[1] {
		t.Errorf("%d new runs in %v, want one beside %v", n, next.Runs, p.Runs)
	}
	if _, err := os.Stat(p.Runs[1]); err != nil {
		t.Errorf("the old run is gone: %v", err)
	}
}

func TestDamagedProgressIsAnErrorAndStaleOneIsNone(t *testing.T) {
	lab, p := answered(t, "3")
	path, err := lab.file()
	if err != nil {
		t.Fatal(err)
	}
	lab.Predict.Choices = lab.Predict.Choices[:2]
	if p, err = lab.Progress(); err != nil || p.Answer != "" {
		t.Errorf("got %+v, %v, want an answer that is no longer offered to be forgotten", p, err)
	}
	write(t, path, "{")
	if _, err := lab.Progress(); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want the damaged file named", err)
	}
}

func TestLabsOfTwoFilesWithOneNameKeepApart(t *testing.T) {
	home(t)
	a, b := sample(t), sample(t)
	p, err := a.Progress()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Answer(p, "1"); err != nil {
		t.Fatal(err)
	}
	if p, err := b.Progress(); err != nil || p.Answer != "" {
		t.Errorf("got %+v, %v, want the other file's lab not begun", p, err)
	}
}

// compared is a comparison of the runs frozen and tuned, in which only the second is right on n of 100
// examples, and only the first on m.
func compared(n, m int) engine.Comparison {
	share := func(k int) engine.Number { return engine.Number(float64(k) / 100) }
	run := func(name string, right int) engine.Compared {
		return engine.Compared{Primary: "accuracy", Name: name, Metrics: []engine.Measure{{Name: "accuracy", Value: share(right), Low: share(right - 10), High: share(right + 10)}}}
	}
	p := engine.Pair{A: 0, B: 1, Examples: 100, Both: 50, OnlyA: m, OnlyB: n, Test: engine.McNemar, P: 1, Holm: 1, Detectable: 0.12}
	if max(n-m, m-n) > 15 {
		p.P, p.Holm = 1e-4, 1e-4
	}
	gap := engine.Measure{Name: "accuracy", Value: share(m - n), Low: share(m - n - 10), High: share(m - n + 10)}
	p.Gaps = []engine.Gap{{Measure: gap, P: p.P}}
	return engine.Comparison{Split: "test", Runs: []engine.Compared{run("frozen", 50+m), run("tuned", 50+n)}, Pairs: []engine.Pair{p}}
}

func TestPredictionsAreJudgedByTheTestAndNotByTheEye(t *testing.T) {
	home(t)
	lab := sample(t)
	for _, c := range []struct {
		name   string
		of     engine.Comparison
		want   []Verdict // of the answers frozen, tuned, neither
		within bool
	}{
		{"tuned is reliably better", compared(30, 5), []Verdict{No, Yes, No}, false},
		{"frozen is reliably better", compared(5, 30), []Verdict{Yes, No, No}, false},
		{"tuned is ahead by chance", compared(12, 8), []Verdict{Chance, Chance, Yes}, true},
		{"nothing between them", compared(10, 10), []Verdict{Chance, Chance, Yes}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, want := range c.want {
				p, err := lab.predicted(string(rune('1'+i)), c.of)
				if err != nil || p.Verdict != want || p.Text == "" {
					t.Errorf("answer %d: got %+v, %v, want %s", i+1, p, err, want)
				}
				if got := strings.Contains(p.Claims[0].Fact, "within chance on 100 examples; so many would show one of 0.12"); got != c.within {
					t.Errorf("answer %d: %q, within chance: want %v", i+1, p.Claims[0].Fact, c.within)
				}
			}
		})
	}
	if j, err := lab.judge("tuned > frozen", compared(30, 5)); err != nil || !strings.HasPrefix(j.Fact, "tuned 0.80 [0.70, 0.90], frozen 0.55 [0.45, 0.65]: difference +0.25 [+0.15, +0.35], McNemar p < 0.001") {
		t.Errorf("got %+v, %v, want the difference turned round with its interval", j, err)
	}
}

func TestNumbersAreHeldAgainstTheInterval(t *testing.T) {
	home(t)
	lab := sample(t)
	for _, c := range []struct {
		of, answer string
		want       Verdict
	}{
		{"tuned - frozen", "25", Yes}, {"tuned - frozen", "16", Yes}, {"tuned - frozen", "40", No}, {"frozen - tuned", "-25", Yes},
		{"tuned", "72.5", Yes}, {"tuned", "95", No},
	} {
		lab.Predict = Question{Ask: "How many?", Number: c.of}
		p, err := lab.predicted(c.answer, compared(30, 5))
		if err != nil || p.Verdict != c.want || !strings.Contains(p.Text, "You said "+c.answer+";") {
			t.Errorf("%s, answer %s: got %+v, %v, want %s", c.of, c.answer, p, err, c.want)
		}
	}
	for _, bad := range []string{"", "many", "NaN", "101", "-200"} {
		if err := lab.refuses(bad); err == nil {
			t.Errorf("took %q for a percentage", bad)
		}
	}
	if lab.Said("25") != "25 percent" {
		t.Errorf("got %q, want the unit said", lab.Said("25"))
	}
}

func TestOtherFiguresAreJudgedByTheirInterval(t *testing.T) {
	home(t)
	lab := sample(t)
	lab.Measure = "macro_f1"
	c := compared(30, 5)
	if _, err := lab.judge("tuned > frozen", c); err == nil || !strings.Contains(err.Error(), `measure is "macro_f1"`) {
		t.Errorf("got %v, want a measure the runs lack to be an error", err)
	}
	c.Pairs[0].Gaps = append(c.Pairs[0].Gaps, engine.Gap{Measure: engine.Measure{Name: "macro_f1", Value: -0.1, Low: -0.2, High: -0.01}, P: 0.03})
	if j, err := lab.judge("tuned > frozen", c); err != nil || j.Verdict != Yes || !strings.Contains(j.Fact, "bootstrap p = 0.030") {
		t.Errorf("got %+v, %v, want it better", j, err)
	}
	c.Pairs[0].Why = "not the same examples"
	if _, err := lab.judge("tuned > frozen", c); err == nil || !strings.Contains(err.Error(), "not the same examples") {
		t.Errorf("got %v, want runs that cannot be compared to say so", err)
	}
}

func TestVerdictOfSeveralClaims(t *testing.T) {
	for _, c := range []struct {
		claims []Verdict
		want   Verdict
	}{
		{[]Verdict{Yes, Yes}, Yes}, {[]Verdict{Yes, Chance}, Chance}, {[]Verdict{Chance, No}, No}, {[]Verdict{No, Yes}, No},
	} {
		var list []Judged
		for _, v := range c.claims {
			list = append(list, Judged{Verdict: v})
		}
		if got := verdictOf(list); got != c.want {
			t.Errorf("%v: got %s, want %s", c.claims, got, c.want)
		}
	}
}
