package command

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defrost/engine"
)

const (
	benchBudget   = 10 * time.Second       // one measurement, beyond its first steps
	productBudget = 300 * time.Millisecond // one matrix product
)

// A benchRequest is the flags of bench.
type benchRequest struct {
	json, products         bool
	configs, modes         string
	precisions             string
	batch, seqs, threads   string
	measured, productsEach time.Duration
}

func benchCommand(p Program) *cobra.Command {
	var r benchRequest
	modes := slices.DeleteFunc(engine.BenchModes(), func(m string) bool { return m == "generate" })
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure training steps on this machine",
		Long: "Bench trains random weights of published shapes on random tokens, dropout 0.1, AdamW and clipping,\n" +
			"and prints the median step of each configuration and mode. Lists have commas between.\n\n" +
			"Configurations: " + strings.Join(engine.BenchConfigs(), ", ") + ". gpt2 learns to say every next word.\n" +
			"Modes: " + strings.Join(engine.BenchModes(), ", ") + ". generate reads --seq tokens and writes on, of gpt2 alone;\n" +
			"a step is one token then. Modes that a configuration does not have are left out.\n\n" +
			"Backward is the step less forward (the same batch without gradients) and update. Peak is the most\n" +
			"memory of the process while the measurement was made; where the system cannot begin to count anew\n" +
			"(elsewhere than on Linux), measure one configuration a call.\n\n" +
			"GFLOP/s count the products that a step stands for, those of rows that nothing reads included, as other tools do.\n" +
			"With --gemm the matrix kernels alone: GFLOP/s on one core of those in use, and of the portable twin.",
		Args: arguments(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.bench(cmd.Context(), r) },
	}
	f := c.Flags()
	f.BoolVar(&r.json, "json", false, "print one JSON object per measurement")
	f.BoolVar(&r.products, "gemm", false, "measure the matrix products alone")
	f.StringVar(&r.configs, "config", strings.Join(engine.BenchConfigs(), ","), "shapes to measure")
	f.StringVar(&r.modes, "mode", strings.Join(modes, ","), "what learns, or generate")
	f.StringVar(&r.batch, "batch", "32", "sequences per step")
	f.StringVar(&r.seqs, "seq", "64", "tokens per sequence")
	f.StringVar(&r.threads, "threads", strconv.Itoa(engine.Threads()), "threads that compute")
	f.StringVar(&r.precisions, "precision", "f32", "numbers of the backbone's products: "+strings.Join(engine.Precisions(), ", "))
	f.DurationVar(&r.measured, "budget", benchBudget, "time for one measurement beyond its first steps")
	f.DurationVar(&r.productsEach, "gemm-budget", productBudget, "time for one matrix product")
	return c
}

// bench measures steps or products.
func (p Program) bench(ctx context.Context, r benchRequest) error {
	o := engine.BenchOptions{Configs: strings.Split(r.configs, ","), Modes: strings.Split(r.modes, ","), Budget: r.measured}
	o.Precisions = strings.Split(r.precisions, ",")
	for _, list := range []struct {
		flag, text string
		to         *[]int
		most       int
	}{{"batch", r.batch, &o.Batches, 1 << 20}, {"seq", r.seqs, &o.Seqs, 1 << 20}, {"threads", r.threads, &o.Threads, runtime.NumCPU()}} {
		numbers, err := counts(list.flag, list.text, list.most)
		if err != nil {
			return err
		}
		*list.to = numbers
	}
	if r.products {
		return p.benchProducts(ctx, r, o.Threads)
	}
	if !r.json {
		fmt.Fprintf(p.Out, "%-10s %-8s %6s %5s %10s %10s %10s %10s %9s %8s %9s %10s %s\n", "config", "mode", "batch", "seq",
			"step", "forward", "backward", "update", "tokens/s", "GFLOP/s", "peak", "allocated", "isa")
	}
	return engine.Bench(ctx, o, func(m engine.Measurement) { p.reportMeasurement(m, r.json) })
}

// counts reads a comma list of numbers from 1 to most.
func counts(flag, text string, most int) ([]int, error) {
	var list []int
	for _, part := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > most {
			return nil, usage("--%s is %q, expected numbers from 1 to %d with commas between", flag, text, most)
		}
		list = append(list, n)
	}
	return list, nil
}

func (p Program) benchProducts(ctx context.Context, r benchRequest, threads []int) error {
	if !r.json {
		fmt.Fprintf(p.Out, "%-28s %6s %6s %6s %10s %16s %12s %s\n", "product", "M", "N", "K", "seconds", "GFLOP/s a core", "portable", "isa")
	}
	for _, n := range threads {
		err := engine.BenchProducts(ctx, n, r.productsEach, func(m engine.Product) {
			if r.json {
				_ = p.printJSON(m) // a broken pipe ends the program by itself
				return
			}
			fmt.Fprintf(p.Out, "%-28s %6d %6d %6d %10s %16.1f %12.1f %s x%d\n",
				m.Name, m.M, m.N, m.K, milliseconds(m.Seconds), m.GFLOPS, m.Twin, m.ISA, m.Threads)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func milliseconds(seconds float64) string { return fmt.Sprintf("%.1f ms", 1000*seconds) }

func (p Program) reportMeasurement(m engine.Measurement, asJSON bool) {
	if asJSON {
		_ = p.printJSON(m) // a broken pipe ends the program by itself
		return
	}
	fmt.Fprintf(p.Out, "%-10s %-8s %6d %5d %10s %10s %10s %10s %9.0f %8.0f %9s %10s %s x%d %s\n", m.Config, m.Mode, m.Batch, m.Seq,
		milliseconds(m.StepSeconds), milliseconds(m.ForwardSeconds), milliseconds(m.BackwardSeconds), milliseconds(m.OptimizerSeconds),
		m.TokensPerSecond, m.GFLOPS, size(int64(m.PeakRSS)), size(int64(m.AllocatedPerStep)), m.ISA, m.Threads, m.Precision)
}
