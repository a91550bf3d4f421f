package command

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
	"defrost/ui/report"
)

func compareCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "compare RUN RUN... | NAME | --start [FILE] | --resume NAME",
		Short: "Compare runs, with intervals and a paired test; train them first with --start",
		Long: "Compare lists the settings in which the runs differ, their figures with 95% intervals, and for every\n" +
			"two runs whether chance explains the difference: McNemar's exact test of accuracies, the paired bootstrap\n" +
			"of other figures, over the same examples, corrected by Holm's method when there are more than two runs. Runs that differ only by their seed are averaged.\n\n" +
			"With --start it trains the runs first, several at the same time: those that a YAML file names, or every\n" +
			"combination of the flags' values, which commas separate. What nobody chooses is what is usual for the\n" +
			"backbone's family. A comparison keeps its name: --resume goes on with one that was broken off, the\n" +
			"finished runs left as they stand, and its NAME alone shows its results again.",
		Example: "  defrost compare pocket-bert-films-01 pocket-bert-films-02\n" +
			"  defrost compare --start --backbone pocket-bert,pocket-elmo --data films --seeds 3\n" +
			"  defrost compare --start --data helpdesk --limit 50,100,200,0 --steps 200\n" +
			"  defrost compare --start --train head,last:1,last:2,all\n" +
			"  defrost compare --start bert-vs-elmo.yaml",
	}
	asJSON := jsonFlag(c, "print one JSON object, with every example the runs disagree on")
	asMarkdown := c.Flags().Bool("markdown", false, "print Markdown tables")
	asCSV := c.Flags().Bool("csv", false, "print one line of comma-separated values per run and figure")
	asExamples := c.Flags().Bool("examples", false, "print one line of comma-separated values per example, with what each run said")
	split := c.Flags().String("split", "", "examples to compare on, `dev|test|hard`; without it test where every run has it, else dev")
	axis := c.Flags().String("axis", report.Steps, "draw curves over `step|seconds|tokens`")
	files := addFileFlags(c)
	start := addStartFlags(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		form, err := formOf(*asJSON, *asMarkdown, *asCSV, *asExamples)
		if err != nil {
			return err
		}
		if *split != "" && !slices.Contains(engine.Splits(), *split) {
			return usage("--split is %q, expected dev, test or hard", *split)
		}
		if !slices.Contains(report.Axes(), *axis) {
			return usage("--axis is %q, expected one of %s", *axis, strings.Join(report.Axes(), ", "))
		}
		if err := files.check(form != inText); err != nil {
			return err
		}
		progress := p.Out
		if files.printed() || form != inText { // what is printed is read by something else
			progress = p.Err
		}
		got, err := p.compared(c.Context(), start, args, *split, progress)
		if err != nil && !errors.Is(err, errSome) {
			return err
		}
		if files.printed() {
			form = inFile
		}
		return errors.Join(p.writeFiles(files, func() (report.Document, error) { return got.document(*axis) }), got.show(p, form), err)
	}
	return c
}

// A form is how a comparison is printed.
type form int

const (
	inText form = iota
	inMarkdown
	inJSON
	inCSV
	inExamples
	inFile // a file is printed, and nothing else
)

func formOf(asJSON, asMarkdown, asCSV, asExamples bool) (form, error) {
	chosen, count := inText, 0
	for f, on := range map[form]bool{inJSON: asJSON, inMarkdown: asMarkdown, inCSV: asCSV, inExamples: asExamples} {
		if on {
			chosen, count = f, count+1
		}
	}
	if count > 1 {
		return chosen, usage("compare: expected one of --json, --markdown, --csv and --examples")
	}
	return chosen, nil
}

// An outcome is a comparison to print; of runs that were started together with what the experiment
// says about them.
type outcome struct {
	engine.Comparison
	Name  string        `json:"name,omitempty"` // of the experiment
	Sweep *engine.Sweep `json:"sweep,omitempty"`
}

// compared trains runs where that is asked for, and compares.
func (p Program) compared(ctx context.Context, start *startFlags, args []string, split string, progress io.Writer) (outcome, error) {
	if !start.wanted() && start.chosen() {
		return outcome{}, usage("compare: found settings of runs, which --start trains")
	}
	if start.wanted() {
		e, err := p.train(ctx, start, args, progress)
		if err != nil && !errors.Is(err, errSome) {
			return outcome{}, err
		}
		got, compareErr := outcomeOf(e, split)
		if compareErr != nil {
			return got, compareErr
		}
		return got, err
	}
	if len(args) == 1 {
		if e, err := engine.OpenExperiment(args[0]); err == nil {
			return outcomeOf(e, split)
		}
	}
	if len(args) < 2 {
		return outcome{}, usage("compare: found %d arguments, expected two runs or more, or the name of a comparison", len(args))
	}
	got, err := compareRuns(args, split)
	return outcome{Comparison: got}, err
}

func outcomeOf(e engine.Experiment, split string) (outcome, error) {
	c, err := e.Compare(split)
	got := outcome{Comparison: c, Name: e.Name}
	if sweep, ok := e.Sweep(c); ok && err == nil {
		got.Sweep = &sweep
	}
	return got, err
}

// show prints the comparison; runs of which no two could be tested are a failure.
func (o outcome) show(p Program, f form) error {
	var err error
	switch f {
	case inJSON:
		err = p.printJSON(o)
	case inCSV:
		err = comparedCSV(p, o.Comparison)
	case inExamples:
		err = o.WriteExamples(p.Out)
	case inMarkdown:
		var d report.Document
		if d, err = o.document(report.Steps); err == nil {
			err = d.Markdown(p.Out)
		}
	case inText:
		err = o.text(p)
	}
	if err == nil && !o.Tested() && len(o.Pairs) > 0 {
		return failure("compare: " + o.Pairs[0].Why)
	}
	return err
}

// document is what is written about the comparison; of a sweep its points alone, for a column for each
// of its runs would be too many.
func (o outcome) document(axis string) (report.Document, error) {
	if o.Sweep != nil {
		return report.Sweep(*o.Sweep, o.Verdict), nil
	}
	return report.Compare(o.Comparison, axis)
}

// text is the tables that say most, then the verdict.
func (o outcome) text(p Program) error {
	tables := report.Summary(o.Comparison)
	if o.Sweep != nil {
		tables = []report.Table{report.SweepTable(*o.Sweep)}
	}
	if err := p.printTables(tables); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.Out, o.Verdict)
	return err
}

// compareRuns finds the runs by name or folder and compares them.
func compareRuns(names []string, split string) (engine.Comparison, error) {
	var dirs []string
	for _, name := range names {
		run, err := findRun(name)
		if err != nil {
			return engine.Comparison{}, err
		}
		dirs = append(dirs, run.Dir)
	}
	return engine.Compare(dirs, split)
}

// comparedCSV writes run, name, figure, value, low, high; figures without an interval leave it empty.
func comparedCSV(p Program, c engine.Comparison) error {
	w := csv.NewWriter(p.Out)
	rows := [][]string{{"run", "name", "split", "figure", "value", "low", "high"}}
	full := func(n engine.Number) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
	for _, run := range c.Runs {
		head := func(figure string, rest ...string) []string {
			return append([]string{run.ID, run.Name, c.Split, figure}, rest...)
		}
		for _, m := range run.Metrics {
			rows = append(rows, head(m.Name, full(m.Value), full(m.Low), full(m.High)))
		}
		for _, cost := range []struct {
			name  string
			value float64
		}{
			{"examples", float64(run.Examples)}, {"steps", float64(run.Steps)}, {"tokens", float64(run.Tokens)}, {"seconds", run.Seconds},
			{"trainable", float64(run.Trainable)}, {"total", float64(run.Total)}, {"memory", float64(run.Memory)},
		} {
			rows = append(rows, head(cost.name, full(engine.Number(cost.value)), "", ""))
		}
	}
	return w.WriteAll(rows)
}
