package backbone

import (
	"fmt"
	"strings"

	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "distilbert", New: newDistilbert, Prefixes: []string{"distilbert."}, Drop: dropFromDistilbert})
}

// distilbertConfig is config.json of a DistilBERT (Sanh et al. 2019).
type distilbertConfig struct {
	Vocabulary       int           `json:"vocab_size"`
	Width            int           `json:"dim"`
	Layers           int           `json:"n_layers"`
	Heads            int           `json:"n_heads"`
	FFN              int           `json:"hidden_dim"`
	Positions        int           `json:"max_position_embeddings"`
	Act              op.Activation `json:"activation"`
	Dropout          float32       `json:"dropout"`
	AttentionDropout float32       `json:"attention_dropout"`
}

// distilbertEps is fixed in the original code.
const distilbertEps = 1e-12

func (c *distilbertConfig) sizes() []size {
	return transformerSizes(c.Layers, c.Width, c.Heads, c.FFN, c.Vocabulary, c.Positions)
}

// A Distilbert is a BERT without segments and pooler that drops less.
type Distilbert struct {
	Embeddings bertEmbeddings    `name:"embeddings"`
	Encoder    []distilbertLayer `name:"transformer.layer"`

	cfg distilbertConfig
}

// A distilbertLayer is a bertLayer under other names.
type distilbertLayer struct {
	Query      nn.Linear    `name:"attention.q_lin"`   // (H, H)
	Key        nn.Linear    `name:"attention.k_lin"`   // (H, H)
	Value      nn.Linear    `name:"attention.v_lin"`   // (H, H)
	Out        nn.Linear    `name:"attention.out_lin"` // (H, H)
	AttnNorm   nn.LayerNorm `name:"sa_layer_norm"`     // (H)
	Up         nn.Linear    `name:"ffn.lin1"`          // (I, H)
	Down       nn.Linear    `name:"ffn.lin2"`          // (H, I)
	OutputNorm nn.LayerNorm `name:"output_layer_norm"` // (H)
}

func newDistilbert(config []byte) (Backbone, error) {
	c := distilbertConfig{Positions: 512, Act: op.GELU, Dropout: 0.1, AttentionDropout: 0.1}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := knownActivation(c.Act); err != nil {
		return nil, err
	}
	m := &Distilbert{cfg: c, Embeddings: newBertEmbeddings(c.Vocabulary, c.Positions, c.Width)}
	for range c.Layers {
		m.Encoder = append(m.Encoder, distilbertLayer(newBertLayer(c.Width, c.FFN)))
	}
	nn.Params("", m)
	return m, nil
}

// Shape describes the network.
func (m *Distilbert) Shape() Shape {
	c := m.cfg
	return Shape{
		Family: "distilbert", Layers: c.Layers, Width: c.Width, Heads: c.Heads, FFN: c.FFN, Vocabulary: c.Vocabulary, Positions: c.Positions,
	}
}

// Layers lists embeddings, encoder.0 to encoder.L-1.
func (m *Distilbert) Layers() []nn.Layer {
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: nn.Params("embeddings", &m.Embeddings)}}
	for i := range m.Encoder {
		layers = append(layers, nn.Layer{
			Name: fmt.Sprintf("encoder.%d", i), Kind: "encoder",
			Params: nn.Params(fmt.Sprintf("transformer.layer.%d", i), &m.Encoder[i]),
		})
	}
	return layers
}

// Build adds embeddings and encoder. What the attention mixed is not dropped.
func (m *Distilbert) Build(b *nn.Builder) Hidden {
	c := m.cfg
	o := layerOptions{
		Width: c.Width, Heads: c.Heads, FFN: c.FFN, Act: c.Act, Eps: distilbertEps,
		Attention: c.AttentionDropout, Output: c.Dropout,
	}
	x := m.Embeddings.apply(b, bertRows(), distilbertEps, c.Dropout)
	all := []*nn.Node{x}
	for i := range m.Encoder {
		x = (*bertLayer)(&m.Encoder[i]).apply(b, x, o)
		all = append(all, x)
	}
	return Hidden{All: all, Last: x}
}

// Summary is the state of [CLS] for op.PoolFirst: the published heads have their own dense layer.
func (m *Distilbert) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	return b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
}

// Output is the word embeddings behind DistilBERT's transform.
func (m *Distilbert) Output() Output {
	return Output{Words: m.Embeddings.Words.W, Act: m.cfg.Act, Eps: distilbertEps}
}

func dropFromDistilbert(name string) (string, bool) {
	if strings.HasSuffix(name, "vocab_projector.weight") {
		return tiedWeight, true
	}
	return dropBuffers(name)
}
