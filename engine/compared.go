package engine

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"defrost/engine/metric"
)

// A Compared is one run of a comparison: how good it is and what it cost.
type Compared struct {
	Name      string    `json:"name"` // short, and different from the others'
	ID        string    `json:"id"`
	Dir       string    `json:"dir"`
	Recipe    Recipe    `json:"recipe"`
	Finished  bool      `json:"finished"`
	Examples  int       `json:"examples"` // of the split
	Metrics   []Measure `json:"metrics"`  // accuracy, macro_f1, loss
	Steps     int       `json:"steps"`
	Tokens    int       `json:"tokens"`  // trained on
	Seconds   float64   `json:"seconds"` // of training
	Trainable int       `json:"trainable"`
	Total     int       `json:"total"`
	Memory    int       `json:"memory"` // bytes, as planned

	predictions []PredictionLine
}

// A Measure is a figure with its 95% interval.
type Measure struct {
	Name  string `json:"name"`
	Value Number `json:"value"`
	Low   Number `json:"low"`
	High  Number `json:"high"`
}

// Measure is the figure of that name; ok is false for a run that was not evaluated.
func (c Compared) Measure(name string) (m Measure, ok bool) {
	for _, m := range c.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}

// Rate is tokens per second of training.
func (c Compared) Rate() float64 { return float64(c.Tokens) / math.Max(c.Seconds, 1e-9) }

// readCompared reads a run folder with its predictions on a split.
func readCompared(dir, split string) (Compared, error) {
	past, r, err := reopen(dir)
	if err != nil {
		return Compared{}, err
	}
	c := Compared{ID: runID(dir), Dir: dir, Recipe: r, Metrics: []Measure{}}
	for _, e := range past {
		c.take(e)
	}
	if c.predictions, err = readPredictions(filepath.Join(dir, predictionsOn(split))); err != nil {
		return c, err
	}
	c.Examples = len(c.predictions)
	c.measure()
	return c, nil
}

func (c *Compared) take(e Event) {
	switch e := e.(type) {
	case Loaded:
		c.Trainable, c.Total, c.Memory = e.Trainable, e.Total, e.Memory.Total()
	case Step:
		c.Steps, c.Seconds = e.Step, e.Seconds
		c.Tokens += e.Tokens
	case Finished:
		c.Finished, c.Seconds = true, e.Seconds
	}
}

// predictionsOn is the file of the predictions on a split.
func predictionsOn(split string) string {
	if split == "dev" {
		return predictionsFile
	}
	return "predictions-" + split + ".jsonl"
}

// readPredictions reads a file of predictions, none when there is no such file.
func readPredictions(path string) ([]PredictionLine, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var list []PredictionLine
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxEventLine)
	for n := 1; lines.Scan(); n++ {
		var p PredictionLine
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		list = append(list, p)
	}
	return list, lines.Err()
}

// measure computes the figures: Wilson's interval for the accuracy, the bootstrap's for the rest.
func (c *Compared) measure() {
	n := len(c.predictions)
	if n == 0 {
		return
	}
	right := 0
	for _, p := range c.predictions {
		if p.Right() {
			right++
		}
	}
	c.add("accuracy", float64(right)/float64(n), metric.Wilson(right, n, confidence))
	for _, s := range statistics(c.predictions) {
		c.add(s.name, s.of(whole(n)), metric.Bootstrap(n, resamples, confidence, bootstrapSeed, s.of))
	}
}

func (c *Compared) add(name string, value float64, in metric.Interval) {
	c.Metrics = append(c.Metrics, Measure{name, Number(value), Number(in.Low), Number(in.High)})
}

// A statistic is a figure of the examples with the given indices.
type statistic struct {
	name string
	of   func(indices []int) float64
}

// statistics are the figures that resampling gives intervals to; the loss needs probabilities.
func statistics(list []PredictionLine) []statistic {
	all := []statistic{{"macro_f1", macroF1(list)}}
	if list[0].Probabilities != nil {
		all = append(all, statistic{"loss", meanLoss(list)})
	}
	return all
}

// macroF1 is the mean F1 of the labels.
func macroF1(list []PredictionLine) func([]int) float64 {
	class := map[string]int{}
	number := func(label string) int {
		if _, known := class[label]; !known {
			class[label] = len(class)
		}
		return class[label]
	}
	gold, predicted := make([]int, len(list)), make([]int, len(list))
	for i, p := range list {
		gold[i], predicted[i] = number(p.Gold), number(p.Predicted)
	}
	table := metric.NewMacroF1(len(class))
	return func(indices []int) float64 {
		table.Reset()
		for _, i := range indices {
			table.Add(gold[i], predicted[i])
		}
		return table.Value()
	}
}

// leastProbability bounds the loss of a label that was given no probability at all.
const leastProbability = 1e-12

// meanLoss is the mean negative log-likelihood of the gold labels.
func meanLoss(list []PredictionLine) func([]int) float64 {
	losses := make([]float64, len(list))
	for i, p := range list {
		losses[i] = -math.Log(math.Max(float64(p.Probabilities[p.Gold]), leastProbability))
	}
	return func(indices []int) float64 {
		sum := 0.0
		for _, i := range indices {
			sum += losses[i]
		}
		return sum / float64(len(indices))
	}
}

// Right says that the prediction is the gold label.
func (p PredictionLine) Right() bool { return p.Gold == p.Predicted }

// whole are the indices of all of n examples.
func whole(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
