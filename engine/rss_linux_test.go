package engine

import (
	"runtime/debug"
	"testing"
)

func TestAPeakCountsFromItsReset(t *testing.T) {
	const held = 256 << 20
	touch(held)
	before := peakRSS()
	debug.FreeOSMemory()
	resetPeak()
	if after := peakRSS(); after > before-held/2 {
		t.Errorf("got a peak of %d bytes after the reset, want less than the %d before it by most of %d", after, before, held)
	}
}

// touch makes every page of n bytes the process's own.
//
//go:noinline
func touch(n int) {
	hold := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		hold[i] = 1
	}
}
