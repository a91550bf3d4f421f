package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"defrost/themes"
)

// lesson is a lab of two runs that take a moment; %s are a backbone and the question.
const lesson = `name: small
title: Does the head suffice?
about: A lab for tests.
text: [A frozen backbone stays as it is., The head does not.]
recipe: {backbone: %s, data: films, scratch: true, limit: 48, max_length: 16, epochs: 2, lr: 0.001}
runs:
  - {name: frozen, about: only the head learns, recipe: {train: head}}
  - {name: tuned, about: everything learns}
predict:
  ask: What will come out?
%s
shows:
  - {claim: tuned > frozen, yes: Tuning helps., no: Tuning hurts., chance: Chance rules.}
check:
  ask: What did the frozen run change?
  choices: [{say: the head, right: true}, {say: everything}]
  why: A frozen layer moves by exactly nothing.
next: {lab: thawing, try: [Freeze something else.]}
`

const choices = `  choices:
    - {say: the frozen one is better, claims: [frozen > tuned]}
    - {say: nothing tells them apart, claims: [frozen ~ tuned]}`

// atLab opens the workbench on the lab of the test, which is the last of the list.
func atLab(t *testing.T, backbone, question string) *driver {
	t.Helper()
	d := drive(t)
	if backbone == "" {
		tiny, err := filepath.Abs("testdata/tiny")
		if err != nil {
			t.Fatal(err)
		}
		backbone = tiny
	}
	dir := filepath.Join(os.Getenv("DEFROST_HOME"), "labs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "small.yaml"), fmt.Sprintf(lesson, backbone, question))
	return d.toLab()
}

// toLab turns to the lab of the test.
func (d *driver) toLab() *driver {
	d.t.Helper()
	return d.learn().Press("G", "enter").Expect("Does the head suffice?").Expect("A lab for tests.")
}

// learn turns to the list of labs.
func (d *driver) learn() *driver {
	d.t.Helper()
	i := slices.IndexFunc(registry, func(r registration) bool { return r.name == "Learn" })
	return d.Press(strconv.Itoa(i + 1)).Expect("thawing").Expect("not begun")
}

// key presses a key without waiting for what it begins.
func (d *driver) key(k string) *driver {
	d.send(keyMsg(k))
	return d
}

// runFolders counts the runs on disk.
func runFolders(t *testing.T) int {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(os.Getenv("DEFROST_HOME"), "runs", "lab-small-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestLabIsWalkedThroughByKeys(t *testing.T) {
	d := atLab(t, "", choices)
	d.Expect("predict first").Expect("Enter opens the question").Expect("not before your answer")
	d.Press("2").Expect("freeze map").Press("esc").Expect("predict first") // digits are screens until the question is open
	d.Press("enter").Expect("A digit chooses").Press("1").Expect("▸ 1").Press("down").Expect("▸ 2").Press("6").Expect("▸ 2")
	if n := runFolders(t); n != 0 {
		t.Fatalf("%d runs before the answer, want none", n)
	}
	d.Press("enter").Expect("what came out").Expect("You said  nothing tells them apart").Expect("McNemar").Expect("frozen").Expect("95%")
	if n := runFolders(t); n != 2 {
		t.Errorf("%d runs after the answer, want 2", n)
	}
	d.Expect("What did the frozen run change?").Refuse("exactly nothing")
	d.Press("enter", "2", "enter").Expect("not so").Expect("exactly nothing").Expect("next lab: thawing")
	d.Press("esc").Expect("small").Expect("done")
	d.Press("enter").Expect("exactly nothing").Press("n").Expect("Which way labels the unseen reviews best?")
}

func TestPredictionIsMadeBeforeAndStays(t *testing.T) {
	d := atLab(t, "", "  number: tuned - frozen")
	d.Press("enter").Expect("a number of percent").Type("many").Press("enter").Expect(`answer is "many", expected a number of percent`)
	if n := runFolders(t); n != 0 {
		t.Fatalf("%d runs before the answer, want none", n)
	}
	d.Press("ctrl+u").Type("5").Press("enter").Expect("You said 5;").Expect("95% interval from")
	d.reopened().toLab().Expect("You said 5;")
}

// reopened is another workbench on what this one left on disk.
func (d *driver) reopened() *driver {
	d.t.Helper()
	home := os.Getenv("DEFROST_HOME")
	again := drive(d.t)
	d.t.Setenv("DEFROST_HOME", home)
	return again
}

// longLab is the lab of the test with runs that last until they are stopped; the first trains.
func longLab(t *testing.T) *driver {
	t.Helper()
	d := atLab(t, "", choices)
	path := filepath.Join(os.Getenv("DEFROST_HOME"), "labs", "small.yaml")
	write(t, path, strings.Replace(read(t, path), "epochs: 2", "epochs: 3000", 1))
	return d.Press("esc", "esc").toLab().Press("enter", "1").key("enter").Expect(" of 3000").Expect("s stops")
}

func TestLeavingWaitsForTheCheckpointOfALab(t *testing.T) {
	d := longLab(t)
	screen := d.app.screens[d.app.top].(settler)
	d.key("s")
	if got := screen.Settle(); !strings.HasPrefix(got, "lab saved, go on with: defrost lab /") {
		t.Errorf("got %q, want how to go on", got)
	}
	d.Expect("enter goes on").settle()
	if got := screen.Settle(); got != "" {
		t.Errorf("got %q, want nothing of a lab that has stopped", got)
	}
}

func TestLeavingAsksWhileALabTrains(t *testing.T) {
	d := longLab(t)
	d.key("q").Expect("a run is training").key("enter").Refuse("a run is training")
	if d.left {
		t.Fatal("enter left, want to stay")
	}
	d.key("q").Expect("a run is training").key("a")
	d.until(func() bool { return d.left }, "leaving")
	if d.app.training() != 0 {
		t.Error("left before the lab had saved its checkpoint")
	}
}

func TestStoppedLabGoesOnInAnotherWorkbench(t *testing.T) {
	d := longLab(t)
	d.key("esc").Expect("running").key("enter").Expect("epoch ").Expect("1 of 2")
	d.key("s").Expect("stopped: ").Expect("enter goes on")
	d.settle()
	if n := runFolders(t); n != 1 {
		t.Errorf("%d runs, want the one that was stopped", n)
	}
	again := d.reopened().toLab().Expect("stopped at step").Expect("enter goes on where")
	again.key("enter").Expect("of 3000")
	again.key("s").Expect("stopped: ").settle()
	if n := runFolders(t); n != 1 {
		t.Errorf("%d runs, want the stopped one gone on with", n)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLabWithoutItsBackboneCanBeReadButNotRun(t *testing.T) {
	d := atLab(t, "no-such-backbone", choices)
	d.Expect("Not ready on this machine").Expect("no-such-backbone")
	d.Press("enter").Expect("small needs no-such-backbone").Refuse("A digit chooses")
	d.Press("esc").Expect("not ready")
}

func TestStartingOverAsksFirst(t *testing.T) {
	d := atLab(t, "", choices)
	d.Press("x").Expect("this lab has not begun")
	d.Press("enter", "1", "enter").Expect("what came out")
	d.Press("x").Expect("start over?").Press("enter").Refuse("start over?").Expect("what came out")
	d.Press("x", "y").Expect("predict first").Expect("Enter opens the question")
	if n := runFolders(t); n != 2 {
		t.Errorf("%d run folders, want both to stay", n)
	}
}

func TestBrokenLabSaysItsLine(t *testing.T) {
	d := drive(t)
	dir := filepath.Join(os.Getenv("DEFROST_HOME"), "labs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "wrong.yaml"), "name: wrong\nrubbish: 1\n")
	d.learn().Expect("broken").Press("G", "enter").Expect(`wrong.yaml:2: unknown field "rubbish"`)
}

// TestLabsAreNotDrawnPastTheEdge sweeps the places of a lab.
func TestLabsAreNotDrawnPastTheEdge(t *testing.T) {
	d := atLab(t, "", choices)
	places := []struct {
		name string
		keys []string
		want string
	}{
		{"reading", nil, "predict first"},
		{"asking", []string{"enter", "2"}, "▸ 2"},
		{"what came out", []string{"enter"}, "what came out"},
		{"checking", []string{"enter", "1"}, "▸ 1"},
		{"answered", []string{"enter"}, "exactly nothing"},
		{"starting over", []string{"x"}, "start over?"},
		{"zoomed", []string{"esc", "tab", "z"}, "┏━ figures"},
		{"the list", []string{"esc", "esc"}, "not begun"},
	}
	for _, p := range places {
		d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
		d.Press(p.keys...).Expect(p.want)
		for i, name := range themes.Names() {
			theme, err := themes.Get(name)
			if err != nil {
				t.Fatal(err)
			}
			d.app.setTheme(theme)
			sweep(t, d.app, i == 0)
		}
	}
}

func TestLabsLookAsRecorded(t *testing.T) {
	for _, scene := range []struct {
		name string
		keys []string
	}{{"learn", []string{"enter"}}, {"learn-ask", []string{"enter", "enter", "3"}}} {
		d := drive(t).learn().Press(scene.keys...)
		for _, size := range [][2]int{{80, 24}, {120, 34}} {
			d.app.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			golden(t, fmt.Sprintf("%s-%dx%d.txt", scene.name, size[0], size[1]), d.app.View())
		}
		d.app.renderer.SetColorProfile(termenv.TrueColor)
		d.app.setTheme(d.app.session.Styles.Theme)
		golden(t, scene.name+"-120x34.ansi", d.app.View())
	}
}
