package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/engine/enginetest"
	"defrost/themes"
)

// rivals is the workbench on sixty short reviews, with a small BERT and a small ELMo to set against
// each other.
func rivals(t testing.TB) *driver {
	t.Helper()
	d := drive(t)
	d.app.session.Rivals = []any{enginetest.Bert(t), enginetest.Backbone(t, "elmo")}
	data := enginetest.Reviews(t, 60)
	d.do(d.app.session.Change(func(r *engine.Recipe) { r.Data = data }))
	return d.settle()
}

// reach waits until the comparison that trains has come to its end.
func (d *driver) reach() *driver {
	d.t.Helper()
	d.until(func() bool { return !d.app.session.Busy() }, "the end of the comparison")
	return d.settle()
}

func TestOneKeySetsTwoBackbonesAgainstEachOther(t *testing.T) {
	for _, screen := range []string{"1", "5", "6"} {
		t.Run("from screen "+screen, func(t *testing.T) {
			d := rivals(t).Press(screen, "b")
			d.until(func() bool { return d.app.session.Comparing() != nil }, "the comparison to begin")
			d.Expect("train loss").Expect("dev accuracy")
			if d.reach(); len(d.app.session.Live()) != 0 {
				t.Fatal("runs go on after the comparison has ended")
			}
			d.Expect(" vs ").Expect("McNemar").Expect("bilstm").Expect("test, n 12")
		})
		if testing.Short() {
			break
		}
	}
}

func TestSecondComparisonWaitsForTheFirst(t *testing.T) {
	d := slow(t)
	d.Press("b").Expect("a run is training")
	d.Press("r").Expect("a run is training")
}

// slow is a comparison that is not over before a test has looked at it.
func slow(t testing.TB) *driver {
	t.Helper()
	d := rivals(t)
	e := engine.Varying(d.app.session.Recipe, "seed", 1, 2)
	e.Base = append(e.Base, engine.Settings{{Key: "epochs", Value: 2000}}...)
	e.Together, e.Name = 2, "slow"
	d.do(d.app.session.Compare(e))
	d.until(func() bool { return len(d.app.session.Live()) == 2 }, "both runs to begin")
	d.until(func() bool { return d.app.session.Status.Last.Step > 0 }, "the first steps")
	return d
}

func TestBothRunsAreWatchedInTurn(t *testing.T) {
	d := slow(t)
	d.Expect("left").Expect("A seed 1").Expect("B seed 2")
	first := d.app.session.Run
	d.Press("w").Expect("LIVE").Expect("train loss").Expect("freeze map")
	second := d.app.session.Run
	if first == second || second == nil {
		t.Fatalf("got %v after %v, want the other run", second, first)
	}
	d.Expect(second.ID).Press("6", "w").Expect(first.ID)
}

func TestLeavingAsksForAllRuns(t *testing.T) {
	d := slow(t)
	d.Press("q").Expect("2 runs are training").Press("enter").Refuse("2 runs are training")
	d.Press("q", "a")
	d.until(func() bool { return d.left }, "the workbench to close after both runs were stopped")
	e, err := engine.OpenExperiment("slow")
	if err != nil || e.Finished() != 2 {
		t.Errorf("got %d finished runs (%v), want both stopped and judged", e.Finished(), err)
	}
}

func TestBrokenComparisonGoesOnFromTheScreen(t *testing.T) {
	d := rivals(t)
	e := engine.Varying(d.app.session.Recipe, "seed", 1, 2, 3)
	e.Base = append(e.Base, engine.Settings{{Key: "epochs", Value: 1}}...)
	e.Name = "broken"
	if _, err := e.Create(d.app.session.Context()); err != nil {
		t.Fatal(err)
	}
	d.Press("6").Expect("broken").Expect("0 of 3").Expect("not begun")
	d.Press("tab", "tab", "R").Expect("train loss")
	d.reach().Expect("3 seeds of one recipe")
	d.Press("o").Expect("3 of 3").Press("tab", "tab", "R").Expect("all runs of it are finished")
	d.Press("enter").Expect("3 seeds of one recipe")
}

func TestSweepIsDrawnWithItsIntervals(t *testing.T) {
	d := rivals(t)
	e := engine.Varying(d.app.session.Recipe, "limit", 16, 24, 0)
	e.Base = append(e.Base, engine.Settings{{Key: "epochs", Value: 1}}...)
	d.do(d.app.session.Compare(e))
	d.until(func() bool { return d.app.session.Comparing() != nil }, "the sweep to begin")
	d.Expect("points and what they cost")
	d.reach().Expect("accuracy by limit").Expect("24").Expect("best at limit").Expect("3 of 3 runs")
	for i, name := range themes.Names() {
		theme, err := themes.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		d.app.setTheme(theme)
		sweep(t, d.app, i == 0)
	}
}

func TestProposalIsBegunByKey(t *testing.T) {
	d := rivals(t).Press("6", "tab").Expect("with and without pre-training")
	d.app.session.Recipe.Epochs, d.app.session.Recipe.Scratch = 1, false
	d.app.session.Recipe.Backbone = enginetest.Bert(t)
	d.app.session.Recipe.MaxLength = 32
	d.Press("j", "j", "enter")
	d.until(func() bool { return d.app.session.Comparing() != nil }, "the comparison to begin")
	d.reach().Expect("scratch").Expect("McNemar")
	if list, err := engine.Experiments(); err != nil || len(list) != 1 {
		t.Errorf("got %v (%v), want the comparison on disk", list, err)
	}
}

func TestCurvesStandSideBySide(t *testing.T) {
	d := atCompare(t).Press(" ", " ", "enter").Expect("McNemar")
	over := d.Screen()
	d.Press("v")
	if d.Screen() == over {
		t.Error("the curves still lie over one another")
	}
	d.Press("left")
	if n := strings.Count(d.Screen(), "●"); n != 4 {
		t.Errorf("the crosshair meets %d curves, want two losses side by side and two accuracies:\n%s", n, d.Screen())
	}
	sweep(t, d.app, false)
	d.app.Update(tea.WindowSizeMsg{Width: 120, Height: 34})
	d.Press("v", "esc")
	if d.Screen() != over {
		t.Errorf("got other curves after v was pressed twice:\n%s", d.Screen())
	}
}

func TestBothWrongAndFurthestApartAreRead(t *testing.T) {
	d := atCompare(t).Press(" ", " ", "enter").Expect("McNemar").Press("enter")
	d.Press(" ", " ").Expect("┏━ A and B wrong").Press(" ").Expect("┏━ A and B furthest apart")
	d.Expect("by label and by length").Expect("words").Expect(" p ")
}
