package ui

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// A tube is a terminal that counts what is written to it and waits for words.
type tube struct {
	mu    sync.Mutex
	bytes int
	want  []byte
	seen  chan time.Time
}

func (w *tube) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += len(p)
	if w.want != nil && bytes.Contains(p, w.want) {
		w.want = nil
		w.seen <- time.Now()
	}
	return len(p), nil
}

func (w *tube) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes
}

// show opens the whole program on a terminal of the given size.
func show(b *testing.B, w, h int, run *engine.Run) (out *tube, keys *os.File) {
	b.Helper()
	b.Setenv("DEFROST_HOME", b.TempDir())
	in, keys, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	out = &tube{seen: make(chan time.Time, 1)}
	o := Options{Recipe: recipe(), Theme: "dark", In: in, Out: out}
	a, err := open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	a.session.NoProbe = true
	ctx, cancel := context.WithCancel(context.Background())
	p := tea.NewProgram(a, o.program(ctx)...)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		engine.SpareThread() // as Run does
		_, _ = p.Run()
	}()
	b.Cleanup(func() { cancel(); <-ended; in.Close(); keys.Close() })
	p.Send(tea.WindowSizeMsg{Width: w, Height: h})
	if run != nil {
		p.Send(shared.RunMsg{Run: run})
	}
	time.Sleep(time.Second) // what is read at the start is not counted
	return out, keys
}

// cpu is the processor time of this process so far.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// feed appends steps at a rate until done, as an engine would, and returns how many.
func feed(run *engine.Run, perSecond int, d time.Duration) (n int) {
	for began := time.Now(); time.Since(began) < d; time.Sleep(time.Millisecond) {
		for due := int(time.Since(began).Seconds() * float64(perSecond)); n < due; n++ {
			run.Log.Append(engine.Step{Step: 100 + n, Epoch: 2, Loss: engine.Number(0.5 + 0.1*math.Sin(float64(n))), LR: 1e-4, GradNorm: 1, Tokens: 500, Took: 1e-3})
		}
	}
	return n
}

// measured is how long a rate is looked at.
const measured = 4 * time.Second

// BenchmarkLive is a run of 1,000 events a second with the screen on: share of the rate the engine
// reaches, processor and bytes that the screen takes.
func BenchmarkLive(b *testing.B) {
	for _, size := range [][2]int{{120, 34}, {200, 50}} {
		b.Run(map[int]string{120: "120x34", 200: "200x50"}[size[0]], func(b *testing.B) {
			for range b.N {
				run := recorded(b, 100)
				before := cpu()
				feed(run, 1000, time.Second)
				alone := cpu() - before // of the feeding itself
				out, _ := show(b, size[0], size[1], run)
				used, written := cpu(), out.count()
				n := feed(run, 1000, measured)
				b.ReportMetric(100*float64(n)/(1000*measured.Seconds()), "%rate")
				b.ReportMetric(100*((cpu()-used).Seconds()/measured.Seconds()-alone.Seconds()), "%core")
				b.ReportMetric(float64(out.count()-written)/1e3/measured.Seconds(), "kB/s")
			}
		})
	}
}

// BenchmarkIdle is a workbench that nobody touches.
func BenchmarkIdle(b *testing.B) {
	for range b.N {
		out, _ := show(b, 120, 34, nil)
		used, written := cpu(), out.count()
		time.Sleep(measured)
		b.ReportMetric(100*(cpu()-used).Seconds()/measured.Seconds(), "%core")
		b.ReportMetric(float64(out.count()-written), "bytes")
	}
}

// BenchmarkKeyToFrame is the time from a key to the frame that shows what it did, while events come.
func BenchmarkKeyToFrame(b *testing.B) {
	for range b.N {
		run := recorded(b, 100)
		out, keys := show(b, 200, 50, run)
		go feed(run, 1000, 2*measured)
		answers(b, out, keys)
	}
}

// BenchmarkKeyToFrameWhileTraining is the same while every core fine-tunes the shape of BERT-base,
// batch 32 of 64 tokens.
func BenchmarkKeyToFrameWhileTraining(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() {
		ended <- engine.Bench(ctx, engine.BenchOptions{
			Configs: []string{"bert-base"}, Modes: []string{"all"}, Batches: []int{32}, Seqs: []int{64}, Budget: time.Hour,
		}, func(engine.Measurement) {})
	}()
	time.Sleep(10 * time.Second) // until the model is made
	for range b.N {
		out, keys := show(b, 120, 34, recorded(b, 100))
		answers(b, out, keys)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		b.Fatalf("training beside the screen: got error %v, want that it went on until it was cancelled", err)
	}
}

// answers presses ? and esc a few times and reports how long the cheat sheet takes to come.
func answers(b *testing.B, out *tube, keys *os.File) {
	b.Helper()
	var took []time.Duration
	for range 20 {
		out.mu.Lock()
		out.want = []byte("every key")
		out.mu.Unlock()
		began := time.Now()
		_, _ = keys.WriteString("?")
		took = append(took, (<-out.seen).Sub(began))
		_, _ = keys.WriteString("\x1b")
		time.Sleep(200 * time.Millisecond)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms-median")
	b.ReportMetric(float64(took[len(took)*9/10].Milliseconds()), "ms-p90")
}
