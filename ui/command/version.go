package command

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func versionCommand(p Program) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and what it runs on",
		Args:  arguments(0, 0, "none"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.Out, "defrost %s %s/%s %s %d threads\n", engine.Version, runtime.GOOS, runtime.GOARCH, engine.ISA(), engine.Threads())
			return err
		},
	}
}
