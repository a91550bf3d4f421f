package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
	"defrost/ui/labs"
)

func labCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "lab [NAME|FILE]",
		Short: "Learn by predicting what small runs will show",
		Long: "Without a name, lab lists the labs. With one it tells what the lab is about, takes your prediction\n" +
			"before anything runs, trains the lab's runs, and says what came out and whether you were right.\n" +
			"Answers come from the flags, else from standard input, a line each. A lab that was interrupted goes\n" +
			"on where it was with the same command.\n\n" +
			"FILE is a lab of your own; README says how to write one. Labs in $DEFROST_HOME/labs are listed too.\n\n" +
			"With --json standard output carries one JSON object per event of the runs; the last one is of type lab.",
		Example: "  defrost lab\n  defrost lab thawing\n  defrost lab pretraining --answer 2 --check 1 --json",
		Args:    arguments(0, 1, "the name or file of one lab, or none"),
	}
	t := &tutor{p: p}
	c.Flags().StringVar(&t.answer, "answer", "", "your `PREDICTION`: the number of an answer, or the number asked for")
	c.Flags().StringVar(&t.check, "check", "", "`NUMBER` of your answer to the question after the runs")
	c.Flags().BoolVar(&t.again, "again", false, "start over; the runs of the last time stay on disk")
	c.Flags().BoolVar(&t.plain, "plain", false, "write line after line, on a terminal too")
	t.asJSON = jsonFlag(c, "print one JSON object per event, and what came out last")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return t.list()
		}
		lab, err := labs.Open(args[0])
		if err != nil {
			return err
		}
		t.lab, t.in = lab, bufio.NewScanner(p.In)
		return t.teach(c.Context())
	}
	return c
}

// A tutor leads one person through one lab.
type tutor struct {
	p             Program
	answer, check string
	again, plain  bool
	asJSON        *bool

	lab      labs.Lab
	progress labs.Progress
	in       *bufio.Scanner
}

// list prints a line per lab.
func (t *tutor) list() error {
	list, err := labs.List()
	if err != nil {
		return err
	}
	rows := newTable(t.p.Out, "LAB", "STATE", "TIME", "RUNS", "WHAT IT IS ABOUT")
	for _, l := range list {
		row, err := entryOf(l)
		if err != nil {
			return err
		}
		if *t.asJSON {
			if err := t.p.printJSON(row); err != nil {
				return err
			}
			continue
		}
		if row.Error != "" {
			rows.row(row.Name, "broken", "-", "-", row.Error)
			continue
		}
		rows.row(row.Name, row.State, about(row.Seconds), fmt.Sprint(row.Runs), row.Title)
	}
	if *t.asJSON {
		return nil
	}
	return rows.done()
}

// An entry is a line of the list of labs.
type entry struct {
	Name    string  `json:"name"`
	Title   string  `json:"title,omitempty"`
	About   string  `json:"about,omitempty"`
	State   string  `json:"state,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	Runs    int     `json:"runs,omitempty"`
	Error   string  `json:"error,omitempty"`
}

func entryOf(l labs.Listed) (entry, error) {
	if l.Err != nil {
		return entry{Name: l.Lab.Path, Error: l.Err.Error()}, nil
	}
	p, err := l.Lab.Progress()
	if err != nil {
		return entry{}, err
	}
	return entry{Name: l.Lab.Name, Title: l.Lab.Title, About: l.Lab.About, State: l.Lab.State(p).String(), Seconds: l.Lab.Seconds, Runs: len(l.Lab.Runs)}, nil
}

// about is how long a lab takes, as measured on the machine it was written on.
func about(seconds float64) string {
	if seconds == 0 {
		return "-"
	}
	return "about " + duration(seconds)
}

// teach goes through the lab from where the person is.
func (t *tutor) teach(ctx context.Context) (err error) {
	if t.progress, err = t.lab.Progress(); err != nil {
		return err
	}
	if t.again {
		if t.progress, err = t.lab.Again(); err != nil {
			return err
		}
	}
	t.introduce()
	if t.lab.State(t.progress) < labs.Ran {
		if err := t.lab.Missing(ctx); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{t.predict, t.train, t.show} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// say prints a line for people; programs that read JSON do not get it.
func (t *tutor) say(format string, args ...any) {
	if !*t.asJSON {
		fmt.Fprintf(t.p.Out, format+"\n", args...)
	}
}

// textWidth is how wide paragraphs are printed.
const textWidth = 88

// paragraph prints text in lines.
func (t *tutor) paragraph(text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > textWidth {
			t.say("%s", line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	t.say("%s\n", line)
}

// introduce says what the lab is about and what it will run.
func (t *tutor) introduce() {
	l := t.lab
	t.say("%s\n%s\n", strings.ToUpper(l.Title), l.About)
	for _, p := range l.Text {
		t.paragraph(p)
	}
	t.say("The runs:")
	for _, run := range l.Runs {
		t.say("  %-14s %s", run.Name, run.About)
	}
	if l.Seconds > 0 {
		t.say("They take about %s on two processor cores.", duration(l.Seconds))
	}
	t.say("")
}

// predict takes the answer to the question before the runs.
func (t *tutor) predict(context.Context) error {
	t.say("PREDICT FIRST\n%s", t.lab.Predict.Ask)
	for i, c := range t.lab.Predict.Choices {
		t.say("  %d  %s", i+1, c.Say)
	}
	if t.progress.Answer == "" || t.answer != "" {
		wanted := fmt.Sprintf("1 to %d", len(t.lab.Predict.Choices))
		if t.lab.Predict.Number != "" {
			wanted = "a number of percent"
		}
		err := t.take("--answer", t.answer, wanted, func(answer string) (err error) {
			t.progress, err = t.lab.Answer(t.progress, answer)
			return err
		})
		if err != nil {
			return err
		}
	}
	t.say("Your prediction: %s\n", t.lab.Said(t.progress.Answer))
	return nil
}

// take gives accept the value of a flag, or lines of standard input until one is accepted.
func (t *tutor) take(flag, given, wanted string, accept func(string) error) error {
	if given != "" {
		if err := accept(given); err != nil {
			return usageError{err}
		}
		return nil
	}
	for !*t.asJSON {
		t.ask(wanted)
		if !t.in.Scan() {
			break
		}
		err := accept(t.in.Text())
		if err == nil {
			return nil
		}
		t.say("%s", strings.TrimPrefix(err.Error(), "lab: "))
	}
	return usage("lab %s: found no answer, expected %s with %s or on standard input", t.lab.Name, wanted, flag)
}

// ask prints a prompt to who sits there.
func (t *tutor) ask(wanted string) {
	if isTerminal(t.p.Out) {
		fmt.Fprintf(t.p.Out, "your answer (%s): ", wanted)
	}
}

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
