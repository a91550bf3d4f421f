package ui

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/engine/batch"
	"defrost/engine/task"
	"defrost/ui/shared"
)

// A fragile task classifies until its fuse has burnt down, and then panics once.
type fragile struct {
	task.Task
	batches int // until the panic
}

func (f *fragile) Collate(items []task.Item) *batch.Batch {
	if f.batches--; f.batches == 0 {
		panic("a bug in the engine")
	}
	return f.Task.Collate(items)
}

// sound is set in the process that goes on with a run of the fragile task.
var sound bool

func init() {
	task.Register(task.Kind{
		Name: "fragile", Data: []datasets.Kind{datasets.Classify},
		New: func(d *datasets.Dataset, o task.Options) (task.Task, error) {
			t, err := task.New("classify", d, o)
			if sound {
				return t, err
			}
			return &fragile{t, 60}, err
		},
	})
}

// explode is a message that no part of the workbench expects.
type explode struct{}

// A faulty workbench has a bug in Update and one in a command, which come to light in a run.
type faulty struct{ *App }

func (f faulty) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(explode); ok {
		panic("a bug in update")
	}
	if k, ok := msg.(tea.KeyMsg); ok && k.String() == "X" {
		return f, func() tea.Msg { panic("a bug in a command") }
	}
	_, cmd := f.App.Update(msg)
	return f, cmd
}

// TestPanicsRestoreTheTerminalAndKeepTheRun looks from outside: a program that panics prints its
// stack while it ends, and what reaches a terminal is what a process wrote. A run trains meanwhile.
func TestPanicsRestoreTheTerminalAndKeepTheRun(t *testing.T) {
	for where, says := range map[string]string{
		"update":  "terminal was restored and the run folder is intact",
		"command": "terminal was restored and the run folder is intact",
		"engine":  "panic: a bug in the engine",
	} {
		t.Run("in "+where, func(t *testing.T) {
			home := t.TempDir()
			child := exec.Command(os.Args[0], "-test.run=^TestFaultyWorkbench$")
			child.Env = append(os.Environ(), "DEFROST_PANIC="+where, "DEFROST_HOME="+home)
			out, err := child.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if !bytes.Contains(out, []byte(says)) {
				t.Errorf("got %q, want %q in it", out, says)
			}
			if enter, leave := bytes.LastIndex(out, []byte("\x1b[?1049h")), bytes.LastIndex(out, []byte("\x1b[?1049l")); enter < 0 || leave < enter {
				t.Errorf("the alternate screen was entered at %d and left at %d", enter, leave)
			}
			if cursor := bytes.LastIndex(out, []byte("\x1b[?25h")); cursor < bytes.LastIndex(out, []byte("\x1b[?25l")) {
				t.Error("the cursor is still hidden")
			}
			intact(t, home)
		})
	}
}

// intact reads the one run that a crash left: recipe, events and last checkpoint, and goes on with it.
func intact(t *testing.T, home string) {
	t.Helper()
	list, err := engine.Store{Root: filepath.Join(home, "runs")}.List()
	if err != nil || len(list) != 1 || list[0].Finished || list[0].Steps < 48 || list[0].Recipe.Task != "fragile" {
		t.Fatalf("got runs %+v (%v), want one that was cut short after its first epoch of 48 steps", list, err)
	}
	sound = true
	defer func() { sound = false }()
	ctx, cancel := context.WithCancel(t.Context())
	run, err := engine.Resume(ctx, list[0].Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer run.Wait()
	defer cancel()
	for next := run.Past; ; {
		<-run.Log.Wait(next)
		var events []engine.Event
		events, next = run.Log.Since(next)
		for _, e := range events {
			switch e := e.(type) {
			case engine.Failed:
				t.Fatalf("the run cannot go on: %s", e.Error)
			case engine.Step:
				if e.Step != list[0].Steps+1 {
					t.Errorf("went on with step %d, want %d", e.Step, list[0].Steps+1)
				}
				return
			}
		}
	}
}

// TestFaultyWorkbench is the process of the test above: it trains in the workbench, panics, and prints
// what the workbench returned or showed.
func TestFaultyWorkbench(t *testing.T) {
	where := os.Getenv("DEFROST_PANIC")
	if where == "" {
		return
	}
	r := recipe()
	r.Task, r.Epochs = "fragile", 100000
	sound = where != "engine"
	ctx, cancel := context.WithCancel(context.Background())
	o := Options{Recipe: r, Theme: "dark", Out: os.Stdout, In: strings.NewReader("")}
	a, err := open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	a.session.NoProbe = true
	run, err := engine.Start(ctx, r, engine.StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := tea.NewProgram(faulty{a}, o.program(ctx)...)
	go func() {
		p.Send(tea.WindowSizeMsg{Width: 120, Height: 34})
		p.Send(shared.RunMsg{Run: run})
		for next := 0; where != "engine" && next >= 0; {
			<-run.Log.Wait(next)
			var events []engine.Event
			events, next = run.Log.Since(next)
			for _, e := range events {
				if s, ok := e.(engine.Step); ok && s.Step > 60 {
					next = -1
				}
			}
		}
		switch where {
		case "update":
			p.Send(explode{})
		case "command":
			p.Send(keyMsg("X"))
		default:
			_, _ = run.Wait()
			time.Sleep(time.Second) // until the screen shows it
			p.Send(keyMsg("q"))
		}
	}()
	if err := a.live(p, cancel, os.Stdout); err != nil {
		os.Stdout.WriteString(err.Error())
	}
}
