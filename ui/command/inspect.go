package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func inspectCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "inspect NAME|DIR",
		Short: "Show a backbone's card, its layers, and what became of every tensor of its weights",
		Args:  arguments(1, 1, "one backbone or model folder"),
	}
	asJSON := jsonFlag(c, "print one JSON object")
	tensors := c.Flags().Bool("tensors", false, "list the tensors of every layer")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if card, prompted := engine.PromptedCard(args[0]); prompted {
			if *asJSON {
				return p.printJSON(card)
			}
			return p.promptedCard(card)
		}
		in, err := engine.Inspect(args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return p.printJSON(in)
		}
		return p.inspection(in, *tensors)
	}
	return c
}

func (p Program) inspection(in engine.Inspection, tensors bool) error {
	c := in.Card
	fmt.Fprintf(p.Out, "%s: %s\n", c.Name, c.Title)
	fmt.Fprintf(p.Out, "family %s, %d layers of width %d, %d heads, vocabulary %d, %s parameters\n",
		c.Family, c.Layers, c.Width, c.Heads, c.Vocabulary, amount(in.Params))
	if in.Tokens == 0 {
		fmt.Fprintln(p.Out, "the folder has no tokenizer: it can be verified but not trained")
	} else {
		fmt.Fprintf(p.Out, "tokenizer of %d tokens\n", in.Tokens)
	}
	for _, n := range in.Memory {
		fmt.Fprintf(p.Out, "to %s: %s\n", n.Use, fits(n))
	}
	fmt.Fprintln(p.Out)
	if err := p.layerTable(in, tensors); err != nil {
		return err
	}
	return p.loadReport(in.Report)
}

// promptedCard shows a backbone whose weights are not here: all there is to know is on its card.
func (p Program) promptedCard(c engine.Card) error {
	fmt.Fprintf(p.Out, "%s: %s\n", c.Name, c.Title)
	if c.Params > 0 {
		fmt.Fprintf(p.Out, "family %s, %d layers of width %d, %d heads, %s parameters, reads %d tokens\n", c.Family, c.Layers, c.Width, c.Heads, amount(c.Params), c.Context)
	}
	fmt.Fprintln(p.Out, c.Notes)
	t := newTable(p.Out, "PUBLISHED", "VALUE", "SOURCE")
	for _, s := range c.Scores {
		t.row(s.What, fmt.Sprintf("%.1f", s.Value), s.Source)
	}
	if len(c.Scores) == 0 {
		return nil
	}
	return t.done()
}

// fits says what a use takes, and whether it is there.
func fits(n engine.Need) string {
	need := size(int64(n.Bytes)) + " and activations"
	switch {
	case n.Free == 0:
		return need
	case n.Fits:
		return fmt.Sprintf("%s, fits in the %s that are free", need, size(int64(n.Free)))
	}
	return fmt.Sprintf("%s, does not fit in the %s that are free", need, size(int64(n.Free)))
}

func (p Program) layerTable(in engine.Inspection, tensors bool) error {
	t := newTable(p.Out, "LAYER", "KIND", "PARAMETERS", "TENSORS")
	for _, l := range in.Layers {
		t.row(l.Name, l.Kind, fmt.Sprint(l.Params), fmt.Sprint(len(l.Tensors)))
		if !tensors {
			continue
		}
		for _, x := range l.Tensors {
			t.row("  "+x.Name, "", fmt.Sprint(x.Shape), "")
		}
	}
	return t.done()
}

// loadReport accounts for every tensor.
func (p Program) loadReport(r engine.Accounting) error {
	fmt.Fprintf(p.Out, "\n%d tensors loaded, %d dropped, %d newly initialised\n", len(r.Loaded), len(r.Dropped), len(r.Fresh))
	for _, d := range r.Dropped {
		fmt.Fprintf(p.Out, "dropped %s: %s\n", d.Name, d.Why)
	}
	for _, name := range r.Fresh {
		fmt.Fprintf(p.Out, "new %s\n", name)
	}
	_, err := fmt.Fprint(p.Out)
	return err
}
