package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// training starts a run that lasts until it is told to stop.
func training(t *testing.T) *driver {
	t.Helper()
	d := drive(t)
	d.app.session.Recipe.Epochs = 100000
	d.Press("r").Expect("training").Expect("step ")
	return d
}

func TestRunIsPausedSteppedAndResumed(t *testing.T) {
	d := training(t)
	d.Press(" ").Expect("you: pause").Expect("paused at step")
	at := d.app.session.Status.Last.Step
	d.Press(".").Expect("you: step")
	d.until(func() bool { return d.app.session.Status.Last.Step == at+1 }, "one step")
	d.Expect("paused at step")
	d.Press(" ").Expect("you: resume")
	d.until(func() bool { return d.app.session.Status.Last.Step > at+1 }, "more steps")
}

func TestLearningRateIsSetInTheRun(t *testing.T) {
	d := training(t)
	d.Press("L").Expect("new peak learning rate").Type("nonsense").Press("enter").Expect("expected a number above 0")
	d.Press("ctrl+u").Type("5e-5").Press("enter").Expect("you: lr 5e-05")
}

func TestLayerIsFrozenInTheRun(t *testing.T) {
	d := training(t)
	d.Press("f").Expect("freeze map of run").Expect("space steers the run")
	d.Press("j", " ")
	d.until(func() bool { return strings.Contains(rowOf(d, "encoder.0"), "■ frozen") }, "a frozen row")
	d.Press("5").Expect("you: freeze encoder.0")
	if got := d.app.session.Recipe.Train; got != "all" {
		t.Errorf("steering the run changed the recipe to %q", got)
	}
	d.Press("2", " ")
	d.until(func() bool { return strings.Contains(rowOf(d, "encoder.0"), "► trains") }, "a thawed row")
}

func TestStoppingAsksAndKeepsGoingByDefault(t *testing.T) {
	d := training(t)
	d.Press("s").Expect("stop the run?").Press("enter").Refuse("stop the run?")
	if !d.app.session.Training() {
		t.Fatal("enter stopped the run, want it to keep going")
	}
	d.Press("s", "a").Expect("dev accuracy").Expect("stopped after")
}

func TestStopNowCanBeResumed(t *testing.T) {
	d := training(t)
	dir := d.app.session.Run.Dir
	d.Press("s", "n").Expect("the run failed").Expect("resume")
	if _, err := d.app.session.Run.Wait(); err == nil {
		t.Error("the run ended without saying that it was cut short")
	}
	at := d.app.session.Status.Last.Step
	d.Press("R").Expect("resumed").Expect("training")
	d.until(func() bool { return d.app.session.Status.Last.Step > at }, "more steps")
	if got := d.app.session.Run.Dir; got != dir {
		t.Errorf("went on in %s, want %s", got, dir)
	}
}

func TestLeavingAsksWhileARunTrains(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		d := training(t)
		d.Press(key).Expect("a run is training")
		d.Press("enter").Refuse("a run is training")
		if d.left || !d.app.session.Training() {
			t.Fatalf("%s then enter left, want to stay and train", key)
		}
		d.Press(key, "esc", "1", "q").Expect("a run is training").Press("n")
		if !d.left {
			t.Errorf("stop now did not leave")
		}
		d.app.session.Halt()
	}
}

func TestLeavingAfterTheStepWaitsForTheResult(t *testing.T) {
	d := training(t)
	d.Press("q", "a")
	d.until(func() bool { return d.left }, "leaving")
	if d.app.session.Status.Result.Steps == 0 {
		t.Error("left before the run had finished")
	}
}

func TestSecondRunWaitsForTheFirst(t *testing.T) {
	d := training(t)
	d.Press("r").Expect("a run is training")
}

func TestFinishedRunIsListedAndOpened(t *testing.T) {
	d := training(t)
	id := d.app.session.Run.ID
	d.Press("s", "a").Expect("stopped after")
	d.Press("o").Expect("runs").Expect(id).Expect("finished")
	d.Press("enter").Expect("dev accuracy")
}

func TestRunGoesBackToACheckpoint(t *testing.T) {
	d := training(t)
	d.Press("S").Expect("you: save")
	at := d.app.session.Status.Last.Step
	d.until(func() bool { return d.app.session.Status.Last.Step > at+3 }, "more steps")
	d.Press("w").Expect("go back to a checkpoint?").Press("enter").Refuse("go back to a checkpoint?")
	d.Press(" ").Expect("paused at step")
	far := d.app.session.Status.Last.Step
	d.Press("w", "l").Expect("you: rewind to the last checkpoint")
	d.Press(".")
	d.until(func() bool { return d.app.session.Status.Last.Step <= far }, "an earlier step")
}

func TestStagesThatTakeAWhileAreShown(t *testing.T) {
	d := drive(t).Replay(1) // it has started and reads on
	log := d.app.session.Run.Log
	log.Append(engine.Progress{Stage: "reading weights", Done: 20, Total: 80})
	d.Expect("► reading weights 25%").Expect("20 of 80").Expect("s, then n gives it up")
	sweep(t, d.app, true)
	d.send(tea.WindowSizeMsg{Width: 120, Height: 34})
	log.Append(engine.Loaded{Backbone: "tiny"})
	d.Expect("training").Refuse("reading weights")
	log.Append(engine.Step{Step: 1, Epoch: 1, Loss: 1, Tokens: 9, Took: 0.1})
	log.Append(engine.Progress{Stage: "evaluating", Done: 64, Total: 120})
	d.Expect("► evaluating 53%").Expect("step 1 of")
	log.Append(engine.Evaluated{Step: 1, Epoch: 1, Split: "dev"})
	d.Refuse("reading weights").Expect("epoch 1").Refuse("evaluating 53%")
}
