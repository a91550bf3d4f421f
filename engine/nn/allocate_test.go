package nn

import (
	"runtime"
	"testing"

	"defrost/engine/op"
)

// TestAStepAllocatesLittleOnceItsBuffersAreThere bounds what is left: Gorgonia's lists of inputs and
// the closures of kernels, some 10 kB per layer.
func TestAStepAllocatesLittleOnceItsBuffersAreThere(t *testing.T) {
	const layers, most = 12, 100_000
	e, params := newEncoder(layers)
	for _, p := range params {
		p.Thaw()
	}
	b := NewBuilder(true)
	loss, _, _ := e.build(b, op.PoolMean, false)
	p, err := b.Build(loss)
	if err != nil {
		t.Fatal(err)
	}
	texts := textsBatch()
	for range 3 {
		run(t, p, texts)
	}
	const steps = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range steps {
		run(t, p, texts)
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / steps; got > most {
		t.Errorf("got %d bytes allocated by a step of %d layers, want at most %d", got, layers, most)
	}
}
