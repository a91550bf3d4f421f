package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func pretrainCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "pretrain --teacher DIR --corpus FILE... --out DIR",
		Short: "Distil a small backbone from a large one",
		Long: "Pretrain makes a small BERT that says about running text what its teacher says. Give --corpus once\n" +
			"per file, or with commas, or files as arguments. An interrupted run goes on when it is started again.",
	}
	o := engine.DistilDefaults()
	f := c.Flags()
	f.StringVar(&o.TeacherDir, "teacher", "", "model `FOLDER` of the teacher")
	f.StringSliceVar(&o.Files, "corpus", nil, "`FILES` of running text, .gz allowed")
	f.StringVar(&o.Out, "out", "", "`FOLDER` of the student")
	f.IntVar(&o.Vocabulary, "vocabulary", o.Vocabulary, "tokens of the student")
	f.IntVar(&o.Layers, "layers", o.Layers, "layers of the student")
	f.IntVar(&o.Width, "width", o.Width, "width of the student")
	f.IntVar(&o.Heads, "heads", o.Heads, "attention heads of the student")
	f.IntVar(&o.FFN, "ffn", o.FFN, "feed-forward width of the student")
	f.IntVar(&o.Length, "length", o.Length, "longest sequence of the student")
	f.IntVar(&o.Tokens, "tokens", o.Tokens, "tokens to see in all")
	f.IntVar(&o.BatchTokens, "batch-tokens", o.BatchTokens, "tokens per step, about")
	f.Float64Var(&o.LR, "lr", o.LR, "peak learning rate")
	f.Int64Var(&o.Seed, "seed", o.Seed, "seed of everything random")
	f.DurationVar(&o.SaveEvery, "save-every", o.SaveEvery, "time between two checkpoints")
	asJSON := jsonFlag(c, "print one JSON object per report")
	c.RunE = func(c *cobra.Command, args []string) error {
		o.Files = append(o.Files, args...)
		if err := distilUsage(o); err != nil {
			return err
		}
		ctx, stop := interruptible(c.Context())
		defer stop()
		return engine.Distil(ctx, o, func(now engine.DistilProgress) { p.distilled(now, *asJSON) })
	}
	return c
}

// distilUsage refuses what cannot be meant.
func distilUsage(o engine.DistilOptions) error {
	switch {
	case o.TeacherDir == "":
		return usage("pretrain: --teacher is missing, expected a model folder")
	case len(o.Files) == 0:
		return usage("pretrain: --corpus is missing, expected one or more files of running text")
	case o.Out == "":
		return usage("pretrain: --out is missing, expected the folder of the student")
	}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	return nil
}

func (p Program) distilled(now engine.DistilProgress, asJSON bool) {
	if asJSON {
		p.printJSON(now)
		return
	}
	line := fmt.Sprintf("step %d, %s tokens, loss %.4f", now.Step, amount(now.Tokens), now.Loss)
	if now.Dev > 0 {
		line += fmt.Sprintf(", held out %.4f", now.Dev)
	}
	fmt.Fprintf(p.Out, "%s, lr %.2g, %s\n", line, now.LR, duration(now.Seconds))
}
