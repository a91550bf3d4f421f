package command

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// A verdict is the line that verify prints for one folder.
type verdict struct {
	engine.Verification
	Error string `json:"error,omitempty"`
}

func verifyCommand(p Program) *cobra.Command {
	return &cobra.Command{
		Use:   "verify DIR...",
		Short: "Compare models with their reference outputs and gradients",
		Long: "Verify runs the model of each folder forward and backward, dropout off, on the inputs (in.*) of its\n" +
			"golden.safetensors and compares hidden states, logits, loss and gradients with out.* and grad.*.\n" +
			"It prints one JSON line per folder and fails when any of them is not ok.",
		Args: arguments(1, -1, "one or more folders"),
		RunE: func(_ *cobra.Command, args []string) error {
			var failed error
			for _, dir := range args {
				v := verdict{}
				var err error
				if v.Verification, err = engine.Verify(dir); err != nil {
					v.Error = explain(err)
				}
				if !v.OK {
					failed = notOK(failed, v)
				}
				if err := p.printJSON(v); err != nil {
					return err
				}
			}
			return failed
		},
	}
}

// notOK keeps the first reason why verify fails.
func notOK(earlier error, v verdict) error {
	switch {
	case earlier != nil:
		return earlier
	case v.Error != "":
		return failure(v.Error)
	}
	return failure("verify: " + v.Dir + " differs from its reference by more than rounding")
}

// printJSON writes v on a line of its own.
func (p Program) printJSON(v any) error { return json.NewEncoder(p.Out).Encode(v) }
