// Package task says what to do with text: how examples become batches, what the loss is, how
// predictions are read, scored and shown. A task is one file, which registers a Kind from init.
//
// Read kind.go (how a task is chosen), prediction.go (what it says), then classify.go, the plainest
// task. What only some tasks can do is an interface of its own in optional.go.
package task

import (
	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// A Task is a way to use a backbone.
type Task interface {
	// Name is the task's name in recipes.
	Name() string
	// Labels are the classes or tags, in the order of the logits; nil where there are none.
	Labels() []string
	// Primary is the metric that decides which checkpoint is best, see Better.
	Primary() string
	// NewHead makes the head that the task puts on a backbone, or says why it cannot.
	NewHead(o HeadOptions) (Head, error)
	// Encode tokenises one example: one item, or several windows of a text that is too long for
	// one; never none. It is called by several goroutines at once.
	Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item
	// Collate packs items into a batch, with what the loss wants where items have it.
	Collate(items []Item) *batch.Batch
	// Build adds the head to a program and returns what Read reads.
	Build(b *nn.Builder, f Features, h Head) []*nn.Node
	// Loss adds the loss of what Build returned.
	Loss(b *nn.Builder, h Head, out []*nn.Node) *nn.Node
	// Read turns what a program says into one prediction per item.
	Read(s Said) []Prediction
	// NewScore starts an evaluation.
	NewScore() Score
	// Show puts an example and its prediction as people read them.
	Show(ex datasets.Example, p Prediction) Case
	// Ask is the example that a person means who types text, without an answer.
	Ask(text string) (datasets.Example, error)
}

// HeadOptions are what a head is made of.
type HeadOptions struct {
	Kind    string // linear, mlp, bilstm, crf, bilstm-crf
	Pool    string // cls, mean, max, last
	Width   int    // H
	Layers  int    // of the backbone, 0 for vectors of single words
	Dropout float32
	Names   map[string]string // what checkpoints call a classifier's own parameters, where it differs
	Output  *Output           // the backbone's output layer, nil where it has none
}

// An Output is the output layer of a backbone that can be asked for words: its word embeddings.
type Output struct {
	Family string
	Words  *nn.Param     // (V, H)
	Act    op.Activation // of the transform before it, where the family has one
	Eps    float32       // of that transform's norm
	Causal bool          // predicts the next word, not a masked one
}

// A Head is the trainable top of a task.
type Head interface{ Layer() nn.Layer }

// Features are what a backbone offers a head.
type Features struct {
	Tokens  *nn.Node                      // (N, H) last hidden state
	Words   *nn.Node                      // (N, H) what the embeddings say of each token, nothing around it
	Summary func(pooling string) *nn.Node // (B, H)
}

// An Item is what one sequence of a batch is made of: a tokenised example or a window of one. Its
// labels are those of the field of batch.Batch with the same name.
type Item struct {
	Sequence batch.Sequence
	Example  int  // index of the example in its split; the engine fills it
	Cut      bool // the text was longer than the limit

	Class  int32   // batch.Ignore without a label
	Score  float32 // dense target of a regression
	Tags   []int32 // by word that has a token
	Firsts []int32 // row of the first token of each such word, from 0
	Own    any     // whatever else the task needs to collate and to read
}

// Said is what a program said about a batch.
type Said struct {
	Items []Item
	Batch *batch.Batch
	Out   [][]float32 // values of the nodes that Build returned, valid until the next batch
	Head  Head
}

// A Score gathers predictions of one evaluation. Examples without an answer take no part.
type Score interface {
	Add(ex datasets.Example, p Prediction)
	Values() map[string]float64
	Confusion() [][]int // [gold][predicted], nil when it makes no sense
}

// pack joins the sequences of items.
func pack(items []Item) *batch.Batch {
	seqs := make([]batch.Sequence, len(items))
	for i, it := range items {
		seqs[i] = it.Sequence
	}
	return batch.Pack(seqs)
}
