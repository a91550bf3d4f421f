package labs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"defrost/engine"
)

// Missing says what the lab's runs need that is not on this machine: a backbone or data.
func (l Lab) Missing(ctx context.Context) error {
	seen := map[string]bool{}
	for _, run := range l.Runs {
		r := run.Recipe
		if !seen[r.Backbone] {
			if _, err := engine.OpenModel(ctx, r.Backbone); err != nil {
				return fmt.Errorf("lab: %s needs %s: %w", l.Name, r.Backbone, err)
			}
		}
		source := "data " + r.Data
		if !seen[source] {
			if _, err := engine.OpenData(r.Data, r.DataOptions()); err != nil {
				return fmt.Errorf("lab: %s needs %s: %w", l.Name, r.Data, err)
			}
		}
		seen[r.Backbone], seen[source] = true, true
	}
	return nil
}

// A Step is a run of a lab that was begun.
type Step struct {
	Index int         // of the run in the lab
	Run   *engine.Run // nil when all runs have finished
}

// Begin starts the first run that has not finished, or goes on with what is left of it; the Step's Run
// is nil when there is none. The folder is on record before anything is written into it, so that a
// kill at any moment loses nothing but the steps since the last checkpoint.
func (l Lab) Begin(ctx context.Context, p Progress) (Progress, Step, error) {
	if p.Answer == "" {
		return p, Step{}, fmt.Errorf("lab: %s has no answer yet, expected one before its runs", l.Name)
	}
	for i, s := range l.Standings(p) {
		switch {
		case s.Finished:
			continue
		case s.Begun:
			run, err := engine.Resume(ctx, s.Dir)
			return p, Step{i, run}, err
		}
		dir, err := l.fresh(p.Runs, i)
		if err != nil {
			return p, Step{}, err
		}
		p.Runs = append([]string(nil), p.Runs...)
		p.Runs[i] = dir
		if err := l.save(p); err != nil {
			return p, Step{}, err
		}
		run, err := engine.Start(ctx, l.Runs[i].Recipe, engine.StartOptions{Dir: dir})
		return p, Step{i, run}, err
	}
	return p, Step{}, nil
}

// fresh makes a folder for run i among the runs, named after the lab. One that was made before a kill
// and holds no run yet serves.
func (l Lab) fresh(made []string, i int) (string, error) {
	if dir := made[i]; dir != "" {
		_, err := os.Stat(dir)
		if _, noRun := os.Stat(filepath.Join(dir, "recipe.yaml")); err == nil && errors.Is(noRun, fs.ErrNotExist) {
			return dir, nil
		}
	}
	store, err := engine.DefaultStore()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(store.Root, 0o755); err != nil {
		return "", fmt.Errorf("lab: %w", err)
	}
	for n := 1; ; n++ {
		dir := filepath.Join(store.Root, fmt.Sprintf("lab-%s-%s-%02d", l.Name, l.Runs[i].Name, n))
		err := os.Mkdir(dir, 0o755)
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("lab: %w", err)
		}
	}
}
