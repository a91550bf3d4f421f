package ui

import (
	"bufio"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"defrost/datasets"
	"defrost/engine"
	"defrost/engine/backbone"
	"defrost/themes"
	"defrost/ui/shared"
)

// updating says that golden files are to be rewritten: -update, a flag that teatest declares.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// patience is how long a test waits for something before it fails; nothing is measured with it.
const patience = 60 * time.Second

// A driver presses keys and reads the screen, as a person would.
type driver struct {
	t    testing.TB
	app  *App
	news chan tea.Msg
	busy int // commands whose message has not come yet
	left bool
}

// drive opens the workbench on a small model and the films, 120x34, with everything loaded.
func drive(t testing.TB) *driver {
	t.Helper()
	d := idle(t, recipe())
	d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
	d.send(catalogue())
	d.do(shared.OpenModel(context.Background(), d.app.session.Recipe.Backbone))
	d.do(shared.OpenData(shared.SourceOf(d.app.session.Recipe)))
	d.settle()
	return d
}

// idle opens the workbench without loading anything.
func idle(t testing.TB, r engine.Recipe) *driver {
	t.Helper()
	t.Setenv("DEFROST_HOME", t.TempDir())
	renderer := lipgloss.NewRenderer(io.Discard)
	renderer.SetColorProfile(termenv.Ascii)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := shared.NewSession(ctx, keyTable(), shared.Styles{}, r)
	s.NoProbe = true
	d := &driver{t: t, app: newApp(s, renderer), news: make(chan tea.Msg)}
	d.app.setTheme(themes.Default(true))
	d.app.paint = false
	t.Cleanup(func() { d.end(cancel) })
	return d
}

// end waits for the runs that a test left behind, so that their folders can be removed.
func (d *driver) end(cancel func()) {
	cancel()
	d.app.session.Settle()
	for _, run := range d.app.session.Live() {
		_, _ = run.Wait()
	}
}

func recipe() engine.Recipe {
	r := engine.Defaults()
	r.Backbone, r.Scratch, r.MaxLength, r.Epochs, r.LR = "testdata/tiny", true, 64, 4, 1e-3
	return r
}

// catalogue is a list of backbones and data sets that does not grow with the program.
func catalogue() shared.CardsMsg {
	inside := []datasets.Card{
		{Name: "films", Kind: datasets.Classify, Description: "Short film reviews", Licence: "CC0-1.0", Source: "written for Defrost", Labels: 2, Sizes: map[datasets.Part]int{datasets.Train: 760}},
		{Name: "ner", Kind: datasets.Tag, Description: "Sentences with names", Licence: "CC0-1.0", Labels: 9, Sizes: map[datasets.Part]int{datasets.Train: 420}},
	}
	hub := []datasets.Card{{Name: "ag-news", Kind: datasets.Classify, Description: "News in four classes", HubID: "fancyzhx/ag_news", Labels: 4, Sizes: map[datasets.Part]int{datasets.Train: 120000}}}
	return shared.CardsMsg{Inside: inside, Hub: hub, Backbones: []engine.Card{
		{Card: backbone.Card{Name: "pocket-bert", Title: "A small BERT that ships inside Defrost", Family: "bert", Year: 2026, Licence: "Apache-2.0", Embedded: true, Tasks: []string{"classify"}}, Cached: true},
		{Card: backbone.Card{Name: "bert-base-uncased", Title: "BERT base", Family: "bert", Year: 2018, Layers: 12, Width: 768, Heads: 12, Vocabulary: 30522, Params: 109482240, Bytes: 440449768, Licence: "Apache-2.0"}},
	}}
}

// recorded is a finished run made from testdata/events.jsonl, cut after n events; 0 keeps all.
func recorded(t testing.TB, n int) *engine.Run {
	t.Helper()
	f, err := os.Open("testdata/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	run := &engine.Run{ID: "tiny-films-01", Dir: "runs/tiny-films-01", Log: engine.NewLog(), Wheel: &engine.Wheel{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && (n == 0 || run.Log.Len() < n) {
		e, err := engine.UnmarshalEvent(lines.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		run.Log.Append(e)
	}
	return run
}

// Replay follows a recorded run, of which the first n events have happened.
func (d *driver) Replay(n int) *driver {
	d.t.Helper()
	run := recorded(d.t, n)
	if n == 0 {
		run.Log.Close()
	}
	d.send(shared.RunMsg{Run: run})
	if n > 0 {
		d.until(func() bool { return d.app.session.Status.Last.Step > 0 || n < 3 }, "the recorded events")
		d.calm()
		return d
	}
	return d.settle()
}

// fixMemory replaces the memory account, which holds what this process happens to use.
func (d *driver) fixMemory() {
	if b := d.app.session.Budget; b != nil {
		b.Memory = engine.Memory{Weights: 784e3, Gradients: 402e3, Optimizer: 804e3, Activations: 22.6e6}
	}
}

// do runs a command as Bubble Tea does: in a goroutine, whose message comes back through news.
func (d *driver) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.busy++
	go func() {
		msg := cmd()
		select {
		case d.news <- msg:
		case <-time.After(patience):
		}
	}()
}

// send gives the workbench one message.
func (d *driver) send(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.do(cmd)
		}
		return
	case tea.QuitMsg:
		d.left = true
		return
	}
	_, cmd := d.app.Update(msg)
	d.do(cmd)
}

// take handles one message of a command.
func (d *driver) take(msg tea.Msg) {
	d.busy--
	d.send(msg)
}

// settle waits until no command is on its way.
func (d *driver) settle() *driver {
	d.t.Helper()
	d.until(func() bool { return d.busy == 0 }, "all commands")
	return d
}

func (d *driver) until(ok func() bool, what string) {
	d.t.Helper()
	limit := time.After(patience)
	for !ok() {
		select {
		case msg := <-d.news:
			d.take(msg)
		case <-limit:
			d.t.Fatalf("waited for %s in vain; the screen shows\n%s", what, d.Screen())
		}
	}
}

// Press presses keys by name: "2", "enter", "ctrl+c", " ".
func (d *driver) Press(keys ...string) *driver {
	d.t.Helper()
	for _, k := range keys {
		d.send(keyMsg(k))
		d.calm()
	}
	return d
}

// calm waits until no command is on its way but those that listen to live runs.
func (d *driver) calm() {
	d.t.Helper()
	d.until(func() bool {
		return d.busy <= d.app.session.Waiting()
	}, "the commands of a key")
}

// Type types text, one key per letter.
func (d *driver) Type(text string) *driver {
	d.t.Helper()
	for _, r := range text {
		d.Press(string(r))
	}
	return d
}

// Paste gives a text at once, as terminals do that know bracketed paste.
func (d *driver) Paste(text string) *driver {
	d.t.Helper()
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
	d.calm()
	return d
}

var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "ctrl+c": tea.KeyCtrlC, "ctrl+p": tea.KeyCtrlP, "ctrl+u": tea.KeyCtrlU, "ctrl+z": tea.KeyCtrlZ,
	"ctrl+w": tea.KeyCtrlW, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "home": tea.KeyHome, "end": tea.KeyEnd,
}

func keyMsg(k string) tea.KeyMsg {
	if kind, ok := named[k]; ok {
		return tea.KeyMsg{Type: kind}
	}
	if k == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(" ")}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

// Screen is what the person sees, without colours.
func (d *driver) Screen() string { return ansi.Strip(d.app.View()) }

// Expect waits until the screen shows a text.
func (d *driver) Expect(text string) *driver {
	d.t.Helper()
	d.until(func() bool { return strings.Contains(d.Screen(), text) }, "the text "+text)
	return d
}

// Refuse fails when the screen shows a text.
func (d *driver) Refuse(text string) *driver {
	d.t.Helper()
	if strings.Contains(d.Screen(), text) {
		d.t.Fatalf("%q is on the screen:\n%s", text, d.Screen())
	}
	return d
}

// golden compares a screen with testdata/golden/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if got+"\n" != string(want) {
		t.Errorf("%s differs, look at it and run with -update if it is right\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
