package ui

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/teatest"
)

// TestMainJobTakesTwoKeys is the whole program: r starts the recipe that is there from the start,
// and the result is read off the screen.
func TestMainJobTakesTwoKeys(t *testing.T) {
	t.Setenv("DEFROST_HOME", t.TempDir())
	r := recipe()
	r.Epochs, r.Limit = 2, 96
	a, err := open(context.Background(), Options{Recipe: r, Theme: "dark", Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	a.session.NoProbe = true
	m := teatest.NewTestModel(t, a, teatest.WithInitialTermSize(120, 34))
	shows(t, m, "backbones")
	m.Send(keyMsg("r"))
	shows(t, m, "finished after 12 steps")
	m.Send(keyMsg("q"))
	m.WaitFinished(t, teatest.WithFinalTimeout(patience))
	if got := a.session.Status.Result; got.Steps != 12 {
		t.Errorf("trained %d steps, want 12", got.Steps)
	}
}

func shows(t *testing.T, m *teatest.TestModel, text string) {
	t.Helper()
	teatest.WaitFor(t, m.Output(), func(out []byte) bool { return bytes.Contains(out, []byte(text)) },
		teatest.WithDuration(patience), teatest.WithCheckInterval(20*time.Millisecond))
}

// explode is a message that no part of the workbench expects.
type explode struct{}

type fragile struct{ *App }

func (f fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(explode); ok {
		panic("a bug")
	}
	if k, ok := msg.(tea.KeyMsg); ok && k.String() == "x" {
		return f, func() tea.Msg { panic("a bug in a command") }
	}
	_, cmd := f.App.Update(msg)
	return f, cmd
}

// TestPanicsRestoreTheTerminal looks from outside: a program that panics prints its stack while it
// ends, and what reaches a terminal is what a process wrote.
func TestPanicsRestoreTheTerminal(t *testing.T) {
	for _, where := range []string{"update", "command"} {
		t.Run("in "+where, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^TestFragileProgram$")
			child.Env = append(os.Environ(), "DEFROST_PANIC="+where, "DEFROST_HOME="+t.TempDir())
			out, err := child.Output()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(out, []byte("terminal was restored")) {
				t.Errorf("got %q, want an error that says the terminal was restored", out)
			}
			if enter, leave := bytes.LastIndex(out, []byte("\x1b[?1049h")), bytes.LastIndex(out, []byte("\x1b[?1049l")); enter < 0 || leave < enter {
				t.Errorf("the alternate screen was entered at %d and left at %d", enter, leave)
			}
		})
	}
}

// TestFragileProgram is the process of the test above: it runs the workbench into a panic and
// prints what Run returned.
func TestFragileProgram(t *testing.T) {
	bugs := map[string]tea.Msg{"update": explode{}, "command": keyMsg("x")}
	msg, ok := bugs[os.Getenv("DEFROST_PANIC")]
	if !ok {
		return
	}
	o := Options{Recipe: recipe(), Theme: "dark", Out: os.Stdout, In: strings.NewReader("")}
	a, err := open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	p := tea.NewProgram(fragile{a}, o.program(context.Background())...)
	go p.Send(msg)
	_, err = p.Run()
	os.Stdout.WriteString(explain(err).Error())
}

func TestUnknownThemeIsRefusedBeforeTheScreenOpens(t *testing.T) {
	err := Run(context.Background(), Options{Theme: "solar"})
	if err == nil || !strings.Contains(err.Error(), "dark, light, contrast") {
		t.Errorf("error %v does not list the themes", err)
	}
}

func TestNoColourMeansBoldAndReverseOnly(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	a, err := open(context.Background(), Options{Recipe: recipe(), Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	a.resize(120, 34)
	a.Update(catalogue())
	view := a.View()
	if !strings.Contains(view, "\x1b[7m") || !strings.Contains(view, "\x1b[1m") {
		t.Error("the screen has no bold or no reverse text")
	}
	for _, code := range []string{"\x1b[3", "\x1b[9", "38;", "48;"} {
		if strings.Contains(view, code) {
			t.Errorf("the screen has the colour code %q", code)
		}
	}
}

func TestPlainTerminalsGetASCII(t *testing.T) {
	a, err := open(context.Background(), Options{Recipe: recipe(), Theme: "mono", Plain: true, Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	a.resize(120, 34)
	a.Update(catalogue())
	for i := range registry {
		a.turn(i)
		for _, r := range a.View() {
			if r > 126 {
				t.Fatalf("%s draws %q", registry[i].name, r)
			}
		}
	}
}

func TestOpenedRunIsShown(t *testing.T) {
	t.Setenv("DEFROST_HOME", t.TempDir())
	d := training(t)
	dir := d.app.session.Run.Dir
	d.Press("s", "a").Expect("stopped after")
	a, err := open(context.Background(), Options{Recipe: recipe(), Theme: "dark", Run: dir, Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	m := teatest.NewTestModel(t, a, teatest.WithInitialTermSize(100, 30))
	shows(t, m, filepath.Base(dir))
	m.Send(keyMsg("q"))
	m.WaitFinished(t, teatest.WithFinalTimeout(patience))
}
