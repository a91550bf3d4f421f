package ui

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
