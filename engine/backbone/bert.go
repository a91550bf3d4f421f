package backbone

import (
	"fmt"
	"strings"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "bert", New: newBert, Prefixes: []string{"bert."}, Drop: dropFromBert})
}

// bertConfig is config.json of a BERT (Devlin et al. 2019) or a RoBERTa.
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
	PositionKind     string        `json:"position_embedding_type"`
	Decoder          bool          `json:"is_decoder"`
}

func (c *bertConfig) sizes() []size {
	return append(transformerSizes(c.Layers, c.Width, c.Heads, c.FFN, c.Vocabulary, c.Positions),
		size{"type_vocab_size", c.Types, 0, 1 << 10})
}

// check refuses the variants that share the family's name but not its formula.
func (c *bertConfig) check() error {
	if c.PositionKind != "absolute" {
		return fmt.Errorf("backbone: %s: position_embedding_type is %q, expected absolute", configFile, c.PositionKind)
	}
	if c.Decoder {
		return fmt.Errorf("backbone: %s: is_decoder is true, expected an encoder", configFile)
	}
	return knownActivation(c.Act)
}

// layer is how the layers compute.
func (c *bertConfig) layer() layerOptions {
	return layerOptions{
		Width: c.Width, Heads: c.Heads, FFN: c.FFN, Act: c.Act, Eps: c.Eps,
		Attention: c.AttentionDropout, Mixed: c.HiddenDropout, Output: c.HiddenDropout,
	}
}

// A Bert is an encoder of post-norm transformer layers over word, position and segment embeddings.
type Bert struct {
	BertEncoder
	Pooler nn.Linear `name:"pooler.dense"` // (H, H)
}

func newBert(config []byte) (Backbone, error) {
	c := bertConfig{
		Types: 2, Act: op.GELU, HiddenDropout: 0.1, AttentionDropout: 0.1, Eps: 1e-12, Positions: 512, PositionKind: "absolute",
	}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	m := &Bert{BertEncoder: newBertEncoder(c, bertRows), Pooler: nn.NewLinear(c.Width, c.Width)}
	nn.Params("", m)
	return m, nil
}

// bertRows reads positions and types as the batch has them.
func bertRows() rows {
	return rows{
		positions: func(b *batch.Batch) []int32 { return b.Positions },
		types:     func(b *batch.Batch) []int32 { return b.Types },
	}
}

// Shape describes the network.
func (m *Bert) Shape() Shape {
	s := m.shape()
	s.Family = "bert"
	return s
}

// Layers lists embeddings, encoder.0 to encoder.L-1, pooler.
func (m *Bert) Layers() []nn.Layer {
	return append(m.BertEncoder.Layers(), nn.Layer{Name: "pooler", Kind: "pooler", Params: nn.Params("pooler.dense", &m.Pooler)})
}

// Summary is tanh(pooler(h[CLS])) for op.PoolFirst.
func (m *Bert) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	pooled := b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
	if pooling == op.PoolFirst {
		return m.Pooler.Apply(b, pooled, op.Tanh)
	}
	return pooled
}

// Output is the word embeddings behind BERT's transform.
func (m *Bert) Output() Output {
	return Output{Words: m.Embeddings.Words.W, Act: m.cfg.Act, Eps: m.cfg.Eps}
}

func dropFromBert(name string) (string, bool) {
	if strings.HasSuffix(name, "cls.predictions.decoder.weight") {
		return tiedWeight, true
	}
	if strings.HasSuffix(name, "cls.predictions.decoder.bias") {
		return "a second copy of cls.predictions.bias", true
	}
	return dropBuffers(name)
}
