package engine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Files of a run folder.
const (
	recipeFile      = "recipe.yaml"
	eventsFile      = "events.jsonl"
	metricsFile     = "metrics.json"
	environmentFile = "environment.json"
	predictionsFile = "predictions.jsonl"
	checkpointsDir  = "checkpoints"
)

// A folder is a run on disk. Files are written whole to a temporary name and then renamed;
// events.jsonl only grows.
type folder struct {
	dir    string
	fresh  bool // made by this process
	events *os.File
	lock   lock
}

// createFolder makes a new run folder, which must not hold a run, and keeps it for this run.
func createFolder(dir string, r Recipe) (*folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	held, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, fresh: true, lock: held}
	if err := f.begin(r); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// begin writes the recipe of a new run.
func (f *folder) begin(r Recipe) error {
	for _, name := range []string{eventsFile, recipeFile} {
		if _, err := os.Stat(f.path(name)); err == nil {
			return fmt.Errorf("run: %s holds a run already (%s): `defrost resume` goes on with it, another folder takes a new one", f.dir, name)
		}
	}
	if err := f.write(recipeFile, []byte(r.YAML())); err != nil {
		return err
	}
	return f.open()
}

// keepFolder takes a folder that holds a run, so that nobody else goes on with it meanwhile.
func keepFolder(dir string) (*folder, error) {
	held, err := lockFolder(dir)
	return &folder{dir: dir, lock: held}, err
}

// open makes events.jsonl ready to be appended to. A line that a crash cut short is removed.
func (f *folder) open() error {
	file, err := os.OpenFile(f.path(eventsFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	whole, err := wholeLines(file)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, 0)
	}
	if err != nil {
		file.Close()
		return fmt.Errorf("run: %w", err)
	}
	f.events = file
	return nil
}

// wholeLines is the length of the file up to its last newline.
func wholeLines(file *os.File) (int64, error) {
	data, err := os.ReadFile(file.Name())
	return int64(bytes.LastIndexByte(data, '\n') + 1), err
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

// write replaces a file in one step.
func (f *folder) write(name string, data []byte) error {
	tmp, err := os.CreateTemp(f.dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), f.path(name))
	}
	if err != nil {
		return fmt.Errorf("run: writing %s: %w", name, err)
	}
	return nil
}

func (f *folder) writeJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("run: %s: %w", name, err)
	}
	return f.write(name, append(data, '\n'))
}

// append writes one event.
func (f *folder) append(e Event) error {
	line, err := MarshalEvent(e)
	if err != nil {
		return err
	}
	if _, err := f.events.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	return nil
}

// close gives the folder free.
func (f *folder) close() error {
	var err error
	if f.events != nil {
		err = f.events.Close()
	}
	return errors.Join(err, f.lock.release())
}

// discard removes what createFolder made; what else lies in the folder stays, and then it does too.
func (f *folder) discard() error {
	err := f.close()
	for _, name := range []string{recipeFile, environmentFile, eventsFile, lockFile} {
		err = errors.Join(err, os.Remove(f.path(name)))
	}
	os.Remove(f.dir) // fails when something else lies there
	return err
}

// maxEventLine bounds one line of events.jsonl.
const maxEventLine = 64 << 20

// readEvents reads a run's events; a last line cut short by a crash is ignored.
func readEvents(dir string) ([]Event, error) {
	file, err := os.Open(filepath.Join(dir, eventsFile))
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	defer file.Close()
	var events []Event
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxEventLine)
	for n := 1; lines.Scan(); n++ {
		e, err := UnmarshalEvent(lines.Bytes())
		if err != nil {
			if !lines.Scan() {
				break
			}
			return nil, fmt.Errorf("run: %s:%d: %w", file.Name(), n, err)
		}
		events = append(events, e)
	}
	return events, lines.Err()
}

// isRun says whether dir holds a run.
func isRun(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, recipeFile))
	return !errors.Is(err, fs.ErrNotExist) && err == nil
}
