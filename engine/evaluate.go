package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"

	"defrost/datasets"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// evalBatch is the number of sequences per batch of an evaluation, evalTokens the most tokens:
// no gradients are kept, so it can be larger than a training batch.
const (
	evalBatch  = 64
	evalTokens = 4096
)

// An evaluation is what a model said about one split.
type evaluation struct {
	predictions []task.Prediction // by example
	loss        float64           // mean over examples
	score       task.Score
}

// evaluate runs the split without gradients.
func evaluate(m *Model, prog *nn.Program, tk task.Task, items []task.Item) (evaluation, error) {
	e := evaluation{predictions: make([]task.Prediction, len(items)), score: tk.NewScore()}
	for _, at := range evalBatches(items) {
		b := m.collate(tk, pick(items, at))
		loss, err := prog.Run(b, nn.Step{})
		if err != nil {
			return e, err
		}
		e.loss += float64(loss) * float64(len(at))
		for i, p := range tk.Read(b, prog.Output(0)) {
			e.predictions[at[i]] = p
		}
	}
	for i, p := range e.predictions {
		e.score.Add(items[i], p)
	}
	e.loss /= float64(max(len(items), 1))
	return e, nil
}

// evalBatches cuts a split into batches of neighbouring examples.
func evalBatches(items []task.Item) [][]int {
	var batches [][]int
	var now []int
	tokens := 0
	for i, it := range items {
		n := len(it.Sequence.IDs)
		if len(now) == evalBatch || (len(now) > 0 && tokens+n > evalTokens) {
			batches, now, tokens = append(batches, now), nil, 0
		}
		now, tokens = append(now, i), tokens+n
	}
	if len(now) > 0 {
		batches = append(batches, now)
	}
	return batches
}

// evaluateDev scores the dev split and says whether it is the best yet.
func (t *trainer) evaluateDev(epoch int) (better bool, err error) {
	e, err := evaluate(t.model, t.eval, t.task, t.items.dev)
	if err != nil {
		return false, err
	}
	values := e.score.Values()
	primary := values[t.task.Primary()]
	better = !t.progress.HasBest || primary > float64(t.progress.Best)
	if better {
		t.progress.Best, t.progress.HasBest, t.progress.Waited = Number(primary), true, 0
		if err := t.writePredictions(predictionsFile, t.data.Dev, t.items.dev, e); err != nil {
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
		Best: better, Layers: layers, Flips: t.flips(e), Seconds: t.seconds(),
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
	labels := t.task.Labels()
	var list []Flip
	right := make([]bool, len(t.items.dev))
	for i, it := range t.items.dev {
		right[i] = int32(e.predictions[i].Class) == it.Class
		if len(t.progress.Right) == len(right) && right[i] != t.progress.Right[i] {
			list = append(list, Flip{
				Example: i, Text: t.data.Dev[i].Text, Gold: t.data.Dev[i].Label,
				Predicted: labels[e.predictions[i].Class], Right: right[i],
			})
		}
	}
	t.progress.Right = right
	return list
}

// A PredictionLine is one line of predictions.jsonl.
type PredictionLine struct {
	ID            string            `json:"id"`
	Text          string            `json:"text"`
	Gold          string            `json:"gold"`
	Predicted     string            `json:"predicted"`
	Probabilities map[string]Number `json:"probabilities"`
}

func (t *trainer) writePredictions(name string, examples []datasets.Example, items []task.Item, e evaluation) error {
	labels := t.task.Labels()
	var lines bytes.Buffer
	for i, ex := range examples {
		line := PredictionLine{
			ID: exampleID(ex, i), Text: ex.Text, Gold: ex.Label, Predicted: labels[e.predictions[i].Class],
			Probabilities: map[string]Number{},
		}
		for c, p := range e.predictions[i].Probabilities {
			line.Probabilities[labels[c]] = Number(p)
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
		e, err := evaluate(t.model, t.eval, t.task, s.items)
		if err != nil {
			return nil, err
		}
		if s.name != "dev" {
			if err := t.writePredictions("predictions-"+s.name+".jsonl", s.examples, s.items, e); err != nil {
				return nil, err
			}
			t.emit(Evaluated{
				Step: t.step, Epoch: t.step / t.perEpoch(), Split: s.name, Loss: Number(e.loss),
				Metrics: numbers(e.score.Values()), Confusion: e.score.Confusion(), Seconds: t.seconds(),
			})
		}
		out[s.name+"_loss"] = Number(e.loss)
		out[s.name+"_examples"] = Number(len(s.items))
		for k, v := range e.score.Values() {
			out[s.name+"_"+k] = Number(v)
		}
	}
	return out, nil
}
