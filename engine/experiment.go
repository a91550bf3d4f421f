package engine

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/goccy/go-yaml"
)

// Settings are the settings of a recipe that somebody chose, in the order they were named; the
// others are those that suit the backbone.
type Settings = yaml.MapSlice

// An Experiment is a comparison before its runs have run: what they share and the ways they differ.
//
//	base: {data: films, epochs: 4}
//	vary:
//	  backbone: [pocket-bert, pocket-elmo]
//	  seed: [1, 2, 3]
//
// Every combination of the varied settings is a run. Runs can also be listed one by one; then each
// of them is combined with what varies. What nobody named is DefaultsFor the run's backbone.
type Experiment struct {
	Name     string     `yaml:"name,omitempty" json:"name"`    // "" makes one of what differs
	Base     Settings   `yaml:"base,omitempty" json:"-"`       // of all runs
	Vary     Settings   `yaml:"vary,omitempty" json:"-"`       // setting: list of its values
	Runs     []Settings `yaml:"runs,omitempty" json:"-"`       // run by run
	Together int        `yaml:"together,omitempty" json:"-"`   // runs that train at the same time; 0 is one per thread, four at most
	Steps    int        `yaml:"steps,omitempty" json:"-"`      // give each run about so many steps, in whole epochs; 0 leaves the epochs
	Entries  []Entry    `yaml:"entries,omitempty" json:"runs"` // of an experiment that was begun
	Path     string     `yaml:"-" json:"path,omitempty"`       // file of one that was begun
}

// An Entry is one run of an experiment.
type Entry struct {
	Name   string `yaml:"name" json:"name"` // short, and different from the others'
	Dir    string `yaml:"dir" json:"dir"`   // run folder
	Recipe Recipe `yaml:"-" json:"-"`
}

// LoadExperiment reads an experiment from a YAML file.
func LoadExperiment(path string) (Experiment, error) {
	var e Experiment
	data, err := os.ReadFile(path)
	if err != nil {
		return e, fmt.Errorf("comparison: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, &e, yaml.Strict()); err != nil {
		return e, fmt.Errorf("comparison: %s: %s", path, firstLine(err))
	}
	return e, nil
}

// Expand makes the recipes of all runs, in order: those listed, and of each every combination of
// what varies, the last setting changing fastest. It opens the backbones' descriptions and the data
// and refuses what could not be trained.
func (e Experiment) Expand(ctx context.Context) ([]Recipe, error) {
	choices, err := e.choices()
	if err != nil {
		return nil, err
	}
	x := expansion{models: map[string]*Model{}, sizes: map[Recipe]int{}}
	var recipes []Recipe
	for _, chosen := range choices {
		r, err := x.recipe(ctx, chosen)
		if err == nil && e.Steps > 0 {
			r.Epochs, err = x.epochs(r, e.Steps)
		}
		if err != nil {
			return nil, fmt.Errorf("comparison: %w", err)
		}
		if i := slices.Index(recipes, r); i >= 0 {
			return nil, fmt.Errorf("comparison: runs %d and %d are the same, expected different recipes", i+1, len(recipes)+1)
		}
		recipes = append(recipes, r)
	}
	if len(recipes) < 2 {
		return nil, fmt.Errorf("comparison: found %d runs, expected two or more: give a setting several values", len(recipes))
	}
	return recipes, nil
}

// mostEntries bounds the runs of an experiment: more are a slip of the pen.
const mostEntries = 500

// choices are the chosen settings of each run.
func (e Experiment) choices() ([]Settings, error) {
	if e.Together < 0 || e.Steps < 0 {
		return nil, fmt.Errorf("comparison: together is %d and steps %d, expected 0 or more", e.Together, e.Steps)
	}
	list := []Settings{slices.Clone(e.Base)}
	if len(e.Runs) > 0 {
		list = nil
		for _, run := range e.Runs {
			list = append(list, slices.Concat(e.Base, run))
		}
	}
	for _, item := range e.Vary {
		values, ok := item.Value.([]any)
		if !ok || len(values) == 0 {
			return nil, fmt.Errorf("comparison: vary: %v is %v, expected a list of values such as [1, 2]", item.Key, item.Value)
		}
		var longer []Settings
		for _, chosen := range list {
			for _, v := range values {
				longer = append(longer, append(slices.Clone(chosen), yaml.MapItem{Key: item.Key, Value: v}))
			}
		}
		if list = longer; len(list) > mostEntries {
			return nil, fmt.Errorf("comparison: found more than %d runs", mostEntries)
		}
	}
	return list, nil
}

// endless is how many epochs a run has that ends by the clock.
const endless = 1000

// An expansion keeps what recipes of one experiment have in common.
type expansion struct {
	models map[string]*Model
	sizes  map[Recipe]int // training examples, by what says which they are
}

// recipe is what suits the backbone with what was chosen.
func (x *expansion) recipe(ctx context.Context, chosen Settings) (Recipe, error) {
	r := Defaults()
	if err := choose(chosen, &r); err != nil {
		return r, err
	}
	m := x.models[r.Backbone]
	if m == nil {
		var err error
		if m, err = OpenModel(ctx, r.Backbone); err != nil {
			return r, err
		}
		x.models[r.Backbone] = m
	}
	usual := Defaults()
	usual.Backbone = r.Backbone
	if usual = usual.suited(m.family.Name, m.Shape()); r.Seconds > 0 {
		usual.Epochs = endless
	}
	r = usual
	if err := choose(chosen, &r); err != nil {
		return r, err
	}
	if err := r.Check(); err != nil {
		return r, err
	}
	if err := r.suits(m); err != nil {
		return r, err
	}
	_, err := x.examples(r)
	return r, err
}

// choose writes chosen settings over a recipe; of a setting that is named twice the later counts.
func choose(chosen Settings, r *Recipe) error {
	for _, item := range chosen {
		data, err := yaml.Marshal(Settings{item})
		if err == nil {
			err = yaml.UnmarshalWithOptions(data, r, yaml.Strict())
		}
		if err != nil {
			return fmt.Errorf("%v is %v, expected a setting of a recipe and its value: %s", item.Key, item.Value, firstLine(err))
		}
	}
	return nil
}

// epochs is how many passes over the training examples are about as many steps as wanted.
func (x *expansion) epochs(r Recipe, steps int) (int, error) {
	n, err := x.examples(r)
	perEpoch := max(1, (n+r.Batch-1)/r.Batch)
	return max(1, (steps+perEpoch/2)/perEpoch), err
}

// examples counts what a recipe trains on.
func (x *expansion) examples(r Recipe) (int, error) {
	source := Recipe{Data: r.Data, Text: r.Text, Label: r.Label, Limit: r.Limit, Seed: r.Seed, SkipBadRows: r.SkipBadRows}
	if n, known := x.sizes[source]; known {
		return n, nil
	}
	d, err := OpenData(r.Data, r.DataOptions())
	if err != nil {
		return 0, err
	}
	x.sizes[source] = len(d.Train)
	return len(d.Train), nil
}
