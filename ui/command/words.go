package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// wordFlags say what word vectors are asked.
type wordFlags struct {
	near, analogy, similarity, analogies, export, context string
	n, layer                                              int
	json                                                  bool
}

func wordsCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "words NAME|DIR|FILE",
		Short: "Ask word vectors for neighbours and analogies, measure and export them",
		Long: "Words asks static vectors, such as the embedded pocket-glove. Of any other backbone a word's vector is\n" +
			"what it says of the word standing alone, the mean of its pieces; its neighbours are then sought among\n" +
			"the commonest words. --context shows one word in the sentences of standard input, one a line.",
		Example: "  defrost words pocket-glove --near ship\n" +
			"  defrost words pocket-glove --analogy \"man woman king\"\n" +
			"  defrost words pocket-bert --context bank < sentences.txt",
		Args: arguments(1, 1, "one backbone, model folder or file of word vectors"),
	}
	var f wordFlags
	c.Flags().StringVar(&f.near, "near", "", "list the neighbours of `WORD`")
	c.Flags().StringVar(&f.analogy, "analogy", "", "answer `\"A B C\"`: A is to B as C is to what?")
	c.Flags().StringVar(&f.similarity, "similarity", "", "compare with people: `FILE` of two words and a number a line")
	c.Flags().StringVar(&f.analogies, "analogies", "", "answer a `FILE` of analogies, four words a line")
	c.Flags().StringVar(&f.export, "export", "", "write the vectors to `FILE` in word2vec's format, binary when it ends in .bin")
	c.Flags().StringVar(&f.context, "context", "", "show `WORD` in the sentences of standard input")
	c.Flags().IntVar(&f.n, "n", 10, "neighbours listed")
	c.Flags().IntVar(&f.layer, "layer", engine.LastLayer, "layer that is read, 0 for the embeddings, -1 for the last")
	asJSON := jsonFlag(c, "print one JSON object per answer")
	c.RunE = func(c *cobra.Command, args []string) error {
		f.json = *asJSON
		if err := f.check(); err != nil {
			return err
		}
		ctx, stop := interruptible(c.Context())
		defer stop()
		return (&asked{p: p, f: f, name: args[0]}).all(ctx)
	}
	return c
}

// check refuses what cannot be meant.
func (f wordFlags) check() error {
	switch {
	case f.near+f.analogy+f.similarity+f.analogies+f.export+f.context == "":
		return usage("words: nothing is asked, expected --near, --analogy, --similarity, --analogies, --export or --context")
	case f.analogy != "" && len(strings.Fields(f.analogy)) != 3:
		return usage("words: --analogy is %q, expected three words", f.analogy)
	case f.n < 1:
		return usage("words: --n is %d, expected 1 or more", f.n)
	case f.layer < engine.LastLayer:
		return usage("words: --layer is %d, expected 0 (embeddings) or more, or %d for the last", f.layer, engine.LastLayer)
	}
	return nil
}

// asked answers questions about the words of a model.
type asked struct {
	p    Program
	f    wordFlags
	name string
}

// all answers what was asked, in the order of the flags' list.
func (a *asked) all(ctx context.Context) error {
	for _, question := range []struct {
		given  string
		answer func(context.Context) error
	}{
		{a.f.near, a.near}, {a.f.analogy, a.analogy}, {a.f.similarity, a.similarity},
		{a.f.analogies, a.analogies}, {a.f.export, a.export}, {a.f.context, a.inContext},
	} {
		if question.given == "" {
			continue
		}
		if err := question.answer(ctx); err != nil {
			return err
		}
	}
	return nil
}

// commonWords is how many of the commonest words stand for all where each has to be read.
const commonWords = 10_000

// space is the model's words: all of static vectors; of others those named and, with common, the
// commonest.
func (a *asked) space(ctx context.Context, common bool, named ...string) (*engine.WordSpace, error) {
	m, err := engine.OpenModel(ctx, a.name)
	if err != nil {
		return nil, err
	}
	if m.Static() {
		return engine.OpenWords(ctx, a.name)
	}
	var list []string
	if common {
		if list, err = engine.CommonWords(commonWords); err != nil {
			return nil, err
		}
	}
	if err := m.Load(0, false); err != nil {
		return nil, err
	}
	return m.WordsAlone(ctx, once(append(named, list...)), a.f.layer)
}

// once keeps the first of equal words.
func once(list []string) []string {
	seen, kept := map[string]bool{}, list[:0]
	for _, w := range list {
		if !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	return kept
}

func (a *asked) near(ctx context.Context) error {
	s, err := a.space(ctx, true, a.f.near)
	if err != nil {
		return err
	}
	list, err := s.Near(a.f.near, a.f.n)
	if err != nil {
		return err
	}
	return a.neighbours(map[string]any{"near": a.f.near, "neighbours": list}, list)
}

func (a *asked) analogy(ctx context.Context) error {
	q := strings.Fields(a.f.analogy)
	s, err := a.space(ctx, true, q...)
	if err != nil {
		return err
	}
	list, err := s.Analogy(q[0], q[1], q[2], a.f.n)
	if err != nil {
		return err
	}
	return a.neighbours(map[string]any{"analogy": q, "neighbours": list}, list)
}

func (a *asked) neighbours(whole any, list []engine.Neighbour) error {
	if a.f.json {
		return a.p.printJSON(whole)
	}
	for _, n := range list {
		if _, err := fmt.Fprintf(a.p.Out, "%.4f\t%s\n", n.Cosine, n.Word); err != nil {
			return err
		}
	}
	return nil
}

func (a *asked) export(ctx context.Context) error {
	n, err := engine.ExportWords(ctx, a.name, a.f.export)
	if err != nil {
		return err
	}
	if a.f.json {
		return a.p.printJSON(map[string]any{"export": a.f.export, "words": n})
	}
	_, err = fmt.Fprintf(a.p.Out, "%d words written to %s\n", n, a.f.export)
	return err
}

// readFile reads a benchmark and puts the file's name before an error.
func readFile[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	file, err := os.Open(path)
	if err != nil {
		var none T
		return none, fmt.Errorf("words: %w", err)
	}
	defer file.Close()
	all, err := read(file)
	if err != nil {
		return all, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}
