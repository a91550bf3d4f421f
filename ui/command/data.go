package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"defrost/datasets"
	"defrost/engine"
)

func dataCommand(p Program) *cobra.Command {
	c := &cobra.Command{Use: "data", Short: "List the known data sets, or show one", Args: noSubcommand}
	asJSON := jsonFlag(c, "print one JSON object per set")
	c.RunE = func(*cobra.Command, []string) error {
		cards := append(datasets.Embedded(), datasets.Catalog()...)
		if *asJSON {
			return printEach(p, cards)
		}
		t := newTable(p.Out, "NAME", "KIND", "LABELS", "TRAIN", "DEV", "TEST", "WHERE", "LICENCE", "WHAT")
		for _, d := range cards {
			t.row(d.Name, string(d.Kind), number(d.Labels), number(d.Sizes[datasets.Train]), number(d.Sizes[datasets.Dev]),
				number(d.Sizes[datasets.Test]), whereData(d), d.Licence, d.Description)
		}
		return t.done()
	}
	c.AddCommand(showCommand(p), addCommand(p))
	return c
}

func noSubcommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("data: found %q, expected nothing, show and a name or file, or add and a set of the hub", args[0])
}

func addCommand(p Program) *cobra.Command {
	return &cobra.Command{
		Use:   "add NAME|hf:ORG/NAME[/CONFIG]",
		Short: "Download a data set from the hub",
		Long: "Add brings a public data set to this machine, as the Parquet files that the hub makes of every set, and\n" +
			"prints its folder. Its name is then good wherever a data set is asked for.",
		Example: "  defrost data add sst2\n  defrost data add hf:nyu-mll/glue/cola",
		Args:    arguments(1, 1, "one data set that `defrost data` lists on the hub, or hf:ORG/NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.download(c.Context(), args[0], engine.PullData)
		},
	}
}

func whereData(d datasets.Card) string {
	if d.HubID == "" {
		return "embedded"
	}
	if _, here := engine.DataFolder(d.Name); here {
		return "here, from " + d.HubID
	}
	return "hub: " + d.HubID
}

func showCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "show NAME|FILE",
		Short: "Show a data set: its parts, labels, problems and first examples",
		Args:  arguments(1, 1, "one data set, file or folder"),
	}
	var o datasets.Options
	c.Flags().StringVar(&o.TextColumn, "text", "", "`COLUMN` of the text")
	c.Flags().StringVar(&o.PairColumn, "pair", "", "`COLUMN` of the second text")
	c.Flags().StringVar(&o.LabelColumn, "label", "", "`COLUMN` of the label")
	c.Flags().Int64Var(&o.Seed, "seed", 0, "seed of the split of a single file")
	examples := c.Flags().Int("examples", 5, "training examples to show")
	asJSON := jsonFlag(c, "print one JSON object")
	c.RunE = func(_ *cobra.Command, args []string) error {
		var told func()
		o.Progress, told = p.hearing()
		d, err := engine.OpenData(args[0], o)
		told()
		if err != nil {
			return err
		}
		view := viewOf(d, max(*examples, 0))
		if *asJSON {
			return p.printJSON(view)
		}
		return p.showData(view)
	}
	return c
}

// A dataView is what data show prints.
type dataView struct {
	Name        string                           `json:"name"`
	Description string                           `json:"description,omitempty"`
	Licence     string                           `json:"licence,omitempty"`
	Kind        datasets.Kind                    `json:"kind"`
	Labels      []string                         `json:"labels"`
	Sizes       map[datasets.Part]int            `json:"sizes"`
	Counts      map[datasets.Part]map[string]int `json:"counts"`               // examples (words, in tagged text) by label
	Unlabelled  map[datasets.Part]int            `json:"unlabelled,omitempty"` // examples without a label, where they may have several
	Skipped     int                              `json:"skipped"`
	Problems    []string                         `json:"problems"`
	Leaks       int                              `json:"leaks"` // inputs that occur in two parts
	Examples    []map[string]any                 `json:"examples"`
}

func viewOf(d *datasets.Dataset, examples int) dataView {
	v := dataView{
		Name: d.Name, Description: d.Description, Licence: d.Licence, Kind: d.Kind, Labels: append([]string{}, d.Labels...),
		Sizes: map[datasets.Part]int{}, Counts: map[datasets.Part]map[string]int{}, Skipped: d.Skipped, Problems: []string{},
		Leaks: len(d.Leaks()), Examples: []map[string]any{},
	}
	for _, part := range datasets.Parts() {
		v.Sizes[part] = len(d.Part(part))
		v.Counts[part] = map[string]int{}
		for i, n := range d.LabelCounts(part) {
			v.Counts[part][d.Labels[i]] = n
		}
	}
	if d.Kind == datasets.MultiLabel {
		v.Unlabelled = unlabelled(d)
	}
	for _, problem := range d.Problems {
		v.Problems = append(v.Problems, problem.String())
	}
	for _, ex := range d.Train[:min(examples, len(d.Train))] {
		v.Examples = append(v.Examples, fields(ex))
	}
	return v
}

// unlabelled counts the examples of each part that have no label.
func unlabelled(d *datasets.Dataset) map[datasets.Part]int {
	n := map[datasets.Part]int{}
	for _, part := range datasets.Parts() {
		for _, ex := range d.Part(part) {
			if len(ex.Labels) == 0 {
				n[part]++
			}
		}
	}
	return n
}

// noLabel stands for the lack of labels.
const noLabel = "(no label)"

// fields are the filled fields of an example.
func fields(ex datasets.Example) map[string]any {
	f := map[string]any{}
	for name, text := range map[string]string{
		"id": ex.ID, "text": ex.Text, "pair": ex.Pair, "label": ex.Label,
		"context": ex.Context, "question": ex.Question, "target": ex.Target,
	} {
		if text != "" {
			f[name] = text
		}
	}
	if ex.Labels != nil {
		f["labels"] = ex.Labels
	}
	if len(ex.Words) > 0 {
		f["words"], f["tags"] = ex.Words, ex.Tags
	}
	if ex.Question != "" {
		f["answers"] = answersOf(ex)
	}
	return f
}

func answersOf(ex datasets.Example) []string {
	texts := []string{}
	for _, a := range ex.Answers {
		texts = append(texts, a.Text)
	}
	return texts
}

// shownProblems is how many problems are listed; the rest is a number.
const shownProblems = 10

func (p Program) showData(v dataView) error {
	fmt.Fprintf(p.Out, "%s: %s data", v.Name, v.Kind)
	if v.Licence != "" {
		fmt.Fprintf(p.Out, ", licence %s", v.Licence)
	}
	fmt.Fprintln(p.Out)
	if v.Description != "" {
		fmt.Fprintln(p.Out, v.Description)
	}
	fmt.Fprintln(p.Out)
	if err := p.balance(v); err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "\n%d rows skipped, %d inputs in two parts\n", v.Skipped, v.Leaks)
	for i, problem := range v.Problems {
		if i == shownProblems {
			fmt.Fprintf(p.Out, "and %d more\n", len(v.Problems)-i)
			break
		}
		fmt.Fprintln(p.Out, problem)
	}
	return p.examples(v)
}

// balance is a table of labels by part.
func (p Program) balance(v dataView) error {
	t := newTable(p.Out, "LABEL", "TRAIN", "DEV", "TEST", "HARD")
	add := func(name string, count func(datasets.Part) int) {
		row := []string{name}
		for _, part := range datasets.Parts() {
			row = append(row, fmt.Sprint(count(part)))
		}
		t.row(row...)
	}
	for _, label := range v.Labels {
		add(label, func(p datasets.Part) int { return v.Counts[p][label] })
	}
	if len(v.Unlabelled) > 0 {
		add(noLabel, func(p datasets.Part) int { return v.Unlabelled[p] })
	}
	add("examples", func(p datasets.Part) int { return v.Sizes[p] })
	return t.done()
}

// exampleOrder is how the fields of an example are listed.
var exampleOrder = []string{"label", "labels", "text", "pair", "target", "context", "question", "answers", "words", "tags"}

func (p Program) examples(v dataView) error {
	for _, ex := range v.Examples {
		fmt.Fprintln(p.Out)
		for _, name := range exampleOrder {
			if value, ok := ex[name]; ok {
				fmt.Fprintf(p.Out, "%-9s %s\n", name, plain(name, value))
			}
		}
	}
	_, err := fmt.Fprint(p.Out)
	return err
}

// plain joins lists with blanks, labels with commas: they may be of several words.
func plain(name string, value any) string {
	list, is := value.([]string)
	switch {
	case !is:
		return fmt.Sprint(value)
	case name != "labels":
		return strings.Join(list, " ")
	case len(list) == 0:
		return noLabel
	}
	return strings.Join(list, ", ")
}
