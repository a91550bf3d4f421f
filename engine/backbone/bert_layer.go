package backbone

import (
	"fmt"

	"defrost/engine/nn"
	"defrost/engine/op"
)

type bertLayer struct {
	Query      nn.Linear    `name:"attention.self.query"`       // (H, H)
	Key        nn.Linear    `name:"attention.self.key"`         // (H, H)
	Value      nn.Linear    `name:"attention.self.value"`       // (H, H)
	Out        nn.Linear    `name:"attention.output.dense"`     // (H, H)
	AttnNorm   nn.LayerNorm `name:"attention.output.LayerNorm"` // (H)
	Up         nn.Linear    `name:"intermediate.dense"`         // (I, H)
	Down       nn.Linear    `name:"output.dense"`               // (H, I)
	OutputNorm nn.LayerNorm `name:"output.LayerNorm"`           // (H)
}

// layerOptions are what a layer is told beside its weights.
type layerOptions struct {
	Width, Heads, FFN int
	Act               op.Activation
	Eps               float32

	// Dropout of the attention's weights, of what it mixed, and of the feed-forward's output.
	Attention, Mixed, Output float32
}

func newBertLayer(width, ffn int) bertLayer {
	return bertLayer{
		Query: nn.NewLinear(width, width), Key: nn.NewLinear(width, width), Value: nn.NewLinear(width, width),
		Out: nn.NewLinear(width, width), AttnNorm: nn.NewLayerNorm(width),
		Up: nn.NewLinear(width, ffn), Down: nn.NewLinear(ffn, width), OutputNorm: nn.NewLayerNorm(width),
	}
}

// apply is one layer:  h = LN(x + drop(attention(x)));  LN(h + drop(W2 act(W1 h))).
func (l *bertLayer) apply(b *nn.Builder, x *nn.Node, o layerOptions) *nn.Node {
	qkv := nn.SideBySide(b, x, op.Identity, l.Query, l.Key, l.Value)
	ctx := b.Apply(&op.Attention{Heads: o.Heads, Cols: o.Width, Dropout: b.Rate(o.Attention)}, qkv)
	h := l.AttnNorm.Close(b, l.Out.Apply(b, ctx, op.Identity), x, o.Eps, o.Mixed)
	up := l.Up.Apply(b, h, o.Act)
	return l.OutputNorm.Close(b, l.Down.Apply(b, up, op.Identity), h, o.Eps, o.Output)
}

// knownActivation refuses a configuration that names an activation no kernel computes.
func knownActivation(a op.Activation) error {
	switch a {
	case op.GELU, op.GELUNew, op.ReLU, op.Tanh:
		return nil
	}
	return fmt.Errorf("backbone: %s: activation is %q, expected gelu, gelu_new, relu or tanh", configFile, a)
}
