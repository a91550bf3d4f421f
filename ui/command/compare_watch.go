package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"defrost/engine"
)

// A watch shows how the runs of a comparison go: a line for what is worth one, and on a terminal a
// last line that moves.
type watch struct {
	w        io.Writer
	entries  []engine.Entry
	terminal bool

	mu      sync.Mutex
	last    []string // where each run is
	readers sync.WaitGroup
}

func newWatch(w io.Writer, e engine.Experiment) *watch {
	v := &watch{w: w, entries: e.Entries, terminal: isTerminal(w), last: make([]string, len(e.Entries))}
	v.say(fmt.Sprintf("comparison %s: %d runs, %s", e.Name, len(e.Entries), e.Path))
	return v
}

// begin follows a run until its log ends.
func (v *watch) begin(i int, run *engine.Run) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !run.Running() && run.Log.Done(run.Log.Len()) {
		v.say(fmt.Sprintf("%s: finished before, %s", v.entries[i].Name, run.Dir))
		return
	}
	v.readers.Go(func() {
		steps := 0
		for cursor := 0; !run.Log.Done(cursor); {
			<-run.Log.Wait(cursor)
			events, next := run.Log.Since(cursor)
			for k, e := range events {
				if s, ok := e.(engine.Started); ok {
					steps = s.Steps
				}
				if cursor+k >= run.Past {
					v.take(i, e, steps)
				}
			}
			cursor = next
		}
	})
}

// take shows one event of a run.
func (v *watch) take(i int, e engine.Event, steps int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := e.(type) {
	case engine.Step:
		v.last[i] = fmt.Sprintf("%s %d/%d loss %.3f", v.entries[i].Name, e.Step, steps, float64(e.Loss))
		v.move()
		return
	case engine.Finished:
		v.last[i] = ""
	case engine.Failed:
		v.last[i] = ""
		v.say(v.entries[i].Name + ": " + oneLine(e.Error))
		return
	case engine.Loaded:
		return
	}
	if line := eventLine(e); line != "" {
		v.say(v.entries[i].Name + ": " + line)
	}
}

// say writes a line above the one that moves.
func (v *watch) say(line string) {
	if v.terminal {
		line = lineStart + line + clearLine
	}
	fmt.Fprintln(v.w, line)
	v.move()
}

// move writes the last line anew.
func (v *watch) move() {
	if !v.terminal {
		return
	}
	var parts []string
	for _, part := range v.last {
		if part != "" {
			parts = append(parts, part)
		}
	}
	fmt.Fprint(v.w, lineStart+ansi.Truncate(strings.Join(parts, "  |  "), v.width()-1, "")+clearLine)
}

// width is that of the terminal.
func (v *watch) width() int {
	if f, ok := v.w.(*os.File); ok {
		if w, _, err := term.GetSize(f.Fd()); err == nil && w > 1 {
			return w
		}
	}
	return 80
}

// wait returns when every run's last event was shown, and ends the line that moves.
func (v *watch) wait() {
	v.readers.Wait()
	if v.terminal {
		fmt.Fprint(v.w, lineStart+clearLine)
	}
}
