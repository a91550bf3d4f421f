package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// A Store is a folder of runs.
type Store struct{ Root string }

// DefaultStore is $DEFROST_HOME/runs, else the XDG data directory.
func DefaultStore() (Store, error) {
	if home := os.Getenv("DEFROST_HOME"); home != "" {
		return Store{filepath.Join(home, "runs")}, nil
	}
	if data := os.Getenv("XDG_DATA_HOME"); data != "" {
		return Store{filepath.Join(data, "defrost", "runs")}, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return Store{}, fmt.Errorf("store: %w", err)
	}
	return Store{filepath.Join(home, ".local", "share", "defrost", "runs")}, nil
}

// fresh makes a new empty run folder named after backbone and data.
func (s Store) fresh(r Recipe) (string, error) {
	base := plain(r.Backbone) + "-" + plain(r.Data)
	if err := os.MkdirAll(s.Root, 0o755); err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	for n := 1; ; n++ {
		dir := filepath.Join(s.Root, fmt.Sprintf("%s-%02d", base, n))
		err := os.Mkdir(dir, 0o755)
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("store: %w", err)
		}
	}
}

// plain is the last part of a name or path, safe as part of a folder's name.
func plain(name string) string {
	base := strings.TrimSuffix(filepath.Base(filepath.Clean(name)), filepath.Ext(name))
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, base)
}

// A Summary is one line about a run.
type Summary struct {
	ID        string            `json:"id"`
	Dir       string            `json:"dir"`
	Recipe    Recipe            `json:"recipe"`
	Finished  bool              `json:"finished"`
	Failed    string            `json:"failed,omitempty"` // why; "" for a run that was interrupted and can go on
	Steps     int               `json:"steps"`
	Metrics   map[string]Number `json:"metrics,omitempty"`
	Primary   string            `json:"primary"` // the metric the run is judged by
	Seconds   float64           `json:"seconds"`
	Trainable int               `json:"trainable"`
	Total     int               `json:"total"`
	Started   time.Time         `json:"started"`
}

// List returns the store's runs, newest first. Folders that are not runs are left out.
func (s Store) List() ([]Summary, error) {
	entries, err := os.ReadDir(s.Root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	var list []Summary
	for _, e := range entries {
		dir := filepath.Join(s.Root, e.Name())
		if !e.IsDir() || !isRun(dir) {
			continue
		}
		if sum, err := summarise(dir); err == nil {
			list = append(list, sum)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Started.After(list[j].Started) })
	return list, nil
}

// Find returns the run whose id starts with id, or that lies in the folder id.
func (s Store) Find(id string) (Summary, error) {
	if isRun(id) {
		dir, err := filepath.Abs(id)
		if err != nil {
			return Summary{}, fmt.Errorf("store: %w", err)
		}
		return summarise(dir)
	}
	list, err := s.List()
	if err != nil {
		return Summary{}, err
	}
	var found []Summary
	for _, sum := range list {
		if sum.ID == id {
			return sum, nil
		}
		if strings.HasPrefix(sum.ID, id) {
			found = append(found, sum)
		}
	}
	if len(found) != 1 {
		return Summary{}, fmt.Errorf("store: %d runs are called %q, expected one: `defrost runs` lists them", len(found), id)
	}
	return found[0], nil
}

// summarise reads a run folder's recipe, environment and events.
func summarise(dir string) (Summary, error) {
	past, r, err := reopen(dir)
	if err != nil {
		return Summary{}, err
	}
	sum := Summary{ID: runID(dir), Dir: dir, Recipe: r, Primary: "accuracy"}
	if data, err := os.ReadFile(filepath.Join(dir, environmentFile)); err == nil {
		var env Environment
		if json.Unmarshal(data, &env) == nil {
			sum.Started = env.Started
		}
	}
	for _, e := range past {
		sum.take(e)
	}
	return sum, nil
}

func (s *Summary) take(e Event) {
	switch e := e.(type) {
	case Step:
		s.Steps, s.Seconds = e.Step, e.Seconds
	case Loaded:
		s.Trainable, s.Total = e.Trainable, e.Total
	case Evaluated:
		s.Metrics = e.Metrics
	case Failed:
		if !strings.HasSuffix(e.Error, context.Canceled.Error()) {
			s.Failed = firstLine(errors.New(e.Error))
		}
	case Started:
		s.Failed = ""
		if e.Primary != "" {
			s.Primary = e.Primary
		}
	case Finished:
		s.Finished, s.Failed, s.Metrics, s.Seconds = true, "", e.Metrics, e.Seconds
	}
}

// BackboneOf is the backbone that a run was trained on; run is an id or a folder.
func BackboneOf(run string) (string, error) {
	sum, err := found(run)
	return sum.Recipe.Backbone, err
}

// found is a run of the default store, by its id or folder.
func found(run string) (Summary, error) {
	store, err := DefaultStore()
	if err != nil {
		return Summary{}, err
	}
	return store.Find(run)
}

// bestOf is the weights file of a run's best checkpoint; run is an id or a folder.
func bestOf(run string) (string, error) {
	sum, err := found(run)
	if err != nil {
		return "", err
	}
	dir, err := latest(filepath.Join(sum.Dir, checkpointsDir, "best"))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, weightsFile), nil
}
