package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
)

// Files of a checkpoint folder beside those of the Hugging Face layout.
const (
	weightsFile   = "model.safetensors"
	optimizerFile = "optimizer.safetensors"
	stateFile     = "state.json"
	taskFile      = "task.json"
)

// progress is where a run stands: what a resumed run needs beside weights and optimizer state.
type progress struct {
	Step    int             `json:"step"`
	Best    Number          `json:"best"`     // best primary dev metric
	HasBest bool            `json:"has_best"` // an evaluation was made
	Waited  int             `json:"waited"`   // evaluations since the best one
	LR      Number          `json:"lr"`       // peak learning rate, changed by a person or not
	Forced  map[string]bool `json:"forced"`   // layers a person thawed (true) or froze (false)
	Seconds float64         `json:"seconds"`
	Right   []bool          `json:"right,omitempty"` // dev examples the last evaluation got right
	OptStep int             `json:"optimizer_step"`
	Owed    bool            `json:"owed,omitempty"` // the evaluation of the epoch was broken off
}

// save writes a checkpoint folder beside the old one and swaps the two: whenever the process
// dies, one of them is whole.
func (t *trainer) save(kind string) error {
	final := filepath.Join(t.folder.dir, checkpointsDir, kind)
	tmp := final + ".new"
	if err := os.RemoveAll(tmp); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if err := t.writeCheckpoint(tmp, kind == "last"); err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	if err := swap(tmp, final); err != nil {
		return err
	}
	t.emit(Saved{Step: t.step, Path: final, Kind: kind})
	return nil
}

// swap puts tmp in the place of final; the old folder is final.old in between.
func swap(tmp, final string) error {
	old := final + ".old"
	err := os.RemoveAll(old)
	if _, statErr := os.Stat(final); statErr == nil && err == nil {
		err = os.Rename(final, old)
	}
	if err == nil {
		err = os.Rename(tmp, final)
	}
	if err == nil {
		err = os.RemoveAll(old)
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// latest is the folder of a checkpoint: final, or what a crash between two renames left.
func latest(final string) (string, error) {
	for _, dir := range []string{final, final + ".old"} {
		if _, err := os.Stat(filepath.Join(dir, stateFile)); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("checkpoint: %s holds no checkpoint yet", final)
}

func (t *trainer) writeCheckpoint(dir string, withOptimizer bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	err := checkpoint.WriteSafetensors(filepath.Join(dir, weightsFile), tensors(t.allParams()), checkpoint.F32, map[string]string{"format": "pt"})
	if err != nil {
		return err
	}
	if withOptimizer {
		if err := t.writeOptimizer(dir); err != nil {
			return err
		}
	}
	if err := t.model.tok.Save(dir); err != nil {
		return err
	}
	return t.writeDescription(dir)
}

func (t *trainer) writeOptimizer(dir string) error {
	var list []checkpoint.Tensor
	for _, s := range t.opt.State(t.allParams()) {
		list = append(list, checkpoint.Tensor{Name: s.Name, Shape: []int{len(s.Data)}, Data: s.Data})
	}
	return checkpoint.WriteSafetensors(filepath.Join(dir, optimizerFile), list, checkpoint.F32, nil)
}

// writeDescription writes the configuration, the task and the progress.
func (t *trainer) writeDescription(dir string) error {
	config, err := labelled(t.model.config, t.task.Labels())
	if err != nil {
		return err
	}
	described, err := t.describeTask(dir)
	if err != nil {
		return err
	}
	f := &folder{dir: dir}
	if err := f.write("config.json", config); err != nil {
		return err
	}
	if err := f.writeJSON(taskFile, described); err != nil {
		return err
	}
	p := t.progress
	p.Step, p.Seconds, p.OptStep = t.step, t.seconds(), t.opt.Steps()
	return f.writeJSON(stateFile, p)
}

func tensors(params []*nn.Param) []checkpoint.Tensor {
	list := make([]checkpoint.Tensor, len(params))
	for i, p := range params {
		list[i] = checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value}
	}
	return list
}

// restore continues from checkpoints/last. Without one, the run starts again from its first step.
func (t *trainer) restore() error {
	dir, err := latest(filepath.Join(t.folder.dir, checkpointsDir, "last"))
	if err != nil {
		return nil
	}
	if t.progress, err = readProgress(dir); err != nil {
		return err
	}
	t.step = t.progress.Step
	if err := readParams(dir, t.model.family, t.allParams()); err != nil {
		return err
	}
	return t.restoreOptimizer(dir)
}

func (t *trainer) restoreOptimizer(dir string) error {
	src, err := openFile(filepath.Join(dir, optimizerFile))
	if err != nil {
		return err
	}
	defer src.Close()
	saved := map[string]bool{}
	for _, info := range src.Tensors() {
		saved[info.Name] = true
	}
	for _, p := range t.allParams() {
		if saved["m."+p.Name] {
			t.opt.Touch(p)
		}
	}
	for _, s := range t.opt.State(t.allParams()) {
		if !saved[s.Name] {
			continue
		}
		if err := src.Read(s.Name, s.Data); err != nil {
			return err
		}
	}
	t.opt.SetSteps(t.progress.OptStep)
	return nil
}

// readParams fills params from a checkpoint of ours; every one must be there.
func readParams(dir string, family backbone.Family, params []*nn.Param) error {
	src, err := openFile(filepath.Join(dir, weightsFile))
	if err != nil {
		return err
	}
	defer src.Close()
	report, err := backbone.Load(src, family, params, 0)
	if err != nil {
		return err
	}
	if len(report.Fresh) > 0 {
		return fmt.Errorf("checkpoint: %s lacks %s", dir, report.Fresh[0])
	}
	return nil
}

func openFile(path string) (checkpoint.Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	src, err := checkpoint.OpenSafetensors(file, info.Size(), path)
	if err != nil {
		file.Close()
		return nil, err
	}
	return src, nil
}
