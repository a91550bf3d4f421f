package gemm

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// piecesEach is how many pieces of a range a worker gets: more than one, so
// that a worker that was interrupted does not hold up the others.
const piecesEach = 4

// The pool is shared by everything in the process. A caller of Parallel works
// on its own range and is joined by helpers, as many as keep the number of
// goroutines at work within the limit. Nobody ever waits for a helper to
// become free, so callers cannot block each other: with every place taken, as
// in a nested call, the range runs inline.
var pool struct {
	once    sync.Once
	limit   atomic.Int32 // goroutines at work at the same time
	busy    atomic.Int32 // callers and helpers at work now
	started atomic.Int32 // helpers that exist
	jobs    chan *job
}

// maxHelpers bounds the queue and with it the number of workers.
const maxHelpers = 256

func start() {
	pool.jobs = make(chan *job, maxHelpers)
	pool.limit.CompareAndSwap(0, int32(min(runtime.GOMAXPROCS(0), runtime.NumCPU())))
}

// SetWorkers sets how many goroutines work at the same time, at least one.
// Results never depend on it.
func SetWorkers(n int) {
	pool.once.Do(start)
	pool.limit.Store(int32(min(max(n, 1), maxHelpers)))
}

// Workers is how many goroutines work at the same time: GOMAXPROCS at first
// use, no more than there are processors, unless SetWorkers said otherwise.
func Workers() int {
	pool.once.Do(start)
	return int(pool.limit.Load())
}

// Parallel calls f on pieces that together cover [0, n), each at least grain
// long (the last may be shorter), on the workers that are free. It returns
// when all are done; a panic in f is raised again here. The borders of pieces
// depend on the number of workers, so what f computes must not depend on them.
func Parallel(n, grain int, f func(lo, hi int)) {
	if n <= 0 {
		return
	}
	pieces := piecesEach * Workers()
	share(n, max(grain, 1, (n+pieces-1)/pieces), f)
}

// share runs f on pieces of one size, on the workers that are free.
func share(n, size int, f func(lo, hi int)) {
	pieces := (n + size - 1) / size
	if Workers() == 1 || pieces == 1 {
		f(0, n)
		return
	}
	pool.busy.Add(1)
	defer pool.busy.Add(-1)
	j := jobs.Get()
	j.reset(n, size, pieces, f)
	if !j.recruit(pieces - 1) {
		j.leave()
		f(0, n)
		return
	}
	if !j.work() {
		await(j.done)
	}
	sweep()
	thrown := j.thrown
	j.leave()
	if thrown != nil {
		panic(thrown.value)
	}
}

// A job is one call of Parallel.
type job struct {
	f               func(lo, hi int)
	n, size, pieces int
	next, finished  atomic.Int32
	users           atomic.Int32 // who may still touch the job; the last one puts it back
	mu              sync.Mutex
	thrown          *thrown
	done            chan struct{} // a helper finished the last piece
}

// A thrown is what f panicked with.
type thrown struct{ value any }

var jobs = Stock[job]{Fresh: func() *job { return &job{done: make(chan struct{}, 1)} }}

func (j *job) reset(n, size, pieces int, f func(lo, hi int)) {
	j.f, j.n, j.size, j.pieces, j.thrown = f, n, size, pieces, nil
	j.next.Store(0)
	j.finished.Store(0)
	j.users.Store(1)
}

// recruit asks up to want helpers to join and reports whether any place is free.
func (j *job) recruit(want int) bool {
	limit := pool.limit.Load()
	want = min(want, int(limit-pool.busy.Load()))
	for range want {
		if n := pool.started.Load(); n < limit-1 && pool.started.CompareAndSwap(n, n+1) {
			go help()
		}
		j.users.Add(1)
		j.offer()
	}
	return want > 0
}

// offer queues the job for a helper, whose claim is already counted.
func (j *job) offer() {
	select {
	case pool.jobs <- j:
	default: // a full queue: many callers, each does its own work
		j.leave()
	}
}

// help is the life of a helper. A job may have waited in the queue: by now it
// can be finished, or another caller can have taken the place. The helper gives
// up its own place before the caller hears that the job is done, for the caller's
// next job comes at once.
func help() {
	for {
		j := await(pool.jobs)
		last := pool.busy.Add(1) <= pool.limit.Load() && j.work()
		pool.busy.Add(-1)
		if last {
			j.done <- struct{}{}
		}
		j.leave()
	}
}

// A goroutine that awaits something looks for it before it goes to sleep, for longer than what lies
// between most jobs of a step: waking takes a tenth of a millisecond, as long as a short job.
const (
	awake = 500 * time.Microsecond
	looks = 1 << 10 // between two looks at the clock
)

// await receives from c.
func await[T any](c <-chan T) T {
	for began := time.Now(); time.Since(began) < awake; {
		for range looks {
			select {
			case v := <-c:
				return v
			default:
			}
		}
	}
	return <-c
}

// work runs pieces until none is left and reports whether it finished the last.
func (j *job) work() (last bool) {
	for !last {
		i := int(j.next.Add(1)) - 1
		if i >= j.pieces {
			return false
		}
		j.piece(i)
		last = int(j.finished.Add(1)) == j.pieces
	}
	return true
}

// piece runs piece i and keeps the first panic.
func (j *job) piece(i int) {
	defer func() {
		if v := recover(); v != nil {
			j.mu.Lock()
			defer j.mu.Unlock()
			if j.thrown == nil {
				j.thrown = &thrown{v}
			}
		}
	}()
	lo := i * j.size
	j.f(lo, min(lo+j.size, j.n))
}

// sweep takes jobs that are already done out of the queue, where they lie when
// a caller was faster than a helper could wake.
func sweep() {
	for {
		select {
		case j := <-pool.jobs:
			if int(j.next.Load()) < j.pieces {
				j.offer()
				return
			}
			j.leave()
		default:
			return
		}
	}
}

// leave gives up the caller's or a helper's claim on the job.
func (j *job) leave() {
	if j.users.Add(-1) == 0 {
		j.f, j.thrown = nil, nil
		jobs.Put(j)
	}
}
