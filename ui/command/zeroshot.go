package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func zeroshotCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "zeroshot",
		Short: "Ask a backbone without training it",
		Long: "Zeroshot judges what a backbone knows before any training, and leaves a run that compare shows beside\n" +
			"trained ones. Texts with labels are put into a prompt: the label is the one whose word the backbone finds\n" +
			"likeliest where {label} stands, a masked model behind a mask, a causal one as what comes next. With --shots\n" +
			"so many labelled examples stand before every text. Plain text gets a perplexity, or with --task lastword\n" +
			"the share of last words that are foreseen (LAMBADA). A file of plain text is read whole.\n\n" +
			"A backbone endpoint:MODEL runs elsewhere, behind an OpenAI-compatible API at --base-url, and can only be\n" +
			"prompted: labels, questions and last words are asked for in words. The key comes from the environment and is\n" +
			"written nowhere. What it takes is said first, and a yes waited for. Every answer is kept in the run's folder:\n" +
			"--resume goes on with a run that was broken off and pays nothing twice but what was under way when it was\n" +
			"killed. DEFROST_OFFLINE=1 sends nothing.",
		Example: "  defrost zeroshot --data films\n" +
			"  defrost zeroshot --backbone gpt2 --data films --shots 4 --calibrate\n" +
			"  defrost zeroshot --backbone gpt2 --data lambada.jsonl --task lastword\n" +
			"  defrost zeroshot --backbone endpoint:MODEL --base-url http://localhost:8080/v1 --data films --shots 4",
		Args: arguments(0, 0, "none: everything is a flag"),
	}
	var o engine.ZeroShotOptions
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.Backbone, "backbone", engine.Defaults().Backbone, "`NAME` of an embedded or pulled backbone, or a folder; endpoint:MODEL asks --base-url")
	f.StringVar(&o.Data, "data", engine.Defaults().Data, "`NAME` of an embedded set, a file or a folder")
	addTableFlags(f, &o.Table)
	f.StringVar(&o.Task, "task", "", "prompt, lm or lastword, of an endpoint prompt, qa or lastword; what suits the data when not given")
	f.StringVar(&o.Prompt, "prompt", "", "`SENTENCE` with {text}, {label} and perhaps {pair}; one that suits the labels when not given")
	words := f.StringSlice("words", nil, "`LABEL=WORD` for labels whose own names are not the words to look for; commas between")
	f.IntVar(&o.Shots, "shots", 0, "labelled examples before every text")
	f.BoolVar(&o.Calibrate, "calibrate", false, "take off how likely each label is of a text that says nothing")
	f.IntVar(&o.Examples, "examples", 0, "judge at most so many examples of each part; 0 judges all")
	f.IntVar(&o.MaxLength, "max-length", 0, "tokens of a text; 0 takes what the backbone can read, at most 512")
	f.Int64Var(&o.Seed, "seed", engine.Defaults().Seed, "seed of the draw of labelled examples")
	f.StringVar(&o.Dir, "out", "", "run `FOLDER`; a new one among the runs when not given")
	at := addEndpointFlags(f)
	asJSON := jsonFlag(c, "print one JSON object per event")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if o.Shots < 0 || o.Examples < 0 || o.MaxLength < 0 {
			return usageError{fmt.Errorf("zeroshot: found shots %d, examples %d and max length %d, expected 0 or more", o.Shots, o.Examples, o.MaxLength)}
		}
		var err error
		if o.Words, err = wordsFor(*words); err != nil {
			return err
		}
		if err := at.check(o); err != nil {
			return err
		}
		ctx, stop := interruptible(c.Context())
		defer stop()
		rep := newReporter(p.Out, *asJSON)
		var failed error
		_, err = at.run(ctx, p, o, func(e engine.Event) {
			if e := rep.report(e); e != nil && failed == nil {
				failed = fmt.Errorf("writing events: %w", e)
			}
		})
		if err != nil {
			return err
		}
		return failed
	}
	return c
}

// wordsFor reads LABEL=WORD.
func wordsFor(pairs []string) (map[string]string, error) {
	words := map[string]string{}
	for _, pair := range pairs {
		label, word, both := strings.Cut(pair, "=")
		if !both || strings.TrimSpace(word) == "" {
			return nil, usageError{fmt.Errorf("zeroshot: words has %q, expected LABEL=WORD", pair)}
		}
		words[strings.TrimSpace(label)] = strings.TrimSpace(word)
	}
	return words, nil
}
