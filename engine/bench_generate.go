package engine

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"defrost/engine/backbone"
)

// benchGenerate is the mode of writing on: Seq tokens are read, then one is written after the other,
// each the likeliest, with the keys and values of those before it kept.
const benchGenerate = "generate"

// benchWritten is the most tokens that are written.
const benchWritten = 200

// measureWriting makes a step the reading of one token and the scores of what follows it. There is no
// batch, and no backward pass.
func (m *Measurement) measureWriting(ctx context.Context, budget time.Duration) error {
	m.Batch = 1
	shape := benchShapes[m.Config]
	bb, err := shape.backbone()
	if err != nil {
		return err
	}
	setPrecision(bb, m.Precision)
	w, err := newWriter(bb.(backbone.Continuer), 1)
	if err != nil {
		return err
	}
	defer w.prog.Close()
	next := shape.batch(1, m.Seq).IDs
	var steps []float64
	var bytes []int
	for began := time.Now(); len(steps) < warmSteps+leastSteps || time.Since(began) < budget && len(steps) < benchWritten; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if w.past+len(next) > shape.slots {
			break
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		at := time.Now()
		scores, err := w.read(next)
		if err != nil {
			return err
		}
		next = []int32{likeliest(scores)}
		steps = append(steps, time.Since(at).Seconds())
		runtime.ReadMemStats(&after)
		bytes = append(bytes, int(after.TotalAlloc-before.TotalAlloc))
	}
	warm := min(warmSteps, len(steps)-1)
	m.Steps, m.StepSeconds, m.AllocatedPerStep = len(steps)-warm, median(steps[warm:]), median(bytes[warm:])
	m.ForwardSeconds, m.TokensPerSecond, m.PeakRSS = m.StepSeconds, 1/m.StepSeconds, peakRSS()
	m.GFLOPS = shape.flopsOfToken() / m.StepSeconds / 1e9
	return nil
}
