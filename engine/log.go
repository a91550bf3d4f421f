package engine

import (
	"sync"
)

// A Log is the append-only list of a run's events. Append never blocks and never drops; every
// reader has a cursor of its own.
type Log struct {
	mu     sync.Mutex
	events []Event
	grown  chan struct{} // closed and replaced when events arrive
	closed bool
}

// NewLog returns an empty log.
func NewLog() *Log { return &Log{grown: make(chan struct{})} }

// Append adds an event.
func (l *Log) Append(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	l.broadcast()
}

// Close says that no more events will come.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.broadcast()
}

func (l *Log) broadcast() {
	close(l.grown)
	l.grown = make(chan struct{})
}

// Since returns the events from cursor on, and the cursor after them. The slice is shared and
// must not be written to.
func (l *Log) Since(cursor int) (events []Event, next int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.events[min(cursor, len(l.events)):len(l.events):len(l.events)], len(l.events)
}

// Wait returns a channel that is closed once there are events past cursor, or the log is closed.
func (l *Log) Wait(cursor int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.events) > cursor || l.closed {
		done := make(chan struct{})
		close(done)
		return done
	}
	return l.grown
}

// Done says that the log is closed and nothing lies past cursor.
func (l *Log) Done(cursor int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed && cursor >= len(l.events)
}

// Len is the number of events.
func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.events)
}
