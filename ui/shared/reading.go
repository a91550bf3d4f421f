package shared

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
)

// ErrStopped is what became of a source whose reading was stopped.
var ErrStopped = errors.New("reading was stopped")

// A ReadingMsg says how far the reading of a source has come. It comes only of those that take a
// while.
type ReadingMsg struct {
	Source      Source
	File        string
	Done, Total int64
	reading     *reading
}

// Stop ends the reading; its DataMsg comes with ErrStopped.
func (m ReadingMsg) Stop() { m.reading.stop() }

// A reading is a source that is being read.
type reading struct {
	source Source
	ctx    context.Context
	stop   context.CancelFunc
	news   chan ReadingMsg // holds the latest
	last   time.Time
}

// OpenData reads the examples of a source. Of a file with bad rows it reads the others too, so that
// a screen can show where they are; a run refuses such a file, and the message keeps the error.
func OpenData(src Source) tea.Cmd {
	r := &reading{source: src, news: make(chan ReadingMsg, 1)}
	r.ctx, r.stop = context.WithCancel(context.Background())
	return tea.Batch(r.open, r.listen)
}

// open reads the source and ends the news.
func (r *reading) open() tea.Msg {
	defer r.stop()
	defer close(r.news)
	src := r.source
	o := src.options()
	o.Progress, r.last = r.hear, time.Now()
	d, err := engine.OpenData(src.Name, o)
	if err != nil && r.ctx.Err() == nil {
		o.SkipBadRows = true
		d, _ = engine.OpenData(src.Name, o)
	}
	if r.ctx.Err() != nil {
		return DataMsg{Source: src, Err: ErrStopped}
	}
	return DataMsg{src, d, err}
}

// hear passes on at most a word each frame of a terminal that nobody looks at, and ends the reading
// when it was stopped.
func (r *reading) hear(file string, done, total int64) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	now := time.Now()
	if now.Sub(r.last) < Unfocused/4 {
		return nil
	}
	r.last = now
	select {
	case <-r.news: // nobody took it yet; this one is newer
	default:
	}
	r.news <- ReadingMsg{r.source, file, done, total, r}
	return nil
}

// listen waits for the next word.
func (r *reading) listen() tea.Msg {
	m, more := <-r.news
	if !more {
		return nil
	}
	return m
}
