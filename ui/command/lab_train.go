package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"defrost/engine"
)

// train goes through the runs that are left.
func (t *tutor) train(ctx context.Context) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	for {
		next, step, err := t.lab.Begin(ctx, t.progress)
		t.progress = next
		if err != nil || step.Run == nil {
			return err
		}
		run := t.lab.Runs[step.Index]
		how := "starts"
		if step.Run.Past > 0 {
			how = "goes on"
		}
		t.say("Run %d of %d, %s, %s: %s", step.Index+1, len(t.lab.Runs), run.Name, how, run.About)
		if err := t.watch(step.Run); err != nil {
			return t.interrupted(ctx, err)
		}
	}
}

// watch shows the events of a run until it ends.
func (t *tutor) watch(run *engine.Run) error {
	var rep reporter = &lessonReporter{w: t.p.Out, live: !t.plain && isTerminal(t.p.Out)}
	if *t.asJSON {
		rep = jsonReporter{t.p.Out}
	}
	var failed error
	for cursor := run.Past; !run.Log.Done(cursor); {
		<-run.Log.Wait(cursor)
		events, next := run.Log.Since(cursor)
		for _, e := range events {
			if err := rep.report(e); err != nil && failed == nil {
				failed = fmt.Errorf("writing events: %w", err)
			}
		}
		cursor = next
	}
	_, err := run.Wait()
	return errors.Join(failed, err)
}

// interrupted says how to go on after a person stopped the lab.
func (t *tutor) interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return failure("lab " + t.lab.Name + " was stopped; the same command goes on where it was")
}

// A lessonReporter shows an evaluation per line, and on a terminal the steps on a line that moves.
type lessonReporter struct {
	w     io.Writer
	live  bool
	steps int
}

func (r *lessonReporter) report(e engine.Event) error {
	var err error
	switch e := e.(type) {
	case engine.Started:
		r.steps = e.Steps
	case engine.Step:
		if r.live {
			_, err = fmt.Fprint(r.w, lineStart+"  "+bar(e.Step, r.steps)+" "+stepLine(e, r.steps)+clearLine)
		}
	case engine.Evaluated:
		if e.Split == "dev" {
			err = r.line(evaluatedLine(e))
		}
	case engine.Finished:
		err = r.line(finishedLine(e))
	}
	return err
}

func (r *lessonReporter) line(text string) error {
	if r.live {
		text = lineStart + "  " + text + clearLine
	} else {
		text = "  " + text
	}
	_, err := fmt.Fprintln(r.w, text)
	return err
}
