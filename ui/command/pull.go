package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func pullCommand(p Program) *cobra.Command {
	return &cobra.Command{
		Use:   "pull NAME|ORG/REPO",
		Short: "Download a backbone from the hub",
		Long: "Pull brings a backbone to this machine, into the cache that Python's huggingface_hub uses, and prints\n" +
			"its folder. What is there already is not fetched again; an interrupted download goes on.",
		Args: arguments(1, 1, "one backbone of `defrost models`, or ORG/REPO"),
		RunE: func(c *cobra.Command, args []string) error {
			return p.download(c.Context(), args[0], engine.Pull)
		},
	}
}

// download fetches by name, shows how far it has come and prints the folder.
func (p Program) download(ctx context.Context, name string, pull func(context.Context, string, func(engine.PullProgress)) (string, error)) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	d := &download{p: p, moving: isTerminal(p.Err), seen: map[string]bool{}}
	dir, err := pull(ctx, name, d.show)
	d.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.Out, dir)
	return err
}

// A download shows how far files have come, on standard error so that the folder alone is on
// standard output.
type download struct {
	p      Program
	moving bool            // the last line can be written again
	open   bool            // the last line is not ended yet
	seen   map[string]bool // files shown as complete
}

func (d *download) show(now engine.PullProgress) {
	done := now.Total >= 0 && now.Done >= now.Total
	switch {
	case now.Note != "":
		d.end()
		fmt.Fprintln(d.p.Err, now.Note)
	case done && !d.seen[now.File]:
		d.seen[now.File] = true
		d.line(now)
		d.end()
	case d.moving && !done:
		d.line(now)
	}
}

func (d *download) line(now engine.PullProgress) {
	of := ""
	if now.Total >= 0 {
		of = " of " + size(now.Total)
	}
	text := fmt.Sprintf("%s: %s%s", now.File, size(now.Done), of)
	if d.moving {
		text = lineStart + text + clearLine
	}
	fmt.Fprint(d.p.Err, text)
	d.open = true
}

// end ends a line that stands open.
func (d *download) end() {
	if d.open {
		fmt.Fprintln(d.p.Err)
	}
	d.open = false
}
