package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"defrost/engine"
	"defrost/themes"
	"defrost/ui/shared"
)

// store copies the recorded runs to where the workbench looks for runs: a run from scratch, one of
// the top layer, and one of everything, newest first.
func store(t testing.TB) {
	t.Helper()
	root := filepath.Join(os.Getenv("DEFROST_HOME"), "runs")
	if err := os.CopyFS(root, os.DirFS("testdata/runs")); err != nil {
		t.Fatal(err)
	}
}

// atCompare is the workbench on the screen that compares, with the recorded runs to choose from.
func atCompare(t testing.TB) *driver {
	t.Helper()
	d := drive(t)
	store(t)
	return d.Press("6").Expect("pocket-bert-films-03")
}

// Scenes of the screen that compares, by the keys that lead to them.
var compareScenes = []struct {
	name string
	keys []string
}{
	{"compare-pick", []string{"j", " "}},
	{"compare", []string{" ", " ", "enter"}},
	{"compare-three", []string{" ", " ", " ", "enter", "x", "x", "y", "left", "left", "left"}},
	{"compare-read", []string{" ", " ", "enter", "enter", "j", "j"}},
}

func TestComparisonsLookAsRecorded(t *testing.T) {
	for _, scene := range compareScenes {
		t.Run(scene.name, func(t *testing.T) {
			d := atCompare(t).Press(scene.keys...)
			for _, size := range [][2]int{{80, 24}, {120, 34}} {
				d.app.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden(t, fmt.Sprintf("%s-%dx%d.txt", scene.name, size[0], size[1]), d.app.View())
			}
			d.app.renderer.SetColorProfile(termenv.TrueColor)
			d.app.setTheme(d.app.session.Styles.Theme)
			golden(t, scene.name+"-120x34.ansi", d.app.View())
		})
	}
}

func TestComparisonsAreNotDrawnPastTheEdge(t *testing.T) {
	for _, scene := range append(compareScenes[:len(compareScenes):len(compareScenes)], struct {
		name string
		keys []string
	}{"nothing to test", []string{" ", " ", "enter", "s", "tab", "z"}}) {
		t.Run(scene.name, func(t *testing.T) {
			d := atCompare(t).Press(scene.keys...)
			for i, name := range themes.Names() {
				theme, err := themes.Get(name)
				if err != nil {
					t.Fatal(err)
				}
				d.app.setTheme(theme)
				sweep(t, d.app, i == 0)
			}
		})
	}
}

func TestTwoRunsAreComparedByKeys(t *testing.T) {
	d := atCompare(t)
	d.Press("enter").Expect("0 runs are marked, expected 2 to 4")
	d.Press(" ", " ").Expect("2 marked").Expect("* A").Expect("B  pocket-bert-films-02")
	d.Press("enter").Expect("dev, n 120").Expect("McNemar").Expect("better on 120 examples")
	d.Expect("A scratch").Expect("yes").Expect("last:1").Refuse("max length")
	d.Press("x").Expect("time").Press("x").Expect("tokens").Press("x").Expect("step")
	d.Press("o").Expect("2 marked").Press("esc").Expect("McNemar")
	d.Press("o", "0").Expect("0 marked")
}

func TestCrosshairReadsAllChartsAtOnce(t *testing.T) {
	d := atCompare(t).Press(" ", " ", "enter").Expect("McNemar")
	d.Press("left").Expect(" 114 ")
	if n := strings.Count(d.Screen(), "●"); n != 4 {
		t.Errorf("the crosshair meets %d curves, want two in each of two charts:\n%s", n, d.Screen())
	}
	d.Press("left", "left", "left").Refuse(" 114 ")
	d.Press("esc").Refuse("●")
}

func TestDisagreementsAreRead(t *testing.T) {
	d := atCompare(t).Press(" ", " ", "enter").Expect("McNemar").Press("enter")
	d.Expect("A right, B wrong").Expect("1 of").Expect("labelled").Expect("space: B right, A wrong")
	d.Press("j").Expect("2 of")
	d.Press(" ").Expect("┏━ B right, A wrong").Expect("1 of")
	d.Press("right").Expect("┏━ A and B wrong").Press("left", "left").Expect("┏━ A right, B wrong")
	d.Press("esc").Expect("train loss")
}

func TestSplitWithoutPredictionsSaysSo(t *testing.T) {
	d := atCompare(t).Press(" ", " ", "enter").Expect("dev, n 120")
	d.Press("s").Expect("not comparable: scratch has no predictions on hard")
	d.Press("enter").Expect("no two of these runs were judged on the same examples")
}

func TestNoMoreThanFourRunsAreMarked(t *testing.T) {
	d := drive(t)
	store(t)
	root := filepath.Join(os.Getenv("DEFROST_HOME"), "runs")
	for i := range 2 {
		if err := os.CopyFS(filepath.Join(root, fmt.Sprint("copy-", i)), os.DirFS("testdata/runs/pocket-bert-films-01")); err != nil {
			t.Fatal(err)
		}
	}
	d.Press("6").Press(" ", " ", " ", " ").Expect("4 marked").Press(" ").Expect("4 runs are marked, which is the most")
	d.Press("k", " ").Expect("3 marked")
}

func TestPaletteTurnsToTheScreenThatCompares(t *testing.T) {
	d := drive(t)
	store(t)
	d.Press(":").Type("take all marks away").Press("enter").Expect("0 marked")
}

// TestRunThatTrainsIsComparedWhileItGrows compares a run that is on disk with one whose events still
// come in through the bridge.
func TestRunThatTrainsIsComparedWhileItGrows(t *testing.T) {
	d := drive(t)
	store(t)
	dir := filepath.Join(os.Getenv("DEFROST_HOME"), "runs", "pocket-bert-films-03")
	whole, err := engine.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	events, _ := whole.Log.Since(0)
	live := &engine.Run{ID: whole.ID, Dir: dir, Log: engine.NewLog(), Wheel: &engine.Wheel{}}
	for _, e := range events[:30] {
		live.Log.Append(e)
	}
	d.send(shared.RunMsg{Run: live})
	d.until(func() bool { return d.app.session.Status.Last.Step > 0 }, "the first steps")
	d.Press("6").Expect("pocket-bert-films-03").Press(" ", " ", "enter").Expect("McNemar")
	last := live.Log.Len()
	before := d.Screen()
	for _, e := range events[last:60] {
		live.Log.Append(e)
	}
	d.until(func() bool { return d.Screen() != before }, "the curve to grow")
	for _, e := range events[60:] {
		live.Log.Append(e)
	}
	live.Log.Close()
	d.settle()
	d.Press("left").Expect(" 114 ")
}

// TestComparisonOfRealRuns trains twice and compares what is on disk.
func TestComparisonOfRealRuns(t *testing.T) {
	d := drive(t)
	for i := range 2 {
		r := recipe()
		r.Epochs, r.Limit, r.Seed = 1, 64, int64(i+1)
		run, err := engine.Start(context.Background(), r, engine.StartOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	d.Press("6", " ", " ", "enter").Expect("2 seeds of one recipe on test").Expect("A seed").Expect("recipe differences")
}
