package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"defrost/engine"
	"defrost/ui/report"
)

// transferData are the data sets of the table when nobody says: those with labels that are embedded.
var transferData = []string{"films", "restaurants", "gadgets", "helpdesk", "ner"}

func transferCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "transfer [NAME]",
		Short: "Make the table of what backbones are worth, data set by data set",
		Long: "Transfer trains every backbone on every data set from scratch, with its head alone, with the last layer, by\n" +
			"gradual thawing and whole, with several seeds, and prints the means with their 95% intervals and what the\n" +
			"best mode gains over scratch. It takes hours: whenever it is stopped, --resume NAME goes on, and NAME alone\n" +
			"shows what has finished so far. Backbones without layers, word vectors, leave out two of the modes.",
		Example: "  defrost transfer --backbone pocket-bert --data films,helpdesk --seeds 3\n" +
			"  defrost transfer --limit 100 --markdown\n  defrost transfer --resume transfer-02",
		Args: arguments(0, 1, "the name of a table that was begun, or nothing"),
	}
	o := engine.TransferOptions{Name: "transfer"}
	f := c.Flags()
	f.SortFlags = false
	f.StringSliceVar(&o.Backbones, "backbone", nil, "`NAMES` of backbones, or folders; those that are embedded when not given")
	f.StringSliceVar(&o.Data, "data", transferData, "`NAMES` of data sets, or files")
	f.StringSliceVar(&o.Modes, "modes", engine.TransferModes(), "`MODES` to train in")
	f.IntVar(&o.Seeds, "seeds", 5, "runs of each cell")
	limit := f.Int("limit", 0, "learn from at most so many training examples; 0 takes all")
	epochs := f.Int("epochs", 0, "passes over the examples; what suits the backbone when not given")
	f.IntVar(&o.Steps, "steps", 0, "give each run about `N` steps, in whole epochs")
	f.IntVar(&o.Together, "together", 0, "runs that train at the same time; 0 is one per thread")
	f.StringVar(&o.Name, "name", o.Name, "`NAME` of the table, to go on with it later")
	resume := f.String("resume", "", "go on with the table `NAME` that was broken off")
	asJSON := jsonFlag(c, "print one JSON object")
	asMarkdown := f.Bool("markdown", false, "print Markdown tables")
	c.RunE = func(c *cobra.Command, args []string) error {
		form, err := formOf(*asJSON, *asMarkdown, false, false)
		if err != nil {
			return usage("transfer: expected one of --json and --markdown")
		}
		if *limit < 0 || *epochs < 0 || o.Steps < 0 || o.Together < 0 {
			return usage("transfer: limit is %d, epochs %d, steps %d and together %d, expected 0 or more", *limit, *epochs, o.Steps, o.Together)
		}
		if len(args) == 1 {
			if *resume != "" {
				return usage("transfer: found %s beside --resume, expected one of them", args[0])
			}
			e, err := engine.OpenExperiment(args[0])
			if err != nil {
				return err
			}
			return p.showTransfer(e, form)
		}
		for _, s := range []struct {
			key   string
			value int
		}{{"limit", *limit}, {"epochs", *epochs}} {
			if s.value > 0 {
				o.Base = append(o.Base, yaml.MapItem{Key: s.key, Value: s.value})
			}
		}
		progress := p.Out
		if form != inText {
			progress = p.Err
		}
		e, err := p.transfer(c.Context(), o, *resume, progress)
		if err != nil && !errors.Is(err, errSome) {
			return err
		}
		return errors.Join(p.showTransfer(e, form), err)
	}
	return c
}

// transfer trains the runs of a table, of one that was begun those that are missing.
func (p Program) transfer(ctx context.Context, o engine.TransferOptions, resume string, progress io.Writer) (engine.Experiment, error) {
	if resume != "" {
		e, err := engine.OpenExperiment(resume)
		if err != nil {
			return e, err
		}
		return p.trainAll(ctx, e, "transfer", progress)
	}
	if len(o.Backbones) == 0 {
		for _, card := range engine.Backbones() {
			if card.Embedded && card.Cached {
				o.Backbones = append(o.Backbones, card.Name)
			}
		}
	}
	e, err := engine.Transfer(o)
	if err == nil {
		_, err = e.Expand(ctx)
	}
	if err != nil {
		return e, usageError{err}
	}
	if e, err = e.Create(ctx); err != nil {
		return e, err
	}
	return p.trainAll(ctx, e, "transfer", progress)
}

// showTransfer prints the tables.
func (p Program) showTransfer(e engine.Experiment, f form) error {
	tables, err := e.TransferTables()
	if err != nil {
		return err
	}
	d := report.Transfer(e.Name, tables)
	switch f {
	case inJSON:
		return p.printJSON(map[string]any{"name": e.Name, "finished": e.Finished(), "runs": len(e.Entries), "tables": tables})
	case inMarkdown:
		return d.Markdown(p.Out)
	}
	fmt.Fprintf(p.Out, "%s: %d of %d runs finished. %s\n\n", e.Name, e.Finished(), len(e.Entries), d.Lead[0])
	return p.printTables(d.Tables)
}
