package gemm

import "sync"

// A stock keeps used values for the next user. Unlike a sync.Pool it survives
// garbage collection, so that a training step allocates nothing.
type stock[T any] struct {
	mu    sync.Mutex
	free  []*T
	fresh func() *T
}

func (s *stock[T]) get() *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		v := s.free[n-1]
		s.free = s.free[:n-1]
		return v
	}
	return s.fresh()
}

func (s *stock[T]) put(v *T) {
	s.mu.Lock()
	s.free = append(s.free, v)
	s.mu.Unlock()
}
