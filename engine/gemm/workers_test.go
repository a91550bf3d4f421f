package gemm

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestParallelCoversTheRangeOnce(t *testing.T) {
	defer SetWorkers(Workers())
	for _, workers := range []int{1, 2, 5} {
		SetWorkers(workers)
		for _, n := range []int{0, 1, 7, 100, 1001} {
			for _, grain := range []int{0, 1, 8, 5000} {
				seen := make([]atomic.Int32, n)
				Parallel(n, grain, func(lo, hi int) {
					if hi-lo < grain && hi != n {
						t.Errorf("n=%d grain=%d: piece [%d, %d) is too short", n, grain, lo, hi)
					}
					for i := lo; i < hi; i++ {
						seen[i].Add(1)
					}
				})
				for i := range seen {
					if got := seen[i].Load(); got != 1 {
						t.Fatalf("workers=%d n=%d grain=%d: %d seen %d times", workers, n, grain, i, got)
					}
				}
			}
		}
	}
}

func TestNestedAndConcurrentCallersFinish(t *testing.T) {
	defer SetWorkers(Workers())
	SetWorkers(3)
	var total atomic.Int64
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 20 {
				Parallel(16, 1, func(lo, hi int) {
					for i := lo; i < hi; i++ {
						Parallel(10, 1, func(lo, hi int) { total.Add(int64(hi - lo)) })
					}
				})
			}
		})
	}
	callers.Wait()
	if got, want := total.Load(), int64(8*20*16*10); got != want {
		t.Errorf("work done: got %d, want %d", got, want)
	}
}

func TestHelpersStayWithinTheLimit(t *testing.T) {
	defer SetWorkers(Workers())
	SetWorkers(3)
	var now, most atomic.Int32
	for range 50 {
		Parallel(64, 1, func(lo, hi int) {
			n := now.Add(1)
			for {
				m := most.Load()
				if n <= m || most.CompareAndSwap(m, n) {
					break
				}
			}
			now.Add(-1)
		})
	}
	if got := most.Load(); got > 3 {
		t.Errorf("goroutines at work: got %d, want at most 3", got)
	}
}

func TestPanicInAPieceReachesTheCaller(t *testing.T) {
	defer SetWorkers(Workers())
	for _, workers := range []int{1, 4} {
		SetWorkers(workers)
		got := caught(func() {
			Parallel(100, 1, func(lo, hi int) {
				if lo <= 50 && 50 < hi {
					panic("piece 50")
				}
			})
		})
		if got != "piece 50" {
			t.Errorf("workers=%d: got panic %v, want piece 50", workers, got)
		}
	}
	var n atomic.Int32 // the pool still works
	Parallel(100, 1, func(lo, hi int) { n.Add(int32(hi - lo)) })
	if got := n.Load(); got != 100 {
		t.Errorf("after a panic: got %d of 100", got)
	}
}
