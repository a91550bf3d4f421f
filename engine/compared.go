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
)

// A Compared is one run of a comparison: how good it is and what it cost.
type Compared struct {
	Name      string    `json:"name"` // short, and different from the others'
	ID        string    `json:"id"`
	Dir       string    `json:"dir"`
	Recipe    Recipe    `json:"recipe"`
	Finished  bool      `json:"finished"`
	Examples  int       `json:"examples"` // of the split
	Primary   string    `json:"primary"`  // the metric the run is judged by
	Metrics   []Measure `json:"metrics"`  // that first; none of a run without predictions
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

// Figure is the one that the run is judged by; ok is false for a run that was not evaluated.
func (c Compared) Figure() (m Measure, ok bool) { return c.Measure(c.Primary) }

// Rate is tokens per second of training.
func (c Compared) Rate() float64 { return float64(c.Tokens) / math.Max(c.Seconds, 1e-9) }

// readCompared reads a run folder with its predictions on a split.
func readCompared(dir, split string) (Compared, error) {
	past, r, err := reopen(dir)
	if err != nil {
		return Compared{}, err
	}
	c := Compared{ID: runID(dir), Dir: dir, Recipe: r, Primary: usualMetric, Metrics: []Measure{}}
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
	case Started:
		c.Primary = e.JudgedBy()
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

// measure computes the figures, the one the run is judged by first.
func (c *Compared) measure() {
	for _, s := range statistics(c.Primary, c.predictions) {
		c.Metrics = append(c.Metrics, s.measure(len(c.predictions), resamples))
	}
}

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
