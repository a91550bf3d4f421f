package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"defrost/datasets"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// A taskDescription is what a checkpoint says about its head.
type taskDescription struct {
	Task   string   `json:"task"`
	Labels []string `json:"labels"`
	Head   string   `json:"head"`
	Pool   string   `json:"pool"`
	Max    int      `json:"max_length"`
}

func (t *trainer) describeTask() taskDescription {
	return taskDescription{Task: t.task.Name(), Labels: t.task.Labels(), Head: t.r.Head, Pool: t.r.Pool, Max: t.r.MaxLength}
}

// A Predictor answers with a run's best checkpoint. It is not safe for concurrent use.
type Predictor struct {
	model *Model
	task  task.Task
	prog  *nn.Program
	max   int
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
	tk, err := task.ClassifyLabels(d.Task, d.Labels)
	if err != nil {
		return nil, err
	}
	h := newHead(tk, m, d.Head, d.Pool, 0)
	t := &trainer{model: m, head: h}
	if err := readParams(dir, m.family, t.allParams()); err != nil {
		return nil, err
	}
	b := nn.NewBuilder(false)
	logits, _ := tk.Build(b, featuresOf(m.bb, b), h)
	prog, err := b.Build(nil, logits)
	if err != nil {
		return nil, err
	}
	return &Predictor{model: m, task: tk, prog: prog, max: d.Max}, nil
}

// A Prediction is what a run says about a text; Probabilities are in the order of its labels.
type Prediction struct {
	Text          string      `json:"text"`
	Label         string      `json:"label"`
	Probabilities []LabelProb `json:"probabilities"`
}

// A LabelProb is the probability of one label.
type LabelProb struct {
	Label string  `json:"label"`
	P     float64 `json:"p"`
}

// Predict labels texts.
func (p *Predictor) Predict(texts []string) ([]Prediction, error) {
	items := make([]task.Item, len(texts))
	for i, text := range texts {
		items[i] = p.task.Encode(p.model.tok, datasets.Example{Text: text}, p.max)
		items[i].Class = 0 // no gold label: the loss is not built
	}
	e, err := evaluate(p.model, p.prog, p.task, items)
	if err != nil {
		return nil, err
	}
	out := make([]Prediction, len(texts))
	for i, text := range texts {
		out[i] = p.describe(text, e.predictions[i])
	}
	return out, nil
}

func (p *Predictor) describe(text string, said task.Prediction) Prediction {
	labels := p.task.Labels()
	d := Prediction{Text: text, Label: labels[said.Class]}
	for i, prob := range said.Probabilities {
		d.Probabilities = append(d.Probabilities, LabelProb{labels[i], prob})
	}
	return d
}

// Labels are the classes the predictor chooses from.
func (p *Predictor) Labels() []string { return p.task.Labels() }
