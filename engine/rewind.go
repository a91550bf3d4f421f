package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Rewind goes back to a checkpoint: last, or best. Weights, step, learning rate and what a person
// froze or thawed are as they were then. The best one has no optimizer state: that begins anew.
func (w *Wheel) Rewind(kind string) { w.ask(request{action: "rewind", kind: kind}) }

// rewind restores a checkpoint of this run between two steps.
func (t *trainer) rewind(kind string) (string, error) {
	if kind != "last" && kind != "best" {
		return "", fmt.Errorf("checkpoint %q refused, expected last or best", kind)
	}
	dir, err := latest(filepath.Join(t.folder.dir, checkpointsDir, kind))
	if err != nil {
		return "", fmt.Errorf("rewind refused: there is no %s checkpoint yet", kind)
	}
	was, err := readProgress(dir)
	if err != nil {
		return "", err
	}
	if err := readParams(dir, t.model.family, t.allParams()); err != nil {
		return "", err
	}
	now := t.progress
	t.progress, t.step, t.order = was, was.Step, nil
	t.progress.Best, t.progress.HasBest = now.Best, now.HasBest
	if t.opt, err = t.newOptimizer(); err != nil {
		return "", err
	}
	if kind == "last" {
		err = t.restoreOptimizer(dir)
	}
	if err == nil {
		err = t.thaw(t.step/t.perEpoch() + 1)
	}
	t.forget()
	if err == nil && kind == "best" {
		err = t.saveLast() // a crash must not bring back what was given up
	}
	return fmt.Sprintf("to the %s checkpoint", kind), err
}

// forget makes ready to tell again what happens from here on.
func (t *trainer) forget() {
	t.replayed, t.seen = t.step, map[string]bool{}
}

// readProgress reads where a run stood when a checkpoint was written.
func readProgress(dir string) (p progress, err error) {
	path := filepath.Join(dir, stateFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return p, fmt.Errorf("checkpoint: %w", err)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	if p.Forced == nil {
		p.Forced = map[string]bool{}
	}
	return p, nil
}
