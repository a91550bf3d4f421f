package backbone

import (
	"fmt"
	"strings"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "xlnet", New: newXLNet, Prefixes: []string{"transformer."}, Drop: dropQueryStream})
}

// xlnetConfig is config.json of an XLNet (Yang et al. 2019).
type xlnetConfig struct {
	Vocabulary int           `json:"vocab_size"`
	Width      int           `json:"d_model"`
	Layers     int           `json:"n_layer"`
	Heads      int           `json:"n_head"`
	HeadWidth  int           `json:"d_head"`
	FFN        int           `json:"d_inner"`
	Act        op.Activation `json:"ff_activation"`
	Attention  string        `json:"attn_type"` // bi: all tokens, uni: only those before
	Clamp      int           `json:"clamp_len"` // longest distance told apart, -1 for all
	Dropout    float32       `json:"dropout"`
	Eps        float32       `json:"layer_norm_eps"`
}

func (c *xlnetConfig) sizes() []size {
	const unlimited = 1 // XLNet has no table of positions
	return append(transformerSizes(c.Layers, c.Width, c.Heads, c.FFN, c.Vocabulary, unlimited),
		size{"d_head", c.HeadWidth, c.Width / max(c.Heads, 1), c.Width / max(c.Heads, 1)},
		size{"d_model modulo 2", c.Width % 2, 0, 0})
}

// An XLNet is an encoder of post-norm transformer layers whose attention knows relative positions.
// Only the content stream is here: the query stream serves permutation pre-training alone.
type XLNet struct {
	Words   nn.Embedding `name:"word_embedding"` // (V, H)
	Encoder []xlnetLayer `name:"layer"`
	Pooler  nn.Linear    `name:"sequence_summary.summary"` // (H, H)

	cfg xlnetConfig
}

type xlnetLayer struct {
	Query        *nn.Param    `name:"rel_attn.q"`          // (H, heads, D)
	Key          *nn.Param    `name:"rel_attn.k"`          // (H, heads, D)
	Value        *nn.Param    `name:"rel_attn.v"`          // (H, heads, D)
	Out          *nn.Param    `name:"rel_attn.o"`          // (H, heads, D)
	Relative     *nn.Param    `name:"rel_attn.r"`          // (H, heads, D)
	PositionBias *nn.Param    `name:"rel_attn.r_r_bias"`   // (heads, D)
	SegmentBias  *nn.Param    `name:"rel_attn.r_s_bias"`   // (heads, D)
	ContentBias  *nn.Param    `name:"rel_attn.r_w_bias"`   // (heads, D)
	Segments     *nn.Param    `name:"rel_attn.seg_embed"`  // (2, heads, D)
	AttnNorm     nn.LayerNorm `name:"rel_attn.layer_norm"` // (H)
	OutputNorm   nn.LayerNorm `name:"ff.layer_norm"`       // (H)
	Up           nn.Linear    `name:"ff.layer_1"`          // (I, H)
	Down         nn.Linear    `name:"ff.layer_2"`          // (H, I)
}

func newXLNet(config []byte) (Backbone, error) {
	c := xlnetConfig{HeadWidth: 64, Act: op.GELU, Attention: "bi", Clamp: -1, Dropout: 0.1, Eps: 1e-12}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := knownActivation(c.Act); err != nil {
		return nil, err
	}
	if c.Attention != "bi" && c.Attention != "uni" {
		return nil, fmt.Errorf("backbone: %s: attn_type is %q, expected bi or uni", configFile, c.Attention)
	}
	m := &XLNet{cfg: c, Words: nn.NewEmbedding(c.Vocabulary, c.Width), Pooler: nn.NewLinear(c.Width, c.Width)}
	for range c.Layers {
		m.Encoder = append(m.Encoder, newXLNetLayer(c))
	}
	nn.Params("", m)
	return m, nil
}

func newXLNetLayer(c xlnetConfig) xlnetLayer {
	projection := func() *nn.Param { return nn.NewParam(nn.Normal, c.Width, c.Heads, c.HeadWidth) }
	bias := func() *nn.Param {
		p := nn.NewParam(nn.Normal, c.Heads, c.HeadWidth)
		p.Decay = false
		return p
	}
	return xlnetLayer{
		Query: projection(), Key: projection(), Value: projection(), Out: projection(), Relative: projection(),
		PositionBias: bias(), SegmentBias: bias(), ContentBias: bias(),
		Segments: nn.NewParam(nn.Normal, 2, c.Heads, c.HeadWidth),
		AttnNorm: nn.NewLayerNorm(c.Width), OutputNorm: nn.NewLayerNorm(c.Width),
		Up: nn.NewLinear(c.Width, c.FFN), Down: nn.NewLinear(c.FFN, c.Width),
	}
}

// Shape describes the network.
func (m *XLNet) Shape() Shape {
	c := m.cfg
	return Shape{Family: "xlnet", Layers: c.Layers, Width: c.Width, Heads: c.Heads, FFN: c.FFN, Vocabulary: c.Vocabulary}
}

// Layers lists embeddings, encoder.0 to encoder.L-1, pooler.
func (m *XLNet) Layers() []nn.Layer {
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: nn.Params("word_embedding", &m.Words)}}
	for i := range m.Encoder {
		layers = append(layers, nn.Layer{
			Name: fmt.Sprintf("encoder.%d", i), Kind: "encoder", Params: nn.Params(fmt.Sprintf("layer.%d", i), &m.Encoder[i]),
		})
	}
	return append(layers, nn.Layer{Name: "pooler", Kind: "pooler", Params: nn.Params("sequence_summary.summary", &m.Pooler)})
}

// distances are the encodings of positions that all layers read.
type distances struct {
	encodings *op.RelPositions
	dropout   op.Rate
}

// Build adds embeddings and encoder. All layers read the same encodings of distances with the same
// dropout. Unlike in the original this is also the same for all sequences of a batch, so that one
// projection serves them all.
func (m *XLNet) Build(b *nn.Builder) Hidden {
	words := b.Apply(&op.Embedding{Cols: m.cfg.Width, Tables: []op.Table{
		m.Words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
	}})
	x := nn.Dropout(b, words, m.cfg.Dropout)
	r := distances{&op.RelPositions{Cols: m.cfg.Width, Clamp: m.cfg.Clamp}, b.Rate(m.cfg.Dropout)}
	all := []*nn.Node{x}
	for i := range m.Encoder {
		x = m.Encoder[i].apply(b, x, r, m.cfg)
		all = append(all, x)
	}
	return Hidden{All: all, Last: nn.Dropout(b, x, m.cfg.Dropout)}
}

// apply is one layer:  h = LN(x + drop(attention(x)));  LN(h + drop(W2 drop(act(W1 h)))).
func (l *xlnetLayer) apply(b *nn.Builder, x *nn.Node, r distances, c xlnetConfig) *nn.Node {
	qkv := b.Apply(&op.Linear{In: c.Width, Parts: []op.Affine{
		projected(l.Query, c), projected(l.Key, c), projected(l.Value, c),
	}}, x)
	kr := b.Apply(&op.RelProjection{
		Linear:    op.Linear{In: c.Width, Parts: []op.Affine{projected(l.Relative, c)}},
		Positions: r.encodings, Dropout: r.dropout,
	})
	ctx := b.Apply(&op.RelAttention{
		Attention: op.Attention{Heads: c.Heads, Cols: c.Width, Causal: c.Attention == "uni", Dropout: b.Rate(c.Dropout)},
		RW:        &l.ContentBias.Weight, RR: &l.PositionBias.Weight, RS: &l.SegmentBias.Weight, Segments: &l.Segments.Weight,
	}, qkv, kr)
	out := b.Apply(&op.Linear{In: c.Width, Parts: []op.Affine{{W: &l.Out.Weight, Out: c.Width}}}, ctx)
	h := l.AttnNorm.Close(b, out, x, c.Eps, c.Dropout)
	up := nn.Dropout(b, l.Up.Apply(b, h, c.Act), c.Dropout)
	return l.OutputNorm.Close(b, l.Down.Apply(b, up, op.Identity), h, c.Eps, c.Dropout)
}

// projected is x W for a weight (H, heads, D) read as (H, heads D).
func projected(w *nn.Param, c xlnetConfig) op.Affine {
	return op.Affine{W: &w.Weight, Out: c.Heads * c.HeadWidth, Conv1D: true}
}

// Summary is tanh(pooler(h[last])) for op.PoolFirst: XLNet's <cls> stands at the end.
func (m *XLNet) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	if pooling != op.PoolFirst {
		return b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
	}
	return m.Pooler.Apply(b, b.Apply(&op.Pool{Kind: op.PoolLast, Cols: m.cfg.Width}, h.Last), op.Tanh)
}

// dropQueryStream names what only permutation pre-training reads.
func dropQueryStream(name string) (string, bool) {
	if strings.HasSuffix(name, "mask_emb") {
		return "the query stream's input, for pre-training only", true
	}
	return "", false
}
