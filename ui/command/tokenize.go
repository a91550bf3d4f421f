package command

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// tokenizeFlags say how lines are read and written.
type tokenizeFlags struct{ special, offsets, pair, jsonl bool }

func tokenizeCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "tokenize NAME|DIR|FILE",
		Short: "Cut the lines of standard input into token ids",
		Long: "Tokenize reads one text per line and prints one JSON array of ids per line, or with --offsets an\n" +
			"object with ids and offsets. Offsets count characters; special tokens have [0, 0]. With --pair a line\n" +
			"holds two texts with a tab between, and offsets count from the start of the token's own text.\n" +
			"With --jsonl a line is a JSON string, or with --pair a JSON array of two.",
		Args: arguments(1, 1, "one backbone, model folder or vocabulary file"),
	}
	var f tokenizeFlags
	c.Flags().BoolVar(&f.special, "special", false, "add the special tokens the backbone expects")
	c.Flags().BoolVar(&f.offsets, "offsets", false, "print objects with ids and offsets")
	c.Flags().BoolVar(&f.pair, "pair", false, "lines hold two texts")
	c.Flags().BoolVar(&f.jsonl, "jsonl", false, "lines are JSON")
	c.RunE = func(_ *cobra.Command, args []string) error { return p.tokenize(args[0], f) }
	return c
}

func (p Program) tokenize(name string, f tokenizeFlags) error {
	tok, err := engine.OpenTokenizer(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.Out)
	enc := json.NewEncoder(out)
	return eachLine(p.In, func(n int, line string) error {
		text, pair, err := f.read(line)
		if err != nil {
			return fmt.Errorf("tokenize: line %d: %w", n, err)
		}
		cut := engine.CutText(tok, text, pair, f.special)
		if f.offsets {
			return enc.Encode(cut)
		}
		return enc.Encode(cut.IDs)
	}, out.Flush)
}

// read takes the text of a line, or both of a pair.
func (f tokenizeFlags) read(line string) (text string, pair *string, err error) {
	texts, err := f.texts(line)
	if err != nil || !f.pair {
		return strings.Join(texts, ""), nil, err
	}
	return texts[0], &texts[1], nil
}

func (f tokenizeFlags) texts(line string) ([]string, error) {
	switch {
	case f.jsonl && f.pair:
		var both []string
		if err := json.Unmarshal([]byte(line), &both); err != nil || len(both) != 2 {
			return nil, fmt.Errorf("found %.40q, expected a JSON array of two strings", line)
		}
		return both, nil
	case f.jsonl:
		var one *string
		if err := json.Unmarshal([]byte(line), &one); err != nil || one == nil {
			return nil, fmt.Errorf("found %.40q, expected a JSON string", line)
		}
		return []string{*one}, nil
	case f.pair:
		first, second, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fmt.Errorf("found %.40q, expected two texts with a tab between", line)
		}
		return []string{first, second}, nil
	}
	return []string{line}, nil
}
