package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

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
			"FILE is a lab of your own: --print writes one that ships, to begin from. Files in $DEFROST_HOME/labs,\n" +
			"else in labs beside the runs, are listed and shown in the workbench too.\n\n" +
			"With --json standard output carries one JSON object per event of the runs; the last one is of type lab.",
		Example: "  defrost lab\n  defrost lab thawing\n  defrost lab pretraining --answer 2 --check 1 --json\n  defrost lab thawing --print > mine.yaml",
		Args:    arguments(0, 1, "the name or file of one lab, or none"),
	}
	t := &tutor{p: p}
	c.Flags().StringVar(&t.answer, "answer", "", "your `PREDICTION`: the number of an answer, or the number asked for")
	c.Flags().StringVar(&t.check, "check", "", "`NUMBER` of your answer to the question after the runs")
	c.Flags().BoolVar(&t.again, "again", false, "start over; the runs of the last time stay on disk")
	c.Flags().BoolVar(&t.plain, "plain", false, "write line after line, on a terminal too")
	printOnly := c.Flags().Bool("print", false, "print the file of a lab that ships, and stop")
	t.asJSON = jsonFlag(c, "print one JSON object per event, and what came out last")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return t.list()
		}
		if *printOnly {
			return t.print(args[0])
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
