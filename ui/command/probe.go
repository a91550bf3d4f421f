package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
	"defrost/ui/report"
)

func probeCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "probe --backbone NAME,... --data NAME,...",
		Short: "Ask every layer of a backbone what it knows",
		Long: "Probe trains a linear classifier on the frozen states of every layer: on the mean over a text for labels, on\n" +
			"each word's first token for tags. Layers hold different knowledge, and the best one is often not the last.\n" +
			"A further classifier reads a learnt average of all layers, as ELMo's, and its shares say where it looks.\n" +
			"The penalty is chosen within the training examples, so dev and test are both unseen. Intervals are 95%.\n" +
			"A folder such as RUN/checkpoints/best probes what fine-tuning made of the layers.",
		Example: "  defrost probe --data films,ner\n  defrost probe --backbone pocket-bert,pocket-elmo --data films,helpdesk,ner --svg layers.svg",
		Args:    arguments(0, 0, "none: everything is a flag"),
	}
	var o engine.ProbeOptions
	f := c.Flags()
	f.SortFlags = false
	backbones := f.StringSlice("backbone", []string{engine.Defaults().Backbone}, "`NAMES` of backbones, or folders")
	data := f.StringSlice("data", []string{engine.Defaults().Data}, "`NAMES` of data sets, or files")
	addTableFlags(f, &o.Table)
	f.BoolVar(&o.Scratch, "scratch", false, "fresh weights, the control group")
	f.IntVar(&o.Limit, "limit", 0, "learn from at most so many training examples; 0 takes all")
	f.IntVar(&o.MaxLength, "max-length", 0, "tokens of a text; 0 takes what suits the backbone")
	f.Int64Var(&o.Seed, "seed", engine.Defaults().Seed, "seed of --limit and of fresh weights")
	asJSON := jsonFlag(c, "print one JSON object per backbone and data set")
	asMarkdown := f.Bool("markdown", false, "print Markdown tables")
	files := addFileFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		form, err := formOf(*asJSON, *asMarkdown, false, false)
		if err != nil {
			return usage("probe: expected one of --json and --markdown")
		}
		if o.Limit < 0 || o.MaxLength < 0 {
			return usage("probe: limit is %d and max length %d, expected 0 or more", o.Limit, o.MaxLength)
		}
		if err := files.check(form != inText); err != nil {
			return err
		}
		if files.printed() {
			form = inFile
		}
		ctx, stop := interruptible(c.Context())
		defer stop()
		var list []engine.Probed
		for _, o.Backbone = range *backbones {
			for _, o.Data = range *data {
				probed, err := engine.ProbeLayers(ctx, o)
				if err != nil {
					return err
				}
				list = append(list, probed)
				if err := p.probed(probed, form); err != nil {
					return err
				}
			}
		}
		return p.writeFiles(files, func() (report.Document, error) { return report.Probe(list), nil })
	}
	return c
}

// probed prints what one backbone knows about one data set.
func (p Program) probed(probed engine.Probed, f form) error {
	d := report.Probe([]engine.Probed{probed})
	switch f {
	case inJSON:
		return p.printJSON(probed)
	case inMarkdown:
		d.Title = ""
		return d.Markdown(p.Out)
	case inFile:
		return nil
	}
	fmt.Fprintf(p.Out, "%s\n\n", d.Lead[0])
	return p.printTables(d.Tables)
}
