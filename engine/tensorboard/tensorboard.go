// Package tensorboard writes the event files that TensorBoard and tools that import them read:
// scalars by tag, step and wall time.
//
// An event file is a sequence of TFRecord frames, each a protocol buffer message Event; frame.go
// makes the frames, message.go the messages. Every record is written in one call and nothing is
// held back, so that a process that is killed leaves a file that reads up to its last whole record.
//
//	w, err := tensorboard.Create("run/tensorboard/events.out.tfevents.1700000000.defrost", began)
//	err = w.Write(began.Add(time.Second), 1, tensorboard.Scalar{Tag: "train/loss", Value: 0.69})
package tensorboard

import (
	"fmt"
	"os"
	"time"
)

// A Scalar is one figure of a step under a tag; what stands before the tag's first slash is the
// group that TensorBoard shows it in.
type Scalar struct {
	Tag   string
	Value float64 // kept with the precision of a float32
}

// A Writer appends records to one event file.
type Writer struct {
	file  *os.File
	frame []byte
}

// FileName is the name of the event file of what began at that time; TensorBoard takes any file
// whose name holds "tfevents" for one of its own and reads those of a folder in order of their names.
func FileName(began time.Time) string {
	return fmt.Sprintf("events.out.tfevents.%010d.defrost", began.Unix())
}

// Create makes an event file that holds nothing but the record of its version; what the file held
// before is gone.
func Create(path string, began time.Time) (*Writer, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("tensorboard: %w", err)
	}
	w := &Writer{file: file}
	if err := w.record(version(began)); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

// Append opens an event file that Create has made, to go on with it.
func Append(path string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("tensorboard: %w", err)
	}
	return &Writer{file: file}, nil
}

// Write appends the figures of one step.
func (w *Writer) Write(wall time.Time, step int64, values ...Scalar) error {
	return w.record(event(wall, step, values))
}

func (w *Writer) record(message []byte) error {
	w.frame = appendFrame(w.frame[:0], message)
	if _, err := w.file.Write(w.frame); err != nil {
		return fmt.Errorf("tensorboard: %w", err)
	}
	return nil
}

// Close closes the file.
func (w *Writer) Close() error { return w.file.Close() }
