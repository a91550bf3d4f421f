package backbone

import (
	"fmt"
	"strings"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// gptConfig is what config.json of both GPTs says.
type gptConfig struct {
	Vocabulary       int     `json:"vocab_size"`
	Width            int     `json:"n_embd"`
	Layers           int     `json:"n_layer"`
	Heads            int     `json:"n_head"`
	FFN              int     `json:"n_inner"` // 0 is 4 Width
	Positions        int     `json:"n_positions"`
	EmbeddingDropout float32 `json:"embd_pdrop"`
	AttentionDropout float32 `json:"attn_pdrop"`
	ResidualDropout  float32 `json:"resid_pdrop"`
	Eps              float32 `json:"layer_norm_epsilon"`
}

func newGPTConfig(positions int) gptConfig {
	return gptConfig{Positions: positions, EmbeddingDropout: 0.1, AttentionDropout: 0.1, ResidualDropout: 0.1, Eps: 1e-5}
}

func (c *gptConfig) sizes() []size {
	return transformerSizes(c.Layers, c.Width, c.Heads, c.inner(), c.Vocabulary, c.Positions)
}

// inner is the width of the feed-forward layer.
func (c *gptConfig) inner() int {
	if c.FFN == 0 {
		return 4 * c.Width
	}
	return c.FFN
}

func (c *gptConfig) shape(family string) Shape {
	return Shape{
		Family: family, Layers: c.Layers, Width: c.Width, Heads: c.Heads, FFN: c.inner(), Vocabulary: c.Vocabulary, Positions: c.Positions,
	}
}

// A gptBlock is the weights of one layer; where the norms stand is what the families differ in.
type gptBlock struct {
	AttnNorm nn.LayerNorm `name:"ln_1"`        // (H)
	QKV      nn.Linear    `name:"attn.c_attn"` // (H, 3H)
	Out      nn.Linear    `name:"attn.c_proj"` // (H, H)
	FFNNorm  nn.LayerNorm `name:"ln_2"`        // (H)
	Up       nn.Linear    `name:"mlp.c_fc"`    // (H, I)
	Down     nn.Linear    `name:"mlp.c_proj"`  // (I, H)
}

func newGPTBlocks(c gptConfig) []gptBlock {
	blocks := make([]gptBlock, c.Layers)
	for i := range blocks {
		blocks[i] = gptBlock{
			AttnNorm: nn.NewLayerNorm(c.Width), QKV: nn.NewConv1D(c.Width, 3*c.Width), Out: nn.NewConv1D(c.Width, c.Width),
			FFNNorm: nn.NewLayerNorm(c.Width), Up: nn.NewConv1D(c.Width, c.inner()), Down: nn.NewConv1D(c.inner(), c.Width),
		}
	}
	return blocks
}

// embedGPT is  dropout(word + position).
func embedGPT(b *nn.Builder, words, positions nn.Embedding, c gptConfig) *nn.Node {
	x := b.Apply(&op.Embedding{Cols: c.Width, Tables: []op.Table{
		words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
		positions.Table(func(b *batch.Batch) []int32 { return b.Positions }),
	}})
	return nn.Dropout(b, x, c.EmbeddingDropout)
}

// A Continuer is a causal Backbone that can read a text piece by piece.
type Continuer interface {
	Backbone
	Speaker
	// BuildOn is Build for a text that goes on: each layer has a cache of what it has read. The
	// batch is one sequence, and its positions count from the text's beginning.
	BuildOn(b *nn.Builder, caches []*op.KV) Hidden
}

// attend is  W_o attention(W_qkv x); a token sees itself and what is before it, in the cache too
// where there is one.
func (l *gptBlock) attend(b *nn.Builder, x *nn.Node, c gptConfig, cache *op.KV) *nn.Node {
	var k op.Kernel = &op.Attention{Heads: c.Heads, Cols: c.Width, Causal: true, Dropout: b.Rate(c.AttentionDropout)}
	if cache != nil {
		k = &op.CachedAttention{Heads: c.Heads, Cols: c.Width, Cache: cache}
	}
	return l.Out.Apply(b, b.Apply(k, l.QKV.Apply(b, x, op.Identity)), op.Identity)
}

// cacheOf is the cache of layer i, nil where texts come whole.
func cacheOf(caches []*op.KV, i int) *op.KV {
	if caches == nil {
		return nil
	}
	return caches[i]
}

// feed is  W2 act(W1 x).
func (l *gptBlock) feed(b *nn.Builder, x *nn.Node, act op.Activation) *nn.Node {
	return l.Down.Apply(b, l.Up.Apply(b, x, act), op.Identity)
}

// gptLayers lists embeddings and decoder.0 to decoder.L-1.
func gptLayers(embeddings []*nn.Param, blocks []gptBlock) []nn.Layer {
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: embeddings}}
	for i := range blocks {
		layers = append(layers, nn.Layer{
			Name: fmt.Sprintf("decoder.%d", i), Kind: "encoder", Params: nn.Params(fmt.Sprintf("h.%d", i), &blocks[i]),
		})
	}
	return layers
}

// lastToken is the state of the last token for op.PoolFirst: only it has seen the whole text.
func lastToken(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	if pooling == op.PoolFirst {
		pooling = op.PoolLast
	}
	return b.Apply(&op.Pool{Kind: pooling, Cols: h.Last.Width}, h.Last)
}

func dropFromGPT(name string) (string, bool) {
	switch {
	case strings.HasSuffix(name, ".attn.bias"), strings.HasSuffix(name, ".attn.masked_bias"):
		return "the causal mask, a constant", true
	case name == "lm_head.weight":
		return tiedWeight, true
	}
	return dropBuffers(name)
}
