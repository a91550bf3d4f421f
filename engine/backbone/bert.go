package backbone

import (
	"fmt"
	"strings"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "bert", New: newBert, Prefixes: []string{"bert."}, Drop: dropBuffers})
}

// bertConfig is config.json of a BERT (Devlin et al. 2019).
type bertConfig struct {
	Vocabulary       int           `json:"vocab_size"`
	Width            int           `json:"hidden_size"`
	Layers           int           `json:"num_hidden_layers"`
	Heads            int           `json:"num_attention_heads"`
	FFN              int           `json:"intermediate_size"`
	Positions        int           `json:"max_position_embeddings"`
	Types            int           `json:"type_vocab_size"`
	Act              op.Activation `json:"hidden_act"`
	HiddenDropout    float32       `json:"hidden_dropout_prob"`
	AttentionDropout float32       `json:"attention_probs_dropout_prob"`
	Eps              float32       `json:"layer_norm_eps"`
}

func (c *bertConfig) sizes() []size {
	return transformerSizes(c.Layers, c.Width, c.Heads, c.FFN, c.Vocabulary, c.Positions)
}

// A Bert is an encoder of post-norm transformer layers over word, position and segment embeddings.
type Bert struct {
	Embeddings bertEmbeddings `name:"embeddings"`
	Encoder    []bertLayer    `name:"encoder.layer"`
	Pooler     nn.Linear      `name:"pooler.dense"`

	cfg       bertConfig
	positions func(*batch.Batch) []int32
}

type bertEmbeddings struct {
	Words     nn.Embedding  `name:"word_embeddings"`       // (V, H)
	Positions nn.Embedding  `name:"position_embeddings"`   // (P, H)
	Types     *nn.Embedding `name:"token_type_embeddings"` // (2, H)
	Norm      nn.LayerNorm  `name:"LayerNorm"`
}

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

func newBert(config []byte) (Backbone, error) {
	c := bertConfig{Types: 2, Act: op.GELU, HiddenDropout: 0.1, AttentionDropout: 0.1, Eps: 1e-12, Positions: 512}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := knownActivation(c.Act); err != nil {
		return nil, err
	}
	m := &Bert{cfg: c, positions: func(b *batch.Batch) []int32 { return b.Positions }}
	m.allocate()
	nn.Params("", m)
	return m, nil
}

func (m *Bert) allocate() {
	c := m.cfg
	m.Embeddings = bertEmbeddings{
		Words:     nn.NewEmbedding(c.Vocabulary, c.Width),
		Positions: nn.NewEmbedding(c.Positions, c.Width),
		Norm:      nn.NewLayerNorm(c.Width),
	}
	if c.Types > 0 {
		types := nn.NewEmbedding(c.Types, c.Width)
		m.Embeddings.Types = &types
	}
	for range c.Layers {
		m.Encoder = append(m.Encoder, bertLayer{
			Query: nn.NewLinear(c.Width, c.Width), Key: nn.NewLinear(c.Width, c.Width), Value: nn.NewLinear(c.Width, c.Width),
			Out: nn.NewLinear(c.Width, c.Width), AttnNorm: nn.NewLayerNorm(c.Width),
			Up: nn.NewLinear(c.Width, c.FFN), Down: nn.NewLinear(c.FFN, c.Width), OutputNorm: nn.NewLayerNorm(c.Width),
		})
	}
	m.Pooler = nn.NewLinear(c.Width, c.Width)
}

// knownActivation refuses a configuration that names an activation no kernel computes.
func knownActivation(a op.Activation) error {
	switch a {
	case op.GELU, op.GELUNew, op.ReLU, op.Tanh:
		return nil
	}
	return fmt.Errorf("backbone: %s: activation is %q, expected gelu, gelu_new, relu or tanh", configFile, a)
}

// Shape describes the network.
func (m *Bert) Shape() Shape {
	c := m.cfg
	return Shape{Family: "bert", Layers: c.Layers, Width: c.Width, Heads: c.Heads, FFN: c.FFN, Vocabulary: c.Vocabulary, Positions: c.Positions}
}

// Layers lists embeddings, encoder.0 to encoder.L-1, pooler.
func (m *Bert) Layers() []nn.Layer {
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: nn.Params("embeddings", &m.Embeddings)}}
	for i := range m.Encoder {
		layers = append(layers, nn.Layer{
			Name: fmt.Sprintf("encoder.%d", i), Kind: "encoder",
			Params: nn.Params(fmt.Sprintf("encoder.layer.%d", i), &m.Encoder[i]),
		})
	}
	return append(layers, nn.Layer{Name: "pooler", Kind: "pooler", Params: nn.Params("pooler.dense", &m.Pooler)})
}

// Build adds embeddings and encoder.
func (m *Bert) Build(b *nn.Builder) Hidden {
	x := m.embed(b)
	all := []*nn.Node{x}
	for i := range m.Encoder {
		x = m.Encoder[i].apply(b, x, m.cfg)
		all = append(all, x)
	}
	return Hidden{All: all, Last: x}
}

// embed is  dropout(LN(word + position + type)).
func (m *Bert) embed(b *nn.Builder) *nn.Node {
	e, c := m.Embeddings, m.cfg
	k := &op.Embedding{Cols: c.Width, Tables: []op.Table{
		e.Words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
		e.Positions.Table(m.positions),
	}}
	if e.Types != nil {
		k.Tables = append(k.Tables, e.Types.Table(func(b *batch.Batch) []int32 { return b.Types }))
	}
	return nn.Dropout(b, e.Norm.Apply(b, b.Apply(k), c.Eps), c.HiddenDropout)
}

// apply is one layer:  h = LN(x + drop(attention(x)));  LN(h + drop(W2 act(W1 h))).
func (l *bertLayer) apply(b *nn.Builder, x *nn.Node, c bertConfig) *nn.Node {
	qkv := nn.SideBySide(b, x, op.Identity, l.Query, l.Key, l.Value)
	ctx := b.Apply(&op.Attention{Heads: c.Heads, Cols: c.Width, Dropout: b.Rate(c.AttentionDropout)}, qkv)
	h := l.AttnNorm.Close(b, l.Out.Apply(b, ctx, op.Identity), x, c.Eps, c.HiddenDropout)
	up := l.Up.Apply(b, h, c.Act)
	return l.OutputNorm.Close(b, l.Down.Apply(b, up, op.Identity), h, c.Eps, c.HiddenDropout)
}

// Summary is tanh(pooler(h[CLS])) for op.PoolFirst.
func (m *Bert) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	pooled := b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
	if pooling == op.PoolFirst {
		return m.Pooler.Apply(b, pooled, op.Tanh)
	}
	return pooled
}

// dropBuffers names tensors of published files that are constants, not weights.
func dropBuffers(name string) (string, bool) {
	if strings.HasSuffix(name, "position_ids") || strings.HasSuffix(name, "token_type_ids") {
		return "a constant, not a weight", true
	}
	return "", false
}
