package engine

import (
	"runtime"
	"testing"
)

func TestAScreenGetsAThreadOfItsOwn(t *testing.T) {
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	defer SetThreads(Threads())
	all := runtime.NumCPU()
	for _, threads := range []int{1, all, all + 6} {
		SetThreads(threads)
		want := min(threads, all) + 1
		runtime.GOMAXPROCS(want - 1)
		for range 2 { // a second screen needs no other one
			SpareThread()
			if got := runtime.GOMAXPROCS(0); got != want || Threads() != threads {
				t.Errorf("%d compute on %d processors: got %d threads of which %d compute, want %d", threads, all, got, Threads(), want)
			}
		}
	}
}
