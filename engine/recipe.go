package engine

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"defrost/datasets"
	"defrost/engine/task"
)

// A Recipe says everything about a run: the same recipe and seed give the same losses to the last
// bit. Zero values mean the default of Defaults.
type Recipe struct {
	Backbone string `yaml:"backbone" json:"backbone"`             // embedded name, catalogue name or folder
	Data     string `yaml:"data" json:"data"`                     // embedded name, file or folder
	Also     string `yaml:"also,omitempty" json:"also,omitempty"` // further training examples: embedded name, file or folder
	Task     string `yaml:"task" json:"task"`                     // one of task.Names; "" takes the data's own

	Text  string `yaml:"text,omitempty" json:"text,omitempty"`   // column of the text
	Pair  string `yaml:"pair,omitempty" json:"pair,omitempty"`   // column of a second text
	Label string `yaml:"label,omitempty" json:"label,omitempty"` // column of the label
	Limit int    `yaml:"limit,omitempty" json:"limit,omitempty"` // training examples used; 0 = all

	SkipBadRows bool `yaml:"skip_bad_rows,omitempty" json:"skip_bad_rows,omitempty"` // use the other rows of a file with broken ones

	Train      string  `yaml:"train,omitempty" json:"train,omitempty"`             // SPEC of what learns
	Freeze     string  `yaml:"freeze,omitempty" json:"freeze,omitempty"`           // SPEC of what does not
	Gradual    int     `yaml:"gradual,omitempty" json:"gradual,omitempty"`         // epochs between two thawed layers; 0 = all at once
	LayerDecay float64 `yaml:"layer_decay,omitempty" json:"layer_decay,omitempty"` // learning rate falls by this factor per layer down
	Scratch    bool    `yaml:"scratch,omitempty" json:"scratch,omitempty"`         // same architecture, fresh weights
	Shuffled   bool    `yaml:"shuffled,omitempty" json:"shuffled,omitempty"`       // pre-trained weights, each tensor's in random order
	From       string  `yaml:"from,omitempty" json:"from,omitempty"`               // start from this run's best checkpoint

	Head string `yaml:"head" json:"head"` // one of Heads
	Pool string `yaml:"pool" json:"pool"` // cls, mean, max, last, mix

	Loss           string  `yaml:"loss,omitempty" json:"loss,omitempty"`                       // cross-entropy, focal, bce, mse; "" = the task's own
	LabelSmoothing float64 `yaml:"label_smoothing,omitempty" json:"label_smoothing,omitempty"` // share of a label that all classes divide among them
	ClassWeights   string  `yaml:"class_weights,omitempty" json:"class_weights,omitempty"`     // balanced: rare classes count more
	FocalGamma     float64 `yaml:"focal_gamma,omitempty" json:"focal_gamma,omitempty"`         // how little a focal loss minds what is right already; 0 = 2
	Separator      string  `yaml:"separator,omitempty" json:"separator,omitempty"`             // between the labels of a cell that is read as one; "" finds | ; or ,

	Epochs      int     `yaml:"epochs" json:"epochs"`
	Seconds     float64 `yaml:"seconds,omitempty" json:"seconds,omitempty"` // of training after which it ends, whatever epochs says; 0 = no limit
	Batch       int     `yaml:"batch" json:"batch"`                         // sequences per step
	MaxLength   int     `yaml:"max_length" json:"max_length"`               // tokens per sequence, special tokens included
	Stride      int     `yaml:"stride,omitempty" json:"stride,omitempty"`   // tokens between the begins of two windows of a long text; 0 = the task's own
	LR          float64 `yaml:"lr" json:"lr"`
	HeadLR      float64 `yaml:"head_lr" json:"head_lr"`
	Optimizer   string  `yaml:"optimizer" json:"optimizer"` // adamw, sgd, lamb
	Schedule    string  `yaml:"schedule" json:"schedule"`   // linear, cosine, stlr, constant
	Warmup      float64 `yaml:"warmup" json:"warmup"`       // share of all steps
	WeightDecay float64 `yaml:"weight_decay" json:"weight_decay"`
	Clip        float64 `yaml:"clip" json:"clip"`                           // global gradient norm; 0 = off
	Average     float64 `yaml:"average,omitempty" json:"average,omitempty"` // share of the weights' running mean that a step leaves; 0 = no mean
	Dropout     float64 `yaml:"dropout" json:"dropout"`                     // of the head; the backbone's comes with its config
	Patience    int     `yaml:"patience" json:"patience"`                   // evaluations without a better dev score before stopping; 0 = never
	Seed        int64   `yaml:"seed" json:"seed"`
	Precision   string  `yaml:"precision" json:"precision"` // one of Precisions
	Cache       bool    `yaml:"cache" json:"cache"`         // keep the outputs of a fully frozen prefix between epochs
}

// Defaults is the recipe a newcomer starts from: it suits the embedded backbones and data.
func Defaults() Recipe {
	return Recipe{
		Backbone: "pocket-bert", Data: "films",
		Train: "all", Head: "linear", Pool: "mean",
		Epochs: 6, Batch: 16, MaxLength: 128,
		LR: 2e-4, HeadLR: 1e-3, Optimizer: "adamw", Schedule: "linear", Warmup: 0.1,
		WeightDecay: 0.01, Clip: 1, Dropout: 0.1, Seed: 7, Precision: "f32", Cache: true,
	}
}

// splitSeed deals the examples of a single file into parts. It is the same for every recipe, so that
// runs with different seeds are judged on the same examples.
const splitSeed = 7

// DataOptions say how the recipe's data is read.
func (r Recipe) DataOptions() datasets.Options {
	o := r.Table().options()
	o.Also, o.Limit, o.LimitSeed = r.Also, r.Limit, r.Seed
	return o
}

// LoadRecipe reads a YAML recipe over the defaults; errors carry line and column.
func LoadRecipe(path string) (Recipe, error) {
	r := Defaults()
	data, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("recipe: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, &r, yaml.Strict()); err != nil {
		return r, fmt.Errorf("recipe: %s: %s", path, firstLine(err))
	}
	return r, nil
}

// firstLine is an error without the quoted source below it.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// YAML writes the recipe as LoadRecipe reads it.
func (r Recipe) YAML() string {
	data, err := yaml.Marshal(r)
	if err != nil {
		panic(err) // a struct of plain fields always marshals
	}
	return string(data)
}

// Check reports the first setting that cannot work, with what was expected.
func (r Recipe) Check() error {
	for _, rule := range r.rules() {
		if !rule.ok {
			return fmt.Errorf("recipe: %s is %v, expected %s", rule.name, rule.value, rule.want)
		}
	}
	return nil
}

type rule struct {
	name  string
	value any
	want  string
	ok    bool
}

func (r Recipe) rules() []rule {
	return []rule{
		{"backbone", `""`, "a name or a folder", r.Backbone != ""},
		{"data", `""`, "a name or a file", r.Data != ""},
		{"lr", r.LR, "a number above 0", r.LR > 0 && r.LR < 100},
		{"head_lr", r.HeadLR, "a number above 0", r.HeadLR > 0 && r.HeadLR < 100},
		{"epochs", r.Epochs, "1 or more", r.Epochs >= 1},
		{"seconds", r.Seconds, "0 (no limit) or more", r.Seconds >= 0},
		{"batch", r.Batch, "1 or more", r.Batch >= 1},
		{"max_length", r.MaxLength, "3 or more tokens", r.MaxLength >= 3},
		{"stride", r.Stride, "0 (the task's own) or more tokens", r.Stride >= 0},
		{"warmup", r.Warmup, "a share from 0 to 1", r.Warmup >= 0 && r.Warmup <= 1},
		{"weight_decay", r.WeightDecay, "0 or more", r.WeightDecay >= 0},
		{"clip", r.Clip, "0 (off) or more", r.Clip >= 0},
		{"average", r.Average, "from 0 (off) up to 1", r.Average >= 0 && r.Average < 1},
		{"dropout", r.Dropout, "from 0 up to 1", r.Dropout >= 0 && r.Dropout < 1},
		{"layer_decay", r.LayerDecay, "from 0 (off) to 1", r.LayerDecay >= 0 && r.LayerDecay <= 1},
		{"gradual", r.Gradual, "0 (off) or more epochs", r.Gradual >= 0},
		{"patience", r.Patience, "0 (never) or more", r.Patience >= 0},
		{"limit", r.Limit, "0 (all) or more", r.Limit >= 0},
		{"optimizer", r.Optimizer, "adamw, sgd or lamb", oneOf(r.Optimizer, "adamw", "sgd", "lamb")},
		{"schedule", r.Schedule, "linear, cosine, stlr or constant", oneOf(r.Schedule, "linear", "cosine", "stlr", "constant")},
		{"head", r.Head, choices(Heads()), oneOf(r.Head, Heads()...)},
		{"pool", r.Pool, "cls, mean, max or last", oneOf(r.Pool, "cls", "mean", "max", "last")},
		{"task", r.Task, choices(task.Names()), oneOf(r.Task, append(task.Names(), "")...)},
		{"shuffled", r.Shuffled, "pre-trained weights to shuffle, so neither scratch nor from", !r.Shuffled || !r.Scratch && r.From == ""},
		{"loss", r.Loss, "cross-entropy, focal, bce, mse or none for the task's own", oneOf(r.Loss, "", "cross-entropy", "focal", "bce", "mse")},
		{"label_smoothing", r.LabelSmoothing, "from 0 (off) up to 1", r.LabelSmoothing >= 0 && r.LabelSmoothing < 1},
		{"class_weights", r.ClassWeights, "balanced or none", oneOf(r.ClassWeights, "", "balanced")},
		{"focal_gamma", r.FocalGamma, "0 (the usual 2) or more", r.FocalGamma >= 0},
		{"precision", r.Precision, choices(Precisions()), oneOf(r.Precision, Precisions()...)},
	}
}

// Heads are the heads that tasks put on backbones; a task refuses those that do not suit it.
func Heads() []string { return []string{"linear", "mlp", "bilstm", "crf", "bilstm-crf"} }

// Tasks are the names of the tasks.
func Tasks() []string { return task.Names() }

// choices writes a, b or c.
func choices(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// taskOptions are the settings that the task reads.
func (r Recipe) taskOptions() task.Options {
	return task.Options{
		Loss: r.Loss, Smoothing: r.LabelSmoothing, ClassWeights: r.ClassWeights, Gamma: r.FocalGamma, Separator: r.Separator, Stride: r.Stride,
	}
}

func oneOf(s string, choices ...string) bool {
	for _, c := range choices {
		if s == c {
			return true
		}
	}
	return false
}
