package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"defrost/engine/tensorboard"
)

// tensorboardDir is the folder, beside events.jsonl, that TensorBoard reads.
const tensorboardDir = "tensorboard"

// A board keeps a run's TensorBoard file. It is made from events alone, so that a run of long ago
// gets the same file. Its clock is the start of the run plus the seconds it has trained: pauses, and
// the time between two sessions, leave no gap in the curves.
type board struct {
	dir   string // of the run
	began time.Time
	file  *tensorboard.Writer // nil until there is something to write
	last  map[string]int      // step of the newest figure of each tag
	clock float64             // seconds of training
	off   bool                // the file cannot be written
}

func newBoard(dir string) *board { return &board{dir: dir, began: began(dir)} }

// follow writes what the newest event of a live run adds. The first figures of a session, and a step
// that takes back others, make the file anew from the whole log: every step stands in it once.
func (b *board) follow(e Event, log *Log) (err error) {
	to, back := b.goesBack(e)
	if _, values := scalars(e); len(values) == 0 && !back || b.off {
		return nil
	}
	if b.file == nil || back && to < b.last[lossTag] {
		all, _ := log.Since(0)
		err = b.renew(all)
	} else {
		err = b.take(e)
	}
	b.off = err != nil
	return err
}

// goesBack is the last step that e lets stand, where it takes others back.
func (b *board) goesBack(e Event) (to int, ok bool) {
	switch e := e.(type) {
	case Step:
		return e.Step - 1, e.Step <= b.last[lossTag]
	case Steered:
		return e.Step, e.Action == "rewind"
	}
	return 0, false
}

func (b *board) path() string {
	return filepath.Join(b.dir, tensorboardDir, tensorboard.FileName(b.began))
}

// renew makes the file with what has happened so far, and then opens it for more.
func (b *board) renew(events []Event) error {
	b.last, b.clock = map[string]int{}, 0
	making := filepath.Join(b.dir, tensorboardDir, ".making")
	err := errors.Join(b.close(), os.MkdirAll(filepath.Dir(making), 0o755))
	if err != nil {
		return fmt.Errorf("tensorboard: %w", err)
	}
	if b.file, err = tensorboard.Create(making, b.began); err != nil {
		return err
	}
	for _, e := range lasting(events) {
		err = errors.Join(err, b.take(e))
	}
	if err = errors.Join(err, b.close()); err == nil {
		err = os.Rename(making, b.path())
	}
	if err == nil {
		b.file, err = tensorboard.Append(b.path())
	}
	return err
}

// lasting leaves out the figures that a run took back when it went on from an earlier step.
func lasting(past []Event) []Event {
	var kept []Event
	last := 0
	cut := func(to int) {
		kept = slices.DeleteFunc(kept, func(e Event) bool { return stepOf(e) > to })
	}
	for _, e := range past {
		switch e := e.(type) {
		case Step:
			if e.Step <= last {
				cut(e.Step - 1)
			}
			last = e.Step
		case Steered:
			if e.Action == "rewind" {
				cut(e.Step)
				last = e.Step
			}
		}
		kept = append(kept, e)
	}
	return kept
}

// stepOf is where an event with figures stands, -1 for other events.
func stepOf(e Event) int {
	switch e := e.(type) {
	case Step:
		return e.Step
	case Evaluated:
		return e.Step
	case Measured:
		return e.Step
	}
	return -1
}

// began is when a run was started; its events hold no time of day.
func began(dir string) time.Time {
	var env Environment
	data, err := os.ReadFile(filepath.Join(dir, environmentFile))
	if err != nil || json.Unmarshal(data, &env) != nil || env.Started.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return env.Started
}

// take writes the figures of an event, each step of a tag once.
func (b *board) take(e Event) error {
	step, values := scalars(e)
	values = slices.DeleteFunc(values, func(s tensorboard.Scalar) bool {
		last, known := b.last[s.Tag]
		return known && step <= last
	})
	if len(values) == 0 {
		return nil
	}
	for _, v := range values {
		b.last[v.Tag] = step
	}
	switch e := e.(type) {
	case Step:
		b.clock = e.Seconds
	case Evaluated:
		b.clock = max(b.clock, e.Seconds)
	}
	return b.file.Write(b.began.Add(time.Duration(b.clock*float64(time.Second))), int64(step), values...)
}

func (b *board) close() error {
	if b.file == nil {
		return nil
	}
	file := b.file
	b.file = nil
	return file.Close()
}

// lossTag is the tag that every step has a figure of.
const lossTag = "train/loss"

// scalars are the figures of an event under TensorBoard's tags: train/loss, dev/accuracy, and per
// layer how far it has moved and the norm of its gradient.
func scalars(e Event) (step int, list []tensorboard.Scalar) {
	add := func(tag string, v Number) { list = append(list, tensorboard.Scalar{Tag: tag, Value: float64(v)}) }
	switch e := e.(type) {
	case Step:
		add(lossTag, e.Loss)
		add("train/lr", e.LR)
		add("train/grad_norm", e.GradNorm)
		if e.Took > 0 {
			add("train/tokens_per_second", Number(float64(e.Tokens)/e.Took))
		}
		return e.Step, list
	case Evaluated:
		add(e.Split+"/loss", e.Loss)
		for _, name := range slices.Sorted(maps.Keys(e.Metrics)) {
			if name != "loss" {
				add(e.Split+"/"+name, e.Metrics[name])
			}
		}
		return e.Step, append(list, layerScalars(e.Layers)...)
	case Measured:
		return e.Step, layerScalars(e.Layers)
	}
	return 0, nil
}

func layerScalars(layers []LayerState) (list []tensorboard.Scalar) {
	for _, l := range layers {
		list = append(list, tensorboard.Scalar{Tag: "layer_drift/" + l.Name, Value: float64(l.Drift)},
			tensorboard.Scalar{Tag: "layer_grad_norm/" + l.Name, Value: float64(l.GradNorm)})
	}
	return list
}

// WriteTensorBoard makes the TensorBoard file of a run on disk anew and returns its path. A run that
// is training writes it by itself, and is refused.
func WriteTensorBoard(dir string) (string, error) {
	held, err := lockFolder(dir)
	if err != nil {
		return "", err
	}
	defer held.release()
	past, _, err := reopen(dir)
	if err != nil {
		return "", err
	}
	b := newBoard(dir)
	if err := b.renew(past); err != nil {
		return "", err
	}
	return b.path(), b.close()
}
