package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func generateCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "generate BACKBONE|RUN [TEXT...]",
		Short: "Let a causal model write texts on",
		Long: "Generate writes on each TEXT, or each line of standard input when none is given, with a causal backbone\n" +
			"(gpt2, openai-gpt) or a run of task lm on one, and prints the text with what comes after it. It takes the\n" +
			"likeliest token every time, unless --temperature lets it draw or --beams looks for the likeliest text.",
		Args: arguments(1, -1, "a backbone or run, then texts"),
	}
	var o engine.GenerateOptions
	f := c.Flags()
	f.SortFlags = false
	f.IntVar(&o.Tokens, "tokens", 50, "tokens to write at most")
	f.Float64Var(&o.Temperature, "temperature", 0, "divides the scores before a draw: below 1 is bolder, above 1 wilder; 0 takes the likeliest")
	f.IntVar(&o.TopK, "top-k", 0, "draw among so many likeliest tokens; 0 is all")
	f.Float64Var(&o.TopP, "top-p", 0, "draw among the likeliest tokens that together have this probability; 0 is all")
	f.Float64Var(&o.Repetition, "repetition", 0, "makes what the text holds already less likely: 1.2 is usual, 0 is off")
	f.IntVar(&o.Beams, "beams", 0, "texts followed at once in search of the likeliest; 0 takes token by token")
	f.Float64Var(&o.Length, "length", 0, "power of its length that divides a beam's score: above 1 for longer texts; 0 takes 1")
	f.Uint64Var(&o.Seed, "seed", 7, "seed of the draws")
	asJSON := jsonFlag(c, "print one JSON object per text")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, stop := interruptible(c.Context())
		defer stop()
		model, err := speaker(ctx, args[0])
		if err != nil {
			return err
		}
		write := func(text string) error { return p.writeOn(ctx, model, text, o, *asJSON) }
		if len(args) == 1 {
			return eachLine(p.In, func(_ int, line string) error { return write(line) }, func() error { return nil })
		}
		for _, text := range args[1:] {
			if err := write(text); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// speaker opens a run of that name, else a backbone.
func speaker(ctx context.Context, name string) (*engine.Model, error) {
	if run, err := findRun(name); err == nil {
		ex, err := engine.ExplainRun(run.Dir)
		if err != nil {
			return nil, err
		}
		return ex.Model(), nil
	}
	ex, err := engine.ExplainBackbone(ctx, name)
	if err != nil {
		return nil, err
	}
	return ex.Model(), nil
}

// A writtenOn is one line of the output.
type writtenOn struct {
	Text    string `json:"text"`
	Written string `json:"written"`
}

func (p Program) writeOn(ctx context.Context, model *engine.Model, text string, o engine.GenerateOptions, asJSON bool) error {
	more, err := model.Generate(ctx, text, o, nil)
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(writtenOn{text, more})
	}
	_, err = fmt.Fprintln(p.Out, strings.TrimSpace(text+more))
	return err
}
