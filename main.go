// Command defrost is a terminal workbench for transfer learning in NLP: without a command it opens
// the workbench, with one it does the same headless.
package main

import (
	"context"
	"os"

	"defrost/ui"
	"defrost/ui/command"
)

func main() {
	program := command.Program{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Workbench: workbench}
	os.Exit(program.Main(context.Background(), os.Args[1:]))
}

func workbench(ctx context.Context, o command.Opening) error {
	return ui.Run(ctx, ui.Options{Theme: o.Theme, Plain: o.Plain, Run: o.Run})
}
