// Package task says what to do with text: how examples become batches, what the loss is, how
// predictions are read and scored. A task is one file.
package task

import (
	"fmt"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// A Task is a way to use a backbone.
type Task interface {
	// Name is the task's name in recipes.
	Name() string
	// Labels are the classes, in the order of the logits.
	Labels() []string
	// NewHead makes the head that the task puts on width columns.
	NewHead(o HeadOptions) Head
	// Encode tokenises one example.
	Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) Item
	// Collate packs items into a batch, labels included where items have them.
	Collate(items []Item) *batch.Batch
	// Build adds head and loss to a program.
	Build(b *nn.Builder, f Features, h Head) (logits, loss *nn.Node)
	// Read turns logits into one prediction per sequence.
	Read(b *batch.Batch, logits []float32) []Prediction
	// NewScore starts an evaluation.
	NewScore() Score
	// Primary is the metric that decides which checkpoint is best; higher is better.
	Primary() string
}

// HeadOptions are what a head is made of.
type HeadOptions struct {
	Kind    string // linear, mlp
	Pool    string // cls, mean, max, last
	Width   int    // H
	Dropout float32
	Names   map[string]string // what checkpoints call the head's own parameters, where it differs
}

// A Head is the trainable top of a task.
type Head interface{ Layer() nn.Layer }

// Features are what a backbone offers a head.
type Features struct {
	Tokens  *nn.Node                      // (N, H) last hidden state
	Summary func(pooling string) *nn.Node // (B, H)
}

// An Item is a tokenised example.
type Item struct {
	Sequence batch.Sequence
	Class    int32 // batch.Ignore without a label
	Cut      bool  // the text was longer than the limit
}

// A Prediction is what a model says about one example.
type Prediction struct {
	Class         int
	Probabilities []float64 // by label
}

// A Score gathers predictions of one evaluation.
type Score interface {
	Add(gold Item, p Prediction)
	Values() map[string]float64
	Confusion() [][]int // [gold][predicted], nil when it makes no sense
}

// New picks the task called name for a dataset; "" takes the one the data is made for.
func New(name string, d *datasets.Dataset) (Task, error) {
	switch {
	case (name == "" || name == "classify" || name == "sentiment") && d.Kind == datasets.Classify:
		return NewClassify(name, d)
	case name == "":
		return nil, fmt.Errorf("task: %s holds %s data, expected classify", d.Name, d.Kind)
	}
	return nil, fmt.Errorf("task: %s cannot be trained on %s, which holds %s data", name, d.Name, d.Kind)
}
