package command

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func pretrainCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "pretrain --objective mlm|clm|bilm|glove --backbone SHAPE --corpus FILE... --out DIR",
		Short: "Pre-train a backbone on running text",
		Long: "Pretrain teaches a backbone a language. --objective mlm asks for masked words (BERT), clm for the next\n" +
			"word (GPT), bilm for the next and the one before (ELMo); --backbone NAME|DIR goes on from its weights, or\n" +
			"takes its shape with --scratch and where there are none. --objective glove needs no backbone and makes one\n" +
			"vector a word from how often words stand near each other. Without an objective it makes a small BERT that\n" +
			"says about running text what a teacher says.\n\n" +
			"Give --corpus once per file, or with commas, or files as arguments. An interrupted run goes on when it\n" +
			"is started again.",
	}
	d, l := engine.DistilDefaults(), engine.PretrainDefaults()
	f := c.Flags()
	f.StringVar(&l.Objective, "objective", "", "what to ask for: `mlm`, clm, bilm or glove")
	f.StringVar(&l.Backbone, "backbone", "", "`NAME|DIR` whose weights or shape to start with")
	f.BoolVar(&l.Scratch, "scratch", false, "take the backbone's shape alone")
	f.StringVar(&d.TeacherDir, "teacher", "", "model `FOLDER` of the teacher")
	f.StringSliceVar(&d.Files, "corpus", nil, "`FILES` of running text, .gz allowed")
	f.StringVar(&d.Out, "out", "", "`FOLDER` of the backbone")
	f.IntVar(&d.Vocabulary, "vocabulary", d.Vocabulary, "tokens of a fresh tokenizer; for bilm words that are predicted, for glove words that get a vector")
	f.IntVar(&d.Layers, "layers", d.Layers, "layers of a distilled student")
	f.IntVar(&d.Width, "width", d.Width, "width of a distilled student; of word vectors their numbers, 128 when not given")
	f.IntVar(&d.Heads, "heads", d.Heads, "attention heads of a distilled student")
	f.IntVar(&d.FFN, "ffn", d.FFN, "feed-forward width of a distilled student")
	f.IntVar(&d.Length, "length", d.Length, "longest sequence")
	f.IntVar(&d.Tokens, "tokens", d.Tokens, "tokens to see in all")
	minutes := f.Float64("minutes", 0, "minutes to learn, with an objective")
	f.IntVar(&l.Candidates, "candidates", l.Candidates, "words that a bilm's loss is estimated from per step; 0 takes all")
	f.IntVar(&l.FitWords, "fit-words", l.FitWords, "words a bilm reads to learn the teacher's vectors")
	f.BoolVar(&l.HoldWords, "hold-words", l.HoldWords, "keep vectors of words as the teacher gave them")
	f.IntVar(&d.BatchTokens, "batch-tokens", d.BatchTokens, "tokens per pass, about")
	f.IntVar(&l.Accumulate, "accumulate", l.Accumulate, "passes per step, with an objective")
	f.IntVar(&l.EvalTokens, "eval-tokens", l.EvalTokens, "tokens between two measurements, with an objective")
	f.Float64Var(&d.LR, "lr", d.LR, "peak learning rate")
	f.Int64Var(&d.Seed, "seed", d.Seed, "seed of everything random")
	f.DurationVar(&d.SaveEvery, "save-every", d.SaveEvery, "time between two checkpoints")
	v := engine.GloVeDefaults()
	f.IntVar(&v.Window, "window", v.Window, "words to either side that a glove counts as company")
	f.IntVar(&v.MinCount, "min-count", v.MinCount, "a glove leaves out words seen less often")
	f.IntVar(&v.Epochs, "epochs", v.Epochs, "walks of a glove over all counts")
	asJSON := jsonFlag(c, "print one JSON object per report")
	c.RunE = func(c *cobra.Command, args []string) error {
		d.Files = append(d.Files, args...)
		ctx, stop := interruptible(c.Context())
		defer stop()
		report := func(now engine.PretrainProgress) { p.learnt(now, *asJSON) }
		switch l.Objective {
		case glove:
			v = gloveOptions(f, d, v.Window, v.MinCount, v.Epochs)
			if err := gloveUsage(v); err != nil {
				return err
			}
			return engine.GloVe(ctx, v, func(now engine.GloVeProgress) { p.gloved(now, *asJSON) })
		case "":
			if err := distilUsage(d); err != nil {
				return err
			}
			return engine.Distil(ctx, d, report)
		}
		l = withShared(l, d, f.Changed, *minutes)
		if err := pretrainUsage(l); err != nil {
			return err
		}
		return engine.Pretrain(ctx, l, report)
	}
	return c
}

// withShared copies the flags that both ways of pre-training have; those whose defaults differ only
// where they were given.
func withShared(l engine.PretrainOptions, d engine.DistilOptions, given func(name string) bool, minutes float64) engine.PretrainOptions {
	l.TeacherDir, l.Files, l.Out, l.Seed, l.SaveEvery = d.TeacherDir, d.Files, d.Out, d.Seed, d.SaveEvery
	l.BatchTokens, l.LR, l.Time = d.BatchTokens, d.LR, time.Duration(minutes*float64(time.Minute))
	for name, copy := range map[string]func(){
		"vocabulary": func() { l.Vocabulary = d.Vocabulary }, "length": func() { l.Length = d.Length }, "tokens": func() { l.Tokens = d.Tokens },
	} {
		if given(name) {
			copy()
		}
	}
	return l
}

// pretrainUsage refuses what cannot be meant.
func pretrainUsage(o engine.PretrainOptions) error {
	switch known := append(engine.Objectives(), glove); {
	case !slices.Contains(known, o.Objective):
		return usage("pretrain: objective is %s, expected one of %v", o.Objective, known)
	case o.Backbone == "":
		return usage("pretrain: --backbone is missing, expected a name or a folder")
	case len(o.Files) == 0:
		return usage("pretrain: --corpus is missing, expected one or more files of running text")
	case o.Out == "":
		return usage("pretrain: --out is missing, expected the folder of the backbone")
	case o.Tokens == 0 && o.Time == 0:
		return usage("pretrain: --tokens and --minutes are missing, expected one of them")
	}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	return nil
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

// learnt writes where pre-training stands.
func (p Program) learnt(now engine.PretrainProgress, asJSON bool) {
	if asJSON {
		p.printJSON(now)
		return
	}
	line := fmt.Sprintf("step %d, %s tokens, loss %.4f", now.Step, amount(now.Tokens), now.Loss)
	if now.Phase != "" {
		line = fmt.Sprintf("%s, %s seen, loss %.4f", now.Phase, amount(now.Tokens), now.Loss)
	}
	if now.Dev > 0 {
		line += fmt.Sprintf(", held out %.4f", now.Dev)
	}
	if now.Perplexity > 0 {
		line += fmt.Sprintf(" (perplexity %.1f)", now.Perplexity)
	}
	fmt.Fprintf(p.Out, "%s, lr %.2g, %s\n", line, now.LR, duration(now.Seconds))
}
