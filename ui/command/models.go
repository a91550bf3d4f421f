package command

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func modelsCommand(p Program) *cobra.Command {
	c := &cobra.Command{Use: "models", Short: "List the known backbones", Args: arguments(0, 0, "none")}
	asJSON := jsonFlag(c, "print one JSON object per backbone")
	c.RunE = func(*cobra.Command, []string) error {
		cards := engine.Backbones()
		if *asJSON {
			return printEach(p, cards)
		}
		t := newTable(p.Out, "NAME", "FAMILY", "LAYERS", "WIDTH", "PARAMETERS", "DOWNLOAD", "LICENCE", "WHERE", "WHAT")
		for _, card := range cards {
			t.row(card.Name, card.Family, number(card.Layers), number(card.Width), unknown(card.Params, amount(card.Params)),
				unknown(int(card.Bytes), size(card.Bytes)), card.Licence, where(card), card.Title)
		}
		return t.done()
	}
	return c
}

// where says how one gets a backbone.
func where(c engine.Card) string {
	switch {
	case c.Embedded && c.Cached:
		return "embedded"
	case c.Cached:
		return "on this machine"
	case c.Prompted:
		return "prompt only"
	case c.Embedded:
		return "not in this build"
	}
	return "defrost pull " + c.Name
}

// number is n, or a dash when it is not known.
func number(n int) string { return unknown(n, fmt.Sprint(n)) }

func unknown(n int, text string) string {
	if n == 0 {
		return "-"
	}
	return text
}

// printEach writes one JSON line per item.
func printEach[T any](p Program, items []T) error {
	for _, item := range items {
		if err := p.printJSON(item); err != nil {
			return err
		}
	}
	return nil
}

// A table aligns columns.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer, headings ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)}
	t.row(headings...)
	return t
}

func (t table) row(cells ...string) { fmt.Fprintln(t.w, strings.Join(cells, "\t")) }

// done writes the table.
func (t table) done() error { return t.w.Flush() }
