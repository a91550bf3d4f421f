package command

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// benchBudget is how long one measurement may take beyond its first steps.
const benchBudget = 10 * time.Second

func benchCommand(p Program) *cobra.Command {
	var asJSON bool
	var configs, modes string
	o := engine.BenchOptions{Budget: benchBudget}
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure training steps on this machine",
		Long: "Bench trains random weights of published shapes on random tokens, dropout 0.1, AdamW and clipping,\n" +
			"and prints the median step of each configuration and mode.\n\n" +
			"Configurations: " + strings.Join(engine.BenchConfigs(), ", ") + ". Modes: " + strings.Join(engine.BenchModes(), ", ") + ".",
		Args: arguments(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Batch < 1 || o.Seq < 1 {
				return usage("--batch and --seq are %d and %d, expected 1 or more", o.Batch, o.Seq)
			}
			o.Configs, o.Modes = strings.Split(configs, ","), strings.Split(modes, ",")
			if !asJSON {
				fmt.Fprintf(p.Out, "%-10s %-6s %6s %5s %8s %9s %9s %9s %9s %8s %9s %s\n", "config", "mode", "batch", "seq",
					"step", "forward", "backward", "update", "tokens/s", "GFLOP/s", "peak", "isa")
			}
			return engine.Bench(cmd.Context(), o, func(m engine.Measurement) { p.reportMeasurement(m, asJSON) })
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print one JSON object per measurement")
	f.StringVar(&configs, "config", strings.Join(engine.BenchConfigs(), ","), "shapes to measure, commas between")
	f.StringVar(&modes, "mode", strings.Join(engine.BenchModes(), ","), "what learns, commas between")
	f.IntVar(&o.Batch, "batch", 32, "sequences per step")
	f.IntVar(&o.Seq, "seq", 64, "tokens per sequence")
	return c
}

func (p Program) reportMeasurement(m engine.Measurement, asJSON bool) {
	if asJSON {
		_ = p.printJSON(m) // a broken pipe ends the program by itself
		return
	}
	ms := func(seconds float64) string { return fmt.Sprintf("%.1f ms", 1000*seconds) }
	fmt.Fprintf(p.Out, "%-10s %-6s %6d %5d %8s %9s %9s %9s %9.0f %8.0f %9s %s x%d\n", m.Config, m.Mode, m.Batch, m.Seq,
		ms(m.StepSeconds), ms(m.ForwardSeconds), ms(m.BackwardSeconds), ms(m.OptimizerSeconds), m.TokensPerSecond, m.GFLOPS,
		size(int64(m.PeakRSS)), m.ISA, m.Threads)
}
