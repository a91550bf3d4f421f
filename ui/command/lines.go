package command

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"defrost/engine"
)

// eventLine is an event in words; "" for those that are not worth a line.
func eventLine(e engine.Event) string {
	switch e := e.(type) {
	case engine.Started:
		return startedLine(e)
	case engine.Loaded:
		return loadedLine(e)
	case engine.Evaluated:
		return evaluatedLine(e)
	case engine.Thawed:
		return fmt.Sprintf("epoch %d: %s learn now (%s)", e.Epoch, strings.Join(learning(e.Layers), ", "), e.Why)
	case engine.Steered:
		return strings.TrimSpace(fmt.Sprintf("step %d: %s %s", e.Step, e.Action, e.Value))
	case engine.Note:
		return e.Text
	case engine.Finished:
		return finishedLine(e)
	}
	return ""
}

func startedLine(e engine.Started) string {
	line := fmt.Sprintf("run %s: %s on %s, %d train %d dev %d test, %d steps, %d threads (%s)",
		e.Dir, e.Task, e.Recipe.Data, e.Examples.Train, e.Examples.Dev, e.Examples.Test, e.Steps, e.Threads, e.ISA)
	if e.Resumed > 0 {
		line += fmt.Sprintf(", resumed at step %d", e.Resumed)
	}
	return line
}

func loadedLine(e engine.Loaded) string {
	if engine.IsEndpoint(e.Backbone) {
		return e.Backbone + ": asked where it runs, nothing of it is here"
	}
	return fmt.Sprintf("%s: %s of %s parameters learn; %d tensors loaded, %d dropped, %d new; about %s of memory",
		e.Backbone, amount(e.Trainable), amount(e.Total), e.Report.Loaded, len(e.Report.Dropped), len(e.Report.Fresh), size(int64(e.Memory.Total())))
}

func evaluatedLine(e engine.Evaluated) string {
	line := fmt.Sprintf("epoch %d: %s loss %.4f %s", e.Epoch, e.Split, float64(e.Loss), metrics(e.Metrics))
	if math.IsNaN(float64(e.Loss)) { // nothing was said of how likely the answers were
		line = fmt.Sprintf("%s: %s", e.Split, metrics(e.Metrics))
	}
	if e.Best {
		line += " (best)"
	}
	for _, s := range e.Written[:min(1, len(e.Written))] {
		line += fmt.Sprintf("\n  %s -> %s", s.Text, s.Written)
	}
	return line
}

func finishedLine(e engine.Finished) string {
	how := "finished"
	if e.Stopped {
		how = "stopped"
	}
	return fmt.Sprintf("%s after %d steps in %s: %s", how, e.Steps, duration(e.Seconds), metrics(e.Metrics))
}

// stageLine is how far a stage is.
func stageLine(e engine.Progress) string {
	return fmt.Sprintf("%s: %d of %d", e.Stage, e.Done, e.Total)
}

// stepLine is where a run stands; it fits into 66 columns.
func stepLine(s engine.Step, steps int) string {
	rate := 0.0
	if s.Took > 0 {
		rate = float64(s.Tokens) / s.Took
	}
	return fmt.Sprintf("step %d/%d epoch %d loss %.4f lr %.2g %s tokens/s", s.Step, steps, s.Epoch, float64(s.Loss), float64(s.LR), amount(int(rate)))
}

// learning names the layers that are not frozen.
func learning(layers []engine.LayerState) []string {
	var names []string
	for _, l := range layers {
		if !l.Frozen() {
			names = append(names, l.Name)
		}
	}
	return names
}

// metrics lists values by name; sizes of splits are left out, and what makes up the F1 of one type
// of entity.
func metrics(values map[string]engine.Number) string {
	var names, parts []string
	for name := range values {
		if !strings.HasSuffix(name, "_examples") && !strings.Contains(name, "precision_") && !strings.Contains(name, "recall_") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s %.4f", name, float64(values[name])))
	}
	return strings.Join(parts, " ")
}

// amount writes 950, 4.2k, 109.5M.
func amount(n int) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1fG", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1fM", float64(n)/1e6)
	case n >= 1e4:
		return fmt.Sprintf("%.1fk", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}

// size writes bytes as 12 kB, 1.3 GB.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.0f kB", float64(n)/1e3)
}

// duration writes seconds as 12s, 3m20s.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	if d < time.Minute {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
