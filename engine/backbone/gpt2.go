package backbone

import (
	"fmt"

	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "gpt2", New: newGPT2, Prefixes: []string{"transformer."}, Drop: dropFromGPT})
}

// gpt2Config is config.json of a GPT-2 (Radford et al. 2019).
type gpt2Config struct {
	gptConfig
	Act     op.Activation `json:"activation_function"`
	Scaled  bool          `json:"scale_attn_weights"`
	ByLayer bool          `json:"scale_attn_by_inverse_layer_idx"`
}

// check refuses what only GPT-2's descendants do.
func (c *gpt2Config) check() error {
	if !c.Scaled || c.ByLayer {
		return fmt.Errorf("backbone: %s: attention is scaled otherwise than by 1/sqrt(d), expected scale_attn_weights alone", configFile)
	}
	return knownActivation(c.Act)
}

// A GPT2 is a causal decoder of pre-norm transformer layers with a norm at the end.
type GPT2 struct {
	Words     nn.Embedding `name:"wte"` // (V, H)
	Positions nn.Embedding `name:"wpe"` // (P, H)
	Blocks    []gptBlock   `name:"h"`
	Norm      nn.LayerNorm `name:"ln_f"` // (H)

	cfg gpt2Config
}

func newGPT2(config []byte) (Backbone, error) {
	c := gpt2Config{gptConfig: newGPTConfig(1024), Act: op.GELUNew, Scaled: true}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	m := &GPT2{
		Words: nn.NewEmbedding(c.Vocabulary, c.Width), Positions: nn.NewEmbedding(c.Positions, c.Width),
		Blocks: newGPTBlocks(c.gptConfig), Norm: nn.NewLayerNorm(c.Width), cfg: c,
	}
	nn.Params("", m)
	return m, nil
}

// Shape describes the network.
func (m *GPT2) Shape() Shape { return m.cfg.shape("gpt2") }

// Layers lists embeddings, decoder.0 to decoder.L-1, final_norm.
func (m *GPT2) Layers() []nn.Layer {
	layers := gptLayers(append(nn.Params("wte", &m.Words), nn.Params("wpe", &m.Positions)...), m.Blocks)
	return append(layers, nn.Layer{Name: "final_norm", Kind: "norm", Params: nn.Params("ln_f", &m.Norm)})
}

// Build adds embeddings and layers. The last state is normalised, the ones before it are not.
func (m *GPT2) Build(b *nn.Builder) Hidden { return m.BuildOn(b, nil) }

// BuildOn is Build with a cache for each layer.
func (m *GPT2) BuildOn(b *nn.Builder, caches []*op.KV) Hidden {
	x := embedGPT(b, m.Words, m.Positions, m.cfg.gptConfig)
	all := []*nn.Node{x}
	for i := range m.Blocks {
		x = m.apply(b, &m.Blocks[i], x, cacheOf(caches, i))
		all = append(all, x)
	}
	last := m.Norm.Apply(b, x, m.cfg.Eps)
	all[len(all)-1] = last
	return Hidden{All: all, Last: last}
}

// apply is one layer:  h = x + drop(attention(LN(x)));  h + drop(W2 act(W1 LN(h))).
func (m *GPT2) apply(b *nn.Builder, l *gptBlock, x *nn.Node, cache *op.KV) *nn.Node {
	c := m.cfg
	h := m.add(b, l.attend(b, l.AttnNorm.Apply(b, x, c.Eps), c.gptConfig, cache), x)
	return m.add(b, l.feed(b, l.FFNNorm.Apply(b, h, c.Eps), c.Act), h)
}

func (m *GPT2) add(b *nn.Builder, x, residual *nn.Node) *nn.Node {
	return b.Apply(&op.Residual{Cols: m.cfg.Width, Dropout: b.Rate(m.cfg.ResidualDropout)}, x, residual)
}

// Summary is the state of the last token for op.PoolFirst.
func (m *GPT2) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	return lastToken(b, h, pooling)
}

// Output is the word embeddings alone.
func (m *GPT2) Output() Output { return Output{Words: m.Words.W, Causal: true} }
