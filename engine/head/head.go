// Package head holds what is put on top of a backbone for a task.
package head

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Classifier turns one vector per sequence into the logits of C classes: dropout, then
// linear, or a hidden layer with tanh before it.
type Classifier struct {
	Hidden *nn.Linear `name:"classifier.dense"` // (H, H), or nil
	Out    nn.Linear  `name:"classifier"`       // (C, H)

	Dropout float32
	Names   map[string]string // other names of the parameters in checkpoints, nil for those above
}

// NewClassifier returns the head "linear" or "mlp" over width columns.
func NewClassifier(kind string, width, classes int, dropout float32) *Classifier {
	c := &Classifier{Out: nn.NewLinear(width, classes), Dropout: dropout}
	if kind == "mlp" {
		hidden := nn.NewLinear(width, width)
		c.Hidden = &hidden
	}
	nn.Params("", c)
	return c
}

// Layer is the head as a row of the freeze map.
func (c *Classifier) Layer() nn.Layer {
	params := nn.Params("", c)
	for _, p := range params {
		if name, ok := c.Names[p.Name]; ok {
			p.Name = name
		}
	}
	return nn.Layer{Name: "head", Kind: "head", Params: params}
}

// Logits returns (B, C) from the summary (B, H).
func (c *Classifier) Logits(b *nn.Builder, summary *nn.Node) *nn.Node {
	x := nn.HeadDropout(b, summary, c.Dropout)
	if c.Hidden != nil {
		x = nn.HeadDropout(b, c.Hidden.Apply(b, x, op.Tanh), c.Dropout)
	}
	return c.Out.Apply(b, x, op.Identity)
}
