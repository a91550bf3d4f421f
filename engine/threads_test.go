package engine

import (
	"runtime"
	"testing"
)

func TestAScreenGetsAThreadOfItsOwn(t *testing.T) {
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	threads := Threads()
	runtime.GOMAXPROCS(threads)
	for range 2 { // a second screen needs no other one
		SpareThread()
		if got := runtime.GOMAXPROCS(0); got != threads+1 || Threads() != threads {
			t.Errorf("got %d threads of which %d compute, want %d and %d", got, Threads(), threads+1, threads)
		}
	}
}
