package command

import (
	"fmt"

	"github.com/spf13/pflag"

	"defrost/engine"
)

// glove is the objective that makes static word vectors.
const glove = "glove"

// gloveOptions are the options of word vectors; flags that other objectives have too count where
// they were given.
func gloveOptions(f *pflag.FlagSet, d engine.DistilOptions, window, minCount, epochs int) engine.GloVeOptions {
	o := engine.GloVeDefaults()
	o.Corpus, o.Out, o.Seed, o.Window, o.MinCount, o.Epochs = d.Files, d.Out, d.Seed, window, minCount, epochs
	if f.Changed("width") {
		o.Width = d.Width
	}
	if f.Changed("vocabulary") {
		o.Vocabulary = d.Vocabulary
	}
	return o
}

// gloveUsage refuses what cannot be meant.
func gloveUsage(o engine.GloVeOptions) error {
	switch {
	case len(o.Corpus) == 0:
		return usage("pretrain: --corpus is missing, expected one or more files of running text")
	case o.Out == "":
		return usage("pretrain: --out is missing, expected the folder of the vectors")
	}
	if err := o.Check(); err != nil {
		return usageError{err}
	}
	return nil
}

// gloved writes where making word vectors stands.
func (p Program) gloved(now engine.GloVeProgress, asJSON bool) {
	if asJSON {
		p.printJSON(now)
		return
	}
	line := fmt.Sprintf("%s words of the %s read", amount(now.Words), amount(now.Tokens))
	switch {
	case now.Epoch > 0:
		line = fmt.Sprintf("epoch %d, loss %.5f", now.Epoch, now.Loss)
	case now.Pairs > 0:
		line = fmt.Sprintf("%s pairs of words stand near each other", amount(now.Pairs))
	}
	fmt.Fprintf(p.Out, "%s, %s\n", line, duration(now.Seconds))
}
