package task

import (
	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// A Joiner is a Task whose Encode cuts long texts into windows: it makes one prediction of theirs.
type Joiner interface {
	Join(ex datasets.Example, windows []Prediction) Prediction
}

// A Tuner is a Task with a setting that is chosen by what is said of the dev part, before that is
// scored.
type Tuner interface {
	Tune(examples []datasets.Example, said []Prediction)
}

// A Packer is a Task that trains on windows which hold more than one text, or parts of several: Pack
// makes them of the items of the training part, which come in order.
type Packer interface {
	Pack(items []Item, max int) []Item
}

// A Hider is a Task that shows the same items otherwise in every step of a training. Hide changes a
// batch that Collate has made of items, and says whether it did.
type Hider interface {
	Hide(b *batch.Batch, items []Item, seed, step uint64) bool
}

// A Generator is a Task that writes its answers token by token. The programs that write are its
// own; the evaluation's program still computes the loss.
type Generator interface {
	NewWriter(bb Backbone, h Head) (Writer, error)
}

// A Writer writes the answers of a batch into what Read said of its items.
type Writer interface {
	Write(items []Item, b *batch.Batch, said []Prediction) error
}

// A Backbone is what a Generator builds programs on.
type Backbone struct {
	Tokenizer tokenizer.Tokenizer
	Layers    int
	Positions int                                           // longest sequence, 0 without a limit
	Build     func(b *nn.Builder) Features                  // the whole network
	Continue  func(b *nn.Builder, caches []*op.KV) Features // for a text that goes on; nil where only whole texts are read
}

// A Keeper is a Task that knows more than its labels. Keep writes what it needs as files into a
// checkpoint's folder, and returns settings that go into task.json, nil for none.
type Keeper interface {
	Keep(dir string) (settings any, err error)
}

// A Pooled head reads Features.Summary in one way; heads that read all tokens are not Pooled.
type Pooled interface{ Pooling() string }

// A Pretrained head begins with the backbone's published values, where its weights hold them.
type Pretrained interface{ Pretrained() bool }

// A Heavy task has outputs so wide that its evaluations take at most so many tokens at once.
type Heavy interface{ EvalTokens() int }
