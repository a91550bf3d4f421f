package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"defrost/datasets"
	"defrost/engine/task"
)

// A taskDescription is what a checkpoint says about its head.
type taskDescription struct {
	task.Saved
	Head string   `json:"head"`
	Pool string   `json:"pool"`
	Max  int      `json:"max_length"`
	BF16 []string `json:"bf16,omitempty"` // matrices whose products are computed in bfloat16
}

// describeTask also has the task write its own files into a checkpoint's folder.
func (t *trainer) describeTask(dir string) (taskDescription, error) {
	d := taskDescription{Head: t.r.Head, Pool: t.r.Pool, Max: t.r.MaxLength, BF16: t.model.inBF16()}
	d.Task, d.Labels = t.task.Name(), t.task.Labels()
	k, keeps := t.task.(task.Keeper)
	if !keeps {
		return d, nil
	}
	settings, err := k.Keep(dir)
	if err != nil || settings == nil {
		return d, err
	}
	if d.Settings, err = json.Marshal(settings); err != nil {
		return d, fmt.Errorf("checkpoint: %s: %w", taskFile, err)
	}
	return d, nil
}

// A Predictor answers with a run's best checkpoint. It is not safe for concurrent use.
type Predictor struct {
	*examiner
	max int
}

// OpenPredictor loads the best checkpoint of a run, or the last when none is best yet.
func OpenPredictor(runDir string) (*Predictor, error) {
	dir, err := latest(filepath.Join(runDir, checkpointsDir, "best"))
	if err != nil {
		if dir, err = latest(filepath.Join(runDir, checkpointsDir, "last")); err != nil {
			return nil, err
		}
	}
	var d taskDescription
	data, err := os.ReadFile(filepath.Join(dir, taskFile))
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	if err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	return newPredictor(dir, d)
}

func newPredictor(dir string, d taskDescription) (*Predictor, error) {
	m, err := OpenModel(nil, dir)
	if err != nil {
		return nil, err
	}
	m.computeInBF16(d.BF16)
	d.Dir = dir
	tk, err := task.Open(d.Saved)
	if err != nil {
		return nil, err
	}
	h, err := m.newHead(tk, d.Head, d.Pool, 0)
	if err != nil {
		return nil, err
	}
	t := &trainer{model: m, head: h}
	if err := readParams(dir, m.family, t.allParams()); err != nil {
		return nil, err
	}
	x, err := newExaminer(m, tk, h, false)
	return &Predictor{x, d.Max}, err
}

// A Prediction is what a run says about a text; Probabilities are in the order of its labels.
type Prediction struct {
	Text          string      `json:"text"`
	Label         string      `json:"label"` // the answer as text: a label, a translation, tags with blanks between
	Probabilities []LabelProb `json:"probabilities,omitempty"`
	task.Detail
	Attention *task.Alignment `json:"attention,omitempty"` // what a translation looked at
}

// A LabelProb is the probability of one label.
type LabelProb struct {
	Label string  `json:"label"`
	P     float64 `json:"p"`
}

// Predict answers texts as people type them; see Task.
func (p *Predictor) Predict(texts []string) ([]Prediction, error) {
	examples := make([]datasets.Example, len(texts))
	for i, text := range texts {
		var err error
		if examples[i], err = p.task.Ask(text); err != nil {
			return nil, fmt.Errorf("predict: %q: %w", text, err)
		}
	}
	return p.PredictExamples(examples)
}

// PredictExamples answers examples, whose right answers are of no account.
func (p *Predictor) PredictExamples(examples []datasets.Example) ([]Prediction, error) {
	said, _, err := p.ask(encodeAll(p.task, p.model.tok, examples, p.max), examples)
	if err != nil {
		return nil, err
	}
	out := make([]Prediction, len(examples))
	for i, ex := range examples {
		out[i] = p.describe(ex, said[i])
	}
	return out, nil
}

func (p *Predictor) describe(ex datasets.Example, said task.Prediction) Prediction {
	labels, c := p.task.Labels(), p.task.Show(ex, said)
	d := Prediction{Text: c.Text, Label: c.Predicted, Detail: c.Detail, Attention: said.Alignment}
	for i, prob := range said.Probabilities {
		d.Probabilities = append(d.Probabilities, LabelProb{labels[i], prob})
	}
	return d
}

// Task is the name of the run's task.
func (p *Predictor) Task() string { return p.task.Name() }

// Labels are the classes or tags the predictor chooses from, nil where there are none.
func (p *Predictor) Labels() []string { return p.task.Labels() }
