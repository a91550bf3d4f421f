package gemm

import "sync"

// A Stock keeps used values for the next user. Unlike a sync.Pool it survives
// garbage collection, so that a training step allocates nothing.
type Stock[T any] struct {
	Fresh func() *T // makes one when all are in use

	mu   sync.Mutex
	free []*T
}

// Get is a value that nobody uses.
func (s *Stock[T]) Get() *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		v := s.free[n-1]
		s.free = s.free[:n-1]
		return v
	}
	return s.Fresh()
}

// Put gives a value back.
func (s *Stock[T]) Put(v *T) {
	s.mu.Lock()
	s.free = append(s.free, v)
	s.mu.Unlock()
}
