package engine

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"defrost/engine/gemm"
)

// A BenchOptions says what Bench measures: every configuration in every mode that it has, at every
// batch, sequence length and number of threads.
type BenchOptions struct {
	Configs    []string // of BenchConfigs
	Modes      []string // of BenchModes
	Precisions []string // of Precisions; nil for f32
	Batches    []int
	Seqs       []int
	Threads    []int         // nil for what is set
	Budget     time.Duration // per measurement
}

// A Measurement is the median step of one configuration in one mode, dropout 0.1, AdamW, clipping.
type Measurement struct {
	Config           string  `json:"config"`
	Mode             string  `json:"mode"`
	Batch            int     `json:"batch"`
	Seq              int     `json:"seq"`
	Precision        string  `json:"precision"`
	Threads          int     `json:"threads"`
	ISA              string  `json:"isa"`
	StepSeconds      float64 `json:"step_seconds"`
	ForwardSeconds   float64 `json:"forward_seconds"`  // the same batch without gradients
	BackwardSeconds  float64 `json:"backward_seconds"` // the step less forward and optimizer
	OptimizerSeconds float64 `json:"optimizer_seconds"`
	TokensPerSecond  float64 `json:"tokens_per_second"`
	GFLOPS           float64 `json:"gflops"`         // of the matrix products that the step stands for, computed or saved
	PeakRSS          int     `json:"peak_rss_bytes"` // of building and training, see resetPeak
	AllocatedPerStep int     `json:"allocated_per_step_bytes"`
	Steps            int     `json:"steps"`
}

// BenchModes lists what can be measured: what is trained, most first, and writing on.
func BenchModes() []string { return []string{"all", "last2", "last1", "head", benchGenerate} }

// Bench measures training steps on random weights and tokens of fixed shapes. Modes that a
// configuration does not have are left out.
func Bench(ctx context.Context, o BenchOptions, report func(Measurement)) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.Precisions == nil {
		o.Precisions = []string{"f32"}
	}
	threads := o.Threads
	if threads == nil {
		threads = []int{gemm.Workers()}
	}
	defer gemm.SetWorkers(gemm.Workers())
	for _, n := range threads {
		gemm.SetWorkers(n)
		for _, m := range o.rows() {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("bench: %w", err)
			}
			if err := m.measure(ctx, o.Budget); err != nil {
				return err
			}
			report(m)
		}
	}
	return nil
}

func (o BenchOptions) check() error {
	for _, config := range o.Configs {
		if _, ok := benchShapes[config]; !ok {
			return fmt.Errorf("bench: config is %q, expected one of %v", config, BenchConfigs())
		}
	}
	for _, mode := range o.Modes {
		if !slices.Contains(BenchModes(), mode) {
			return fmt.Errorf("bench: mode is %q, expected one of %v", mode, BenchModes())
		}
	}
	for _, precision := range o.Precisions {
		if !slices.Contains(Precisions(), precision) {
			return fmt.Errorf("bench: precision is %q, expected one of %v", precision, Precisions())
		}
	}
	return nil
}

// rows lists what is to be measured.
func (o BenchOptions) rows() []Measurement {
	var list []Measurement
	for _, config := range o.Configs {
		for _, batch := range o.Batches {
			for _, seq := range o.Seqs {
				for _, mode := range o.Modes {
					if !slices.Contains(benchShapes[config].modes(), mode) {
						continue
					}
					for _, precision := range o.Precisions {
						list = append(list, Measurement{Config: config, Mode: mode, Batch: batch, Seq: seq, Precision: precision})
					}
				}
			}
		}
	}
	return list
}

// measure fills in the figures of a row.
func (m *Measurement) measure(ctx context.Context, budget time.Duration) error {
	m.Threads, m.ISA = gemm.Workers(), benchISA(m.Precision)
	debug.FreeOSMemory()
	resetPeak()
	if m.Mode == benchGenerate {
		return m.measureWriting(ctx, budget)
	}
	r, err := newRig(m)
	if err != nil {
		return err
	}
	defer r.close()
	runtime.GC()
	steps, updates, err := r.steps(ctx, budget)
	if err != nil {
		return err
	}
	if m.AllocatedPerStep, err = r.allocated(); err != nil {
		return err
	}
	m.PeakRSS = peakRSS()
	forwards, err := r.forwards(ctx, budget/forwardShare)
	if err != nil {
		return err
	}
	m.Steps, m.StepSeconds, m.ForwardSeconds, m.OptimizerSeconds = len(steps), median(steps), median(forwards), median(updates)
	m.BackwardSeconds = max(0, m.StepSeconds-m.ForwardSeconds-m.OptimizerSeconds)
	m.TokensPerSecond = float64(m.Batch*m.Seq) / m.StepSeconds
	m.GFLOPS = benchShapes[m.Config].flops(m.Batch, m.Seq, m.Mode) / m.StepSeconds / 1e9
	return nil
}

// benchISA is the instruction set that multiplies in a precision.
func benchISA(precision string) string {
	if precision == "f32" {
		return gemm.ISA()
	}
	return gemm.ISA() + " " + gemm.BF16()
}

func median[T int | float64](x []T) T {
	slices.Sort(x)
	if len(x) == 0 {
		return 0
	}
	return x[len(x)/2]
}
