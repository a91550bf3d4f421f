package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"

	"defrost/datasets"
	"defrost/engine/task"
)

// evaluateDev scores the dev split and says whether it is the best yet.
func (t *trainer) evaluateDev(epoch int) (better bool, err error) {
	e, err := t.eval.evaluate(t.items.dev, t.data.Dev, true)
	if err != nil {
		return false, err
	}
	values := e.score.Values()
	primary := values[t.task.Primary()]
	better = !t.progress.HasBest || task.Better(t.task.Primary(), primary, float64(t.progress.Best))
	if better {
		t.progress.Best, t.progress.HasBest, t.progress.Waited = Number(primary), true, 0
		if err := t.writePredictions(predictionsFile, t.data.Dev, e); err != nil {
			return false, err
		}
	} else {
		t.progress.Waited++
	}
	layers, err := t.drifted()
	if err != nil {
		return false, err
	}
	t.emit(Evaluated{
		Step: t.step, Epoch: epoch, Split: "dev", Loss: Number(e.loss), Metrics: numbers(values), Confusion: e.score.Confusion(),
		Best: better, Layers: layers, Flips: t.flips(e), Written: t.written(e), Seconds: t.seconds(),
	})
	return better, nil
}

func numbers(values map[string]float64) map[string]Number {
	out := make(map[string]Number, len(values))
	for k, v := range values {
		out[k] = Number(v)
	}
	return out
}

// flips lists dev examples that changed between right and wrong since the last evaluation.
func (t *trainer) flips(e evaluation) []Flip {
	var list []Flip
	right := make([]bool, len(t.data.Dev))
	for i, ex := range t.data.Dev {
		c := t.task.Show(ex, e.predictions[i])
		right[i] = c.Right
		if len(t.progress.Right) == len(right) && right[i] != t.progress.Right[i] {
			list = append(list, Flip{Example: i, Text: c.Text, Gold: c.Gold, Predicted: c.Predicted, Right: right[i]})
		}
	}
	t.progress.Right = right
	return list
}

// writtenSamples is how many answers of a task that writes are shown at each evaluation.
const writtenSamples = 3

// written are the first answers of a task that writes.
func (t *trainer) written(e evaluation) []Sample {
	if t.eval.writer == nil {
		return nil
	}
	var list []Sample
	for i, ex := range t.data.Dev[:min(writtenSamples, len(t.data.Dev))] {
		c := t.task.Show(ex, e.predictions[i])
		list = append(list, Sample{Text: c.Text, Gold: c.Gold, Written: c.Predicted})
	}
	return list
}

// A PredictionLine is one line of predictions.jsonl.
type PredictionLine struct {
	ID            string            `json:"id"`
	Text          string            `json:"text"`
	Gold          string            `json:"gold"`
	Predicted     string            `json:"predicted"`
	Probabilities map[string]Number `json:"probabilities,omitempty"`
	task.Detail
}

func (t *trainer) writePredictions(name string, examples []datasets.Example, e evaluation) error {
	labels := t.task.Labels()
	var lines bytes.Buffer
	for i, ex := range examples {
		c := t.task.Show(ex, e.predictions[i])
		line := PredictionLine{
			ID: exampleID(ex, i), Text: c.Text, Gold: c.Gold, Predicted: c.Predicted,
			Probabilities: map[string]Number{}, Detail: c.Detail,
		}
		for k, p := range e.predictions[i].Probabilities {
			line.Probabilities[labels[k]] = Number(p)
		}
		data, err := json.Marshal(line)
		if err != nil {
			return fmt.Errorf("run: %s: %w", name, err)
		}
		lines.Write(append(data, '\n'))
	}
	return t.folder.write(name, lines.Bytes())
}

func exampleID(ex datasets.Example, i int) string {
	if ex.ID != "" {
		return ex.ID
	}
	return strconv.Itoa(i)
}

// judge evaluates the best checkpoint on every split: the figures a run is remembered by.
func (t *trainer) judge() (map[string]Number, error) {
	best, err := latest(filepath.Join(t.folder.dir, checkpointsDir, "best"))
	if err == nil {
		if err := readParams(best, t.model.family, t.allParams()); err != nil {
			return nil, err
		}
	}
	out := map[string]Number{}
	for _, s := range []struct {
		name     string
		items    []task.Item
		examples []datasets.Example
	}{{"dev", t.items.dev, t.data.Dev}, {"test", t.items.test, t.data.Test}, {"hard", t.items.hard, t.data.Hard}} {
		if len(s.items) == 0 {
			continue
		}
		e, err := t.eval.evaluate(s.items, s.examples, s.name == "dev")
		if err != nil {
			return nil, err
		}
		if s.name != "dev" {
			if err := t.writePredictions("predictions-"+s.name+".jsonl", s.examples, e); err != nil {
				return nil, err
			}
			t.emit(Evaluated{
				Step: t.step, Epoch: t.step / t.perEpoch(), Split: s.name, Loss: Number(e.loss),
				Metrics: numbers(e.score.Values()), Confusion: e.score.Confusion(), Seconds: t.seconds(),
			})
		}
		out[s.name+"_loss"] = Number(e.loss)
		out[s.name+"_examples"] = Number(len(s.examples))
		for k, v := range e.score.Values() {
			out[s.name+"_"+k] = Number(v)
		}
	}
	return out, nil
}
