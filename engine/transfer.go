package engine

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"

	"defrost/engine/metric"
)

// TransferOptions say which cells a table of transfer has.
type TransferOptions struct {
	Name      string
	Backbones []string
	Data      []string
	Modes     []string // of TransferModes; nil for all
	Seeds     int
	Base      Settings // of all runs, such as epochs
	Steps     int      // of each run, about, in whole epochs; 0 leaves the epochs
	Together  int      // runs that train at the same time; 0 for one per thread
}

// A transferMode is a way to use a backbone, by what its recipes have in common.
type transferMode struct {
	name    string
	layered bool // needs a backbone that has layers
	set     Settings
	of      func(Recipe) bool
}

// transferModes are from what a backbone is worth nothing to where it is worth most.
var transferModes = []transferMode{
	{"scratch", false, Settings{{Key: "scratch", Value: true}, {Key: "train", Value: "all"}}, func(r Recipe) bool { return r.Scratch }},
	{"head only", false, Settings{{Key: "train", Value: "head"}}, func(r Recipe) bool { return r.Train == "head" }},
	{"last 1", true, Settings{{Key: "train", Value: "last:1"}}, func(r Recipe) bool { return r.Train == "last:1" }},
	{"gradual", true, Settings{{Key: "train", Value: "all"}, {Key: "gradual", Value: 1}}, func(r Recipe) bool { return r.Gradual > 0 }},
	{"everything", false, Settings{{Key: "train", Value: "all"}}, func(r Recipe) bool { return r.Train == "all" }},
}

// TransferModes are the names of the rows of a table.
func TransferModes() []string {
	var names []string
	for _, m := range transferModes {
		names = append(names, m.name)
	}
	return names
}

// modeOf is the row a recipe belongs to.
func modeOf(r Recipe) string {
	for _, m := range transferModes {
		if m.of(r) {
			return m.name
		}
	}
	return r.Train
}

// Transfer is the experiment of a table: every backbone on every data set in every mode with every
// seed. It is created, trained and resumed as any other.
func Transfer(o TransferOptions) (Experiment, error) {
	e := Experiment{Name: o.Name, Base: o.Base, Steps: o.Steps, Together: o.Together}
	if o.Seeds < 1 || len(o.Backbones) == 0 || len(o.Data) == 0 {
		return e, fmt.Errorf("transfer: found %d seeds, %d backbones and %d data sets, expected one or more of each", o.Seeds, len(o.Backbones), len(o.Data))
	}
	for _, name := range o.Modes {
		if !slices.Contains(TransferModes(), name) {
			return e, fmt.Errorf("transfer: mode is %q, expected some of %q", name, TransferModes())
		}
	}
	for _, backbone := range o.Backbones {
		m, err := describe(backbone)
		if err != nil {
			return e, err
		}
		for _, mode := range transferModes {
			if len(o.Modes) > 0 && !slices.Contains(o.Modes, mode.name) || mode.layered && m.Shape().Layers == 0 {
				continue
			}
			e.Runs = append(e.Runs, append(Settings{{Key: "backbone", Value: backbone}}, mode.set...))
		}
	}
	var data, seeds []any
	for _, d := range o.Data {
		data = append(data, d)
	}
	for i := range o.Seeds {
		seeds = append(seeds, Defaults().Seed+int64(i))
	}
	e.Vary = Settings{yaml.MapItem{Key: "data", Value: data}, yaml.MapItem{Key: "seed", Value: seeds}}
	return e, nil
}

// A TransferTable is how good the runs of a table are, on the dev and test parts together, which no
// choice of the table looked at but that of the best epoch.
type TransferTable struct {
	Backbone string            `json:"backbone"`
	Data     []string          `json:"data"`
	Modes    []string          `json:"modes"`
	Cells    [][]*TransferCell `json:"cells"` // by mode, then data; nil where nothing has finished
	Gains    []*TransferGain   `json:"gains"` // by data; nil without scratch and another mode
}

// A TransferCell is the mean over seeds with Student's interval, which for one seed says nothing.
type TransferCell struct {
	Measure
	Seeds int `json:"seeds"`

	bySeed map[int64]float64
}

// A TransferGain is what the best mode is above scratch, with the interval of the differences seed by
// seed.
type TransferGain struct {
	Mode string `json:"mode"`
	Measure
}

// TransferTables reads what the finished runs of a table came to, a table for each backbone.
func (e Experiment) TransferTables() ([]TransferTable, error) {
	var tables []TransferTable
	for _, entry := range e.Entries {
		t := tableOf(&tables, entry.Recipe)
		if !exists(filepath.Join(entry.Dir, metricsFile)) {
			continue
		}
		name, value, err := transferred(entry.Dir)
		if err != nil {
			return nil, err
		}
		t.cell(entry.Recipe).add(name, entry.Recipe.Seed, value)
	}
	for i := range tables {
		tables[i].gain()
	}
	return tables, nil
}

// tableOf is the table of a recipe, with a row and a column for it.
func tableOf(tables *[]TransferTable, r Recipe) *TransferTable {
	i := slices.IndexFunc(*tables, func(t TransferTable) bool { return t.Backbone == r.Backbone })
	if i < 0 {
		i = len(*tables)
		*tables = append(*tables, TransferTable{Backbone: r.Backbone})
	}
	t := &(*tables)[i]
	if mode := modeOf(r); !slices.Contains(t.Modes, mode) {
		t.Modes, t.Cells = append(t.Modes, mode), append(t.Cells, make([]*TransferCell, len(t.Data)))
	}
	if !slices.Contains(t.Data, r.Data) {
		t.Data = append(t.Data, r.Data)
		for m := range t.Cells {
			t.Cells[m] = append(t.Cells[m], nil)
		}
	}
	return t
}

func (t *TransferTable) cell(r Recipe) *TransferCell {
	at := &t.Cells[slices.Index(t.Modes, modeOf(r))][slices.Index(t.Data, r.Data)]
	if *at == nil {
		*at = &TransferCell{bySeed: map[int64]float64{}}
	}
	return *at
}

func (c *TransferCell) add(name string, seed int64, value float64) {
	c.bySeed[seed] = value
	c.Seeds = len(c.bySeed)
	c.Measure = meanOf(name, inOrder(c.bySeed))
}

// inOrder are values by their seeds.
func inOrder(bySeed map[int64]float64) []float64 {
	var seeds []int64
	for s := range bySeed {
		seeds = append(seeds, s)
	}
	slices.Sort(seeds)
	values := make([]float64, len(seeds))
	for i, s := range seeds {
		values[i] = bySeed[s]
	}
	return values
}

// transferred is the figure that a run is judged by, on dev and test together.
func transferred(dir string) (name string, value float64, err error) {
	dev, err := readCompared(dir, "dev")
	if err != nil {
		return "", 0, err
	}
	test, err := readPredictions(filepath.Join(dir, predictionsOn("test")))
	if err != nil {
		return "", 0, err
	}
	list := slices.Concat(dev.predictions, test)
	figures := statistics(dev.Primary, list)
	if len(figures) == 0 {
		return "", 0, fmt.Errorf("transfer: %s has no predictions to judge by %s", dir, dev.Primary)
	}
	return figures[0].name, figures[0].of(whole(len(list))), nil
}

// gain compares the best mode of every column with scratch.
func (t *TransferTable) gain() {
	t.Gains = make([]*TransferGain, len(t.Data))
	scratch := slices.Index(t.Modes, transferModes[0].name)
	if scratch < 0 {
		return
	}
	for column, from := range t.Cells[scratch] {
		best := -1
		for m, row := range t.Cells {
			if c := row[column]; m != scratch && c != nil && (best < 0 || Better(c.Name, c.Value, t.Cells[best][column].Value)) {
				best = m
			}
		}
		if from == nil || best < 0 {
			continue
		}
		differences := map[int64]float64{}
		for seed, v := range t.Cells[best][column].bySeed {
			if other, shared := from.bySeed[seed]; shared {
				differences[seed] = v - other
			}
		}
		if len(differences) == 0 {
			continue
		}
		values := inOrder(differences)
		mean, _ := metric.MeanStd(values)
		in := metric.TInterval(values, confidence)
		t.Gains[column] = &TransferGain{t.Modes[best], Measure{from.Name, Number(mean), Number(in.Low), Number(in.High)}}
	}
}
