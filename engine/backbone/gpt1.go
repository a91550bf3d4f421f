package backbone

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "openai-gpt", New: newGPT1, Prefixes: []string{"transformer."}, Drop: dropFromGPT})
}

// gpt1Config is config.json of the first GPT (Radford et al. 2018).
type gpt1Config struct {
	gptConfig
	Act op.Activation `json:"afn"`
}

// A GPT1 is a causal decoder of post-norm transformer layers.
type GPT1 struct {
	Words     nn.Embedding `name:"tokens_embed"`    // (V, H)
	Positions nn.Embedding `name:"positions_embed"` // (P, H)
	Blocks    []gptBlock   `name:"h"`

	cfg gpt1Config
}

func newGPT1(config []byte) (Backbone, error) {
	c := gpt1Config{gptConfig: newGPTConfig(512), Act: op.GELU}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if c.Act == op.GELU {
		c.Act = op.GELUNew // "gelu" always meant the tanh form here
	}
	if err := knownActivation(c.Act); err != nil {
		return nil, err
	}
	m := &GPT1{
		Words: nn.NewEmbedding(c.Vocabulary, c.Width), Positions: nn.NewEmbedding(c.Positions, c.Width),
		Blocks: newGPTBlocks(c.gptConfig), cfg: c,
	}
	nn.Params("", m)
	return m, nil
}

// Shape describes the network.
func (m *GPT1) Shape() Shape { return m.cfg.shape("openai-gpt") }

// Layers lists embeddings, decoder.0 to decoder.L-1.
func (m *GPT1) Layers() []nn.Layer {
	return gptLayers(append(nn.Params("tokens_embed", &m.Words), nn.Params("positions_embed", &m.Positions)...), m.Blocks)
}

// Build adds embeddings and layers.
func (m *GPT1) Build(b *nn.Builder) Hidden { return m.BuildOn(b, nil) }

// BuildOn is Build with a cache for each layer.
func (m *GPT1) BuildOn(b *nn.Builder, caches []*op.KV) Hidden {
	x := embedGPT(b, m.Words, m.Positions, m.cfg.gptConfig)
	all := []*nn.Node{x}
	for i := range m.Blocks {
		x = m.apply(b, &m.Blocks[i], x, cacheOf(caches, i))
		all = append(all, x)
	}
	return Hidden{All: all, Last: x}
}

// apply is one layer:  n = LN(x + drop(attention(x)));  LN(n + drop(W2 act(W1 n))).
func (m *GPT1) apply(b *nn.Builder, l *gptBlock, x *nn.Node, cache *op.KV) *nn.Node {
	c := m.cfg
	n := l.AttnNorm.Close(b, l.attend(b, x, c.gptConfig, cache), x, c.Eps, c.ResidualDropout)
	return l.FFNNorm.Close(b, l.feed(b, n, c.Act), n, c.Eps, c.ResidualDropout)
}

// Summary is the state of the last token for op.PoolFirst.
func (m *GPT1) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	return lastToken(b, h, pooling)
}

// Output is the word embeddings alone.
func (m *GPT1) Output() Output { return Output{Words: m.Words.W, Causal: true} }
