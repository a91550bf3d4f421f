package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// runningText is a file of sentences that can be told from a few words.
func runningText(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for i := range 400 {
		fmt.Fprintf(&text, "The film was good and the %d books were very bright and warm.\n", i)
	}
	path := filepath.Join(t.TempDir(), "books.txt")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPretrainingFromKeyPresses fills the form, watches, pauses, cuts the run short, goes on and stops it.
func TestPretrainingFromKeyPresses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "own")
	d := drive(t).Press("1", "p").Expect("pre-train testdata/tiny").Expect("files of running text")
	d.Press("enter").Expect("corpus is empty, expected one file")
	d.Paste(runningText(t)).Press("tab", "ctrl+u").Type("-1").Press("enter").Expect(`minutes is "-1"`)
	d.Press("ctrl+u").Type("60").Press("tab", "tab", "ctrl+u").Paste(out).Press("enter")
	d.Expect("masked words (mlm)").Expect("tokens per second").Expect("books.txt")
	d.until(func() bool { return d.app.session.Status.Last.Step > 3 }, "three steps")
	d.Press(" ").Expect("paused at step").Press("S").Expect("you: save").Press(".").Expect("you: step")
	d.Press("L").Type("1").Press("enter").Expect("lr refused")
	d.Press("s", "n").Expect("stopped at step")
	d.until(func() bool { return !d.app.session.Run.Running() }, "the checkpoint")
	d.Press("R").Expect("resumed").Press("s", "a").Expect("held out: perplexity").Expect("stopped after")
	again, err := engine.OpenRun(out)
	if err != nil {
		t.Fatal(err)
	}
	if events, _ := again.Log.Since(0); events[len(events)-1].Type() != "finished" {
		t.Errorf("got %+v, want the end of the run", events[len(events)-1])
	}
	if _, err := engine.OpenModel(t.Context(), out); err != nil {
		t.Errorf("got %v, want a backbone that opens", err)
	}
}

// pretraining is a run as its events would tell it.
func pretraining() *engine.Run {
	run := &engine.Run{ID: "pocket-bert-own", Dir: "runs/pocket-bert-own", Log: engine.NewLog(), Wheel: &engine.Wheel{}}
	r := engine.Defaults()
	r.Data, r.Task, r.Seconds, r.Epochs = "books.txt", "mlm", 600, 0
	run.Log.Append(engine.Started{Run: run.ID, Dir: run.Dir, Recipe: r, Task: "mlm", Primary: "perplexity", Examples: engine.Counts{Train: 41250, Dev: 400}})
	run.Log.Append(engine.Loaded{Trainable: 5.6e6, Total: 5.6e6})
	best := 0
	for i := 1; i <= 300; i++ {
		fall := 5.5 + 3.5/(1+float64(i)/40)
		run.Log.Append(engine.Step{
			Step: i, Epoch: 1, Loss: engine.Number(fall + 0.1*float64(i*7%5)), LR: engine.Number(2e-3 * min(float64(i)/50, float64(600-i)/550)),
			GradNorm: 1.5, Tokens: 1024, Seconds: float64(i), Took: 1 + 0.1*float64(i%3),
		})
		if i%75 == 0 {
			best++
			run.Log.Append(engine.Evaluated{
				Step: i, Epoch: best, Split: "dev", Loss: engine.Number(fall), Best: true, Metrics: map[string]engine.Number{"perplexity": engine.Number(2000 / float64(best+1))},
			})
		}
	}
	return run
}

func TestPretrainingScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 34}} {
		d := drive(t)
		d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		d.Press("1", "p")
		d.Press("tab", "tab", "tab", "ctrl+u").Type("my-bert").Press("tab")
		golden(t, fmt.Sprintf("pretrain-form-%dx%d.txt", size[0], size[1]), d.Screen())
		d.Press("esc")
		d.send(shared.RunMsg{Run: pretraining()})
		d.until(func() bool { return d.app.session.Status.Last.Step == 300 }, "the recorded events")
		d.calm()
		golden(t, fmt.Sprintf("pretrain-live-%dx%d.txt", size[0], size[1]), d.Screen())
	}
}
