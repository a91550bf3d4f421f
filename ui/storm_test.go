package ui

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// TestTerminalThatChangesItsSizeAllTheTime resizes while a run goes on, from 1x1 to 200x50.
func TestTerminalThatChangesItsSizeAllTheTime(t *testing.T) {
	d := training(t)
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		w, h := 1+dice.IntN(200), 1+dice.IntN(50)
		d.send(tea.WindowSizeMsg{Width: w, Height: h})
		d.app.top = i % len(registry)
		if err := fits(d.app.View(), w, h); err != nil {
			t.Fatalf("%s at %dx%d: %v", registry[d.app.top].name, w, h, err)
		}
	}
	d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
	d.Press("5").Expect("training")
}

// TestBookPastedIntoATextBox gives every text box a megabyte at once.
func TestBookPastedIntoATextBox(t *testing.T) {
	book := []rune(strings.Repeat("a quiet film about trains\n", 40000))
	boxes := map[string][]string{
		"sentence": {"1", "i"}, "filter": {"1", "/"}, "folder": {"1", "o"}, "file": {"3", "o"}, "search": {"3", "/"}, "setting": {"4", "j", "enter"},
		"help": {"?"}, "palette": {":"},
	}
	for name, keys := range boxes {
		t.Run(name, func(t *testing.T) {
			d := drive(t)
			d.Press(keys...)
			d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: book, Paste: true})
			d.calm()
			if err := fits(d.app.View(), 120, 34); err != nil {
				t.Error(err)
			}
			d.Press("x", "backspace", "esc", "esc", "2").Expect("freeze map")
		})
	}
}

// TestMouseNoise clicks, drags and turns the wheel everywhere, also where nothing is.
func TestMouseNoise(t *testing.T) {
	d := drive(t).Replay(130)
	d.Press("m")
	dice := rand.New(rand.NewPCG(3, 4))
	buttons := []tea.MouseButton{tea.MouseButtonLeft, tea.MouseButtonRight, tea.MouseButtonMiddle, tea.MouseButtonWheelUp, tea.MouseButtonWheelDown, tea.MouseButtonNone}
	for range 2000 {
		d.send(tea.MouseMsg{
			X: dice.IntN(300) - 50, Y: dice.IntN(100) - 30, Button: buttons[dice.IntN(len(buttons))],
			Action: []tea.MouseAction{tea.MouseActionPress, tea.MouseActionRelease, tea.MouseActionMotion}[dice.IntN(3)],
		})
	}
	if err := fits(d.app.View(), 120, 34); err != nil {
		t.Error(err)
	}
	if d.left {
		t.Error("the mouse left the workbench")
	}
}

// TestSleepingAndWaking suspends with a run going on, from a screen and from a question.
func TestSleepingAndWaking(t *testing.T) {
	d := training(t)
	for _, before := range []string{"5", "s"} {
		d.Press(before)
		cmd := d.app.press(keyMsg("ctrl+z"))
		if cmd == nil {
			t.Fatalf("ctrl+z after %s does nothing", before)
		}
		if msg, ok := cmd().(tea.SuspendMsg); !ok {
			t.Fatalf("ctrl+z after %s gives %T, want to be suspended", before, msg)
		}
		d.send(tea.ResumeMsg{})
		d.send(tea.BlurMsg{})
		d.send(tea.FocusMsg{})
		d.Expect("training")
	}
}

// TestLossesThatAreNoNumbersAreShown follows a run whose losses go wrong in every way.
func TestLossesThatAreNoNumbersAreShown(t *testing.T) {
	d := drive(t).Replay(60)
	log := d.app.session.Run.Log
	at := d.app.session.Status.Last.Step
	for i, loss := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 0, math.SmallestNonzeroFloat64} {
		v := engine.Number(loss)
		log.Append(engine.Step{Step: at + i + 1, Epoch: 2, Loss: v, LR: v, GradNorm: v, Tokens: 1, Took: 1e-9})
		log.Append(engine.Evaluated{Step: at + i + 1, Epoch: 2, Split: "dev", Loss: v, Metrics: map[string]engine.Number{"accuracy": v}})
		log.Append(engine.Measured{Step: at + i + 1, Layers: []engine.LayerState{{Name: "encoder.0", Params: 1, Trainable: 1, GradNorm: v, Drift: v}}})
	}
	d.until(func() bool { return d.app.session.Status.Last.Step == at+7 }, "the last step")
	d.Press("y")
	for screen := range registry {
		d.app.top = screen
		sweep(t, d.app, false)
	}
	d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
	d.app.top = 4
	d.Expect("NaN")
}

// TestDataWithoutExamplesIsShown looks at every screen with nothing to show.
func TestDataWithoutExamplesIsShown(t *testing.T) {
	d := drive(t)
	d.send(shared.DataMsg{Source: shared.SourceOf(d.app.session.Recipe), Err: os.ErrNotExist})
	for screen := range registry {
		d.app.top = screen
		sweep(t, d.app, false)
	}
}
