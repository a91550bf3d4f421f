package command

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"

	"defrost/engine"
)

// A reporter shows what happens in a run.
type reporter interface{ report(engine.Event) error }

// newReporter chooses by who reads: JSON lines for programs, a line that moves on a terminal,
// plain lines for files.
func newReporter(w io.Writer, asJSON bool) reporter {
	switch {
	case asJSON:
		return jsonReporter{w}
	case isTerminal(w):
		return &liveReporter{w: w}
	}
	return &plainReporter{w: w}
}

// isTerminal says whether somebody watches w.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb"
}

// A jsonReporter writes one object per event.
type jsonReporter struct{ w io.Writer }

func (j jsonReporter) report(e engine.Event) error {
	line, err := engine.MarshalEvent(e)
	if err != nil {
		return err
	}
	_, err = j.w.Write(append(line, '\n'))
	return err
}

// plainSteps is how many steps of a run a plain report shows.
const plainSteps = 20

// A plainReporter writes a line per event, but few of the steps.
type plainReporter struct {
	w     io.Writer
	steps int // planned
	stage engine.Progress
}

func (p *plainReporter) report(e engine.Event) error {
	if s, ok := e.(engine.Started); ok {
		p.steps = s.Steps
	}
	if s, ok := e.(engine.Step); ok {
		if every := max(p.steps/plainSteps, 1); s.Step%every != 0 {
			return nil
		}
		_, err := fmt.Fprintln(p.w, stepLine(s, p.steps))
		return err
	}
	if s, ok := e.(engine.Progress); ok {
		return p.progress(s)
	}
	if line := eventLine(e); line != "" {
		_, err := fmt.Fprintln(p.w, line)
		return err
	}
	return nil
}

// plainShare is how much further a stage has to be before it is worth another line.
const plainShare = 0.25

// progress writes the first word about a stage, and then one a quarter.
func (p *plainReporter) progress(s engine.Progress) error {
	same := s.Stage == p.stage.Stage && s.Total == p.stage.Total && s.Done > p.stage.Done
	if same && float64(s.Done-p.stage.Done) < plainShare*float64(s.Total) {
		return nil
	}
	p.stage = s
	_, err := fmt.Fprintln(p.w, stageLine(s))
	return err
}

// A liveReporter keeps the last line of a terminal moving and writes the other events above it.
type liveReporter struct {
	w     io.Writer
	steps int
}

// Sequences of a terminal: go back to the start of the line, clear what is right of the cursor.
const (
	lineStart = "\r"
	clearLine = "\x1b[K"
)

func (l *liveReporter) report(e engine.Event) error {
	if s, ok := e.(engine.Started); ok {
		l.steps = s.Steps
	}
	var err error
	switch e := e.(type) {
	case engine.Step:
		_, err = fmt.Fprint(l.w, lineStart+bar(e.Step, l.steps)+" "+stepLine(e, l.steps)+clearLine)
	case engine.Progress:
		_, err = fmt.Fprint(l.w, lineStart+bar(e.Done, e.Total)+" "+stageLine(e)+clearLine)
	case engine.Failed:
		_, err = fmt.Fprintln(l.w)
	default:
		if line := eventLine(e); line != "" {
			_, err = fmt.Fprintln(l.w, lineStart+line+clearLine)
		}
	}
	return err
}

// barWidth is short enough for bar and step line to fit into 80 columns.
const barWidth = 12

func bar(step, steps int) string {
	full := 0
	if steps > 0 {
		full = min(step*barWidth/steps, barWidth)
	}
	return strings.Repeat("#", full) + strings.Repeat("-", barWidth-full)
}
