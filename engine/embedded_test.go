package engine

import (
	"testing"

	"defrost/engine/enginetest"
)

// TestEmbeddedBackbonesLearn trains each that ships with the binary for a few steps, with nothing
// fetched, and looks for a loss that falls.
func TestEmbeddedBackbonesLearn(t *testing.T) {
	data := enginetest.Reviews(t, 40)
	for _, c := range Backbones() {
		if !c.Embedded {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			r := Defaults()
			r.Backbone, r.Data, r.Batch, r.Epochs, r.MaxLength, r.HeadLR = c.Name, data, 8, 4, 16, 1e-2
			if !c.Cached {
				t.Fatal("got a card without its files")
			}
			steps := of[Step](fitted(t, r))
			if first, last := steps[0].Loss, steps[len(steps)-1].Loss; last >= first {
				t.Errorf("got a loss of %v in the last step and %v in the first, want it to fall", last, first)
			}
		})
	}
}
