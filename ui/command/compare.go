package command

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func compareCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "compare RUN RUN...",
		Short: "Compare runs, with intervals and a paired test",
		Long: "Compare lists the settings in which the runs differ, their figures with 95% intervals, and for every\n" +
			"two runs whether chance explains the difference: McNemar's mid-p test over the same examples, corrected\n" +
			"by Holm's method when there are more than two runs. Runs that differ only by their seed are averaged.",
		Args: arguments(2, -1, "two runs or more"),
	}
	asJSON := jsonFlag(c, "print one JSON object, with every example the runs disagree on")
	asMarkdown := c.Flags().Bool("markdown", false, "print Markdown tables")
	asCSV := c.Flags().Bool("csv", false, "print one line of comma-separated values per run and figure")
	split := c.Flags().String("split", "", "examples to compare on, `dev|test|hard`; without it test where every run has it, else dev")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if *split != "" && !slices.Contains(engine.Splits(), *split) {
			return usage("--split is %q, expected dev, test or hard", *split)
		}
		if *asJSON && *asCSV || *asJSON && *asMarkdown || *asCSV && *asMarkdown {
			return usage("compare: expected one of --json, --markdown and --csv")
		}
		got, err := compareRuns(args, *split)
		if err != nil {
			return err
		}
		switch {
		case *asJSON:
			err = p.printJSON(got)
		case *asCSV:
			err = comparedCSV(p, got)
		default:
			err = comparedText(p, got, *asMarkdown)
		}
		if err == nil && !got.Tested() {
			return failure("compare: " + got.Pairs[0].Why)
		}
		return err
	}
	return c
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
