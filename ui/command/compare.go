package command

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func compareCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "compare RUN RUN... | NAME | --start [FILE] | --resume NAME",
		Short: "Compare runs, with intervals and a paired test; train them first with --start",
		Long: "Compare lists the settings in which the runs differ, their figures with 95% intervals, and for every\n" +
			"two runs whether chance explains the difference: McNemar's mid-p test over the same examples, corrected\n" +
			"by Holm's method when there are more than two runs. Runs that differ only by their seed are averaged.\n\n" +
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
	start := addStartFlags(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		form, err := formOf(*asJSON, *asMarkdown, *asCSV, *asExamples)
		if err != nil {
			return err
		}
		if *split != "" && !slices.Contains(engine.Splits(), *split) {
			return usage("--split is %q, expected dev, test or hard", *split)
		}
		got, err := p.compared(c.Context(), start, args, *split, form != inText && form != inMarkdown)
		if err != nil && !errors.Is(err, errSome) {
			return err
		}
		return errors.Join(got.show(p, form), err)
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
func (p Program) compared(ctx context.Context, start *startFlags, args []string, split string, quiet bool) (outcome, error) {
	if !start.wanted() && start.chosen() {
		return outcome{}, usage("compare: found settings of runs, which --start trains")
	}
	if start.wanted() {
		e, err := p.train(ctx, start, args, quiet)
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
	default:
		err = o.text(p, f == inMarkdown)
	}
	if err == nil && !o.Tested() && len(o.Pairs) > 0 {
		return failure("compare: " + o.Pairs[0].Why)
	}
	return err
}

// text is the sweep alone where there is one: a column for each of its runs would be too many.
func (o outcome) text(p Program, markdown bool) error {
	if o.Sweep == nil {
		return comparedText(p, o.Comparison, markdown)
	}
	show := grid.text
	if markdown {
		show = grid.markdown
	}
	if err := show(sweepGrid(*o.Sweep), p); err != nil {
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

// A grid is a table with a title, as text or as Markdown.
type grid struct {
	title string
	rows  [][]string // the first is the header
}

func comparedText(p Program, c engine.Comparison, markdown bool) error {
	show := grid.text
	if markdown {
		show = grid.markdown
	}
	for _, g := range []grid{settingsGrid(c), figuresGrid(c), pairsGrid(c), seedsGrid(c)} {
		if len(g.rows) < 2 {
			continue
		}
		if err := show(g, p); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(p.Out, c.Verdict)
	return err
}

// text aligns the columns under the title.
func (g grid) text(p Program) error {
	header := append([]string{strings.ToUpper(g.title)}, g.rows[0][1:]...)
	t := newTable(p.Out, header...)
	for _, row := range g.rows[1:] {
		t.row(row...)
	}
	t.row("")
	return t.done()
}

// markdown writes a heading and a table; bars in cells are escaped.
func (g grid) markdown(p Program) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", g.title)
	for i, row := range g.rows {
		b.WriteString("|")
		for _, cell := range row {
			b.WriteString(" " + strings.ReplaceAll(cell, "|", `\|`) + " |")
		}
		b.WriteString("\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", len(row)) + "\n")
		}
	}
	_, err := fmt.Fprintln(p.Out, b.String())
	return err
}

// headed begins a grid with one column per run.
func headed(title string, c engine.Comparison) grid {
	header := []string{""}
	for _, run := range c.Runs {
		header = append(header, run.Name)
	}
	return grid{title, [][]string{header}}
}

func (g *grid) add(name string, n int, cell func(i int) string) {
	row := []string{name}
	for i := range n {
		row = append(row, cell(i))
	}
	g.rows = append(g.rows, row)
}

func settingsGrid(c engine.Comparison) grid {
	g := headed("differences", c)
	for _, s := range c.Settings {
		g.add(s.Name, len(c.Runs), s.Text)
	}
	return g
}

// figuresGrid is how good the runs are and what they cost.
func figuresGrid(c engine.Comparison) grid {
	g := headed("on "+c.Split, c)
	n := len(c.Runs)
	g.add("run", n, func(i int) string { return c.Runs[i].ID })
	g.add("examples", n, func(i int) string { return fmt.Sprint(c.Runs[i].Examples) })
	for _, name := range []string{"accuracy", "macro_f1", "loss"} {
		g.add(name, n, func(i int) string {
			m, ok := c.Runs[i].Measure(name)
			if !ok {
				return "-"
			}
			return fmt.Sprintf("%.3f [%.3f, %.3f]", float64(m.Value), float64(m.Low), float64(m.High))
		})
	}
	g.add("tokens", n, func(i int) string { return amount(c.Runs[i].Tokens) })
	g.add("time", n, func(i int) string { return duration(c.Runs[i].Seconds) })
	g.add("tokens/s", n, func(i int) string { return amount(int(c.Runs[i].Rate())) })
	g.add("learns", n, func(i int) string { return amount(c.Runs[i].Trainable) + " of " + amount(c.Runs[i].Total) })
	g.add("memory", n, func(i int) string { return size(int64(c.Runs[i].Memory)) })
	return g
}

// pairsGrid is the paired test of every two runs.
func pairsGrid(c engine.Comparison) grid {
	g := grid{"pairs", [][]string{{"", "both right", "only first", "only second", "both wrong", "difference", "mid-p", "exact p", "Holm p", "detectable"}}}
	for _, p := range c.Pairs {
		name := c.Runs[p.A].Name + " - " + c.Runs[p.B].Name
		if p.Why != "" {
			g.rows = append(g.rows, []string{name, p.Why})
			continue
		}
		d, _ := p.Gap("accuracy")
		g.rows = append(g.rows, []string{
			name, fmt.Sprint(p.Both), fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), fmt.Sprint(p.Neither),
			fmt.Sprintf("%+.3f [%+.3f, %+.3f]", float64(d.Value), float64(d.Low), float64(d.High)),
			figure(p.MidP), figure(p.Exact), figure(p.Holm), figure(p.Detectable),
		})
	}
	return g
}

func figure(n engine.Number) string { return strconv.FormatFloat(float64(n), 'g', 3, 64) }

// seedsGrid is the mean of the runs that differ only by their seed.
func seedsGrid(c engine.Comparison) grid {
	g := grid{"seeds", [][]string{{"", "runs", "mean accuracy", "deviation"}}}
	for _, s := range c.Seeds {
		var ids []string
		for _, i := range s.Runs {
			ids = append(ids, c.Runs[i].ID)
		}
		a := s.Accuracy
		g.rows = append(g.rows, []string{
			strings.Join(ids, ", "), fmt.Sprint(len(s.Runs)), fmt.Sprintf("%.3f [%.3f, %.3f]", float64(a.Value), float64(a.Low), float64(a.High)), figure(s.Std),
		})
	}
	return g
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
