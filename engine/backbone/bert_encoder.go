package backbone

import (
	"fmt"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A BertEncoder is what BERT and its relatives share: embeddings and post-norm layers.
type BertEncoder struct {
	Embeddings bertEmbeddings `name:"embeddings"`
	Encoder    []bertLayer    `name:"encoder.layer"`

	cfg  bertConfig
	rows func() rows
}

type bertEmbeddings struct {
	Words     nn.Embedding  `name:"word_embeddings"`       // (V, H)
	Positions nn.Embedding  `name:"position_embeddings"`   // (P, H)
	Types     *nn.Embedding `name:"token_type_embeddings"` // (2, H), or nil
	Norm      nn.LayerNorm  `name:"LayerNorm"`
}

// rows say which rows of the tables the tokens of a batch read, (N) each.
type rows struct{ positions, types func(*batch.Batch) []int32 }

// newBertEncoder allocates the weights. Programs have rows of their own.
func newBertEncoder(c bertConfig, rows func() rows) BertEncoder {
	m := BertEncoder{cfg: c, rows: rows, Embeddings: newBertEmbeddings(c.Vocabulary, c.Positions, c.Width)}
	if c.Types > 0 {
		types := nn.NewEmbedding(c.Types, c.Width)
		m.Embeddings.Types = &types
	}
	for range c.Layers {
		m.Encoder = append(m.Encoder, newBertLayer(c.Width, c.FFN))
	}
	return m
}

// newBertEmbeddings has no segments.
func newBertEmbeddings(words, positions, width int) bertEmbeddings {
	return bertEmbeddings{
		Words: nn.NewEmbedding(words, width), Positions: nn.NewEmbedding(positions, width), Norm: nn.NewLayerNorm(width),
	}
}

func (m *BertEncoder) shape() Shape {
	c := m.cfg
	return Shape{Layers: c.Layers, Width: c.Width, Heads: c.Heads, FFN: c.FFN, Vocabulary: c.Vocabulary, Positions: c.Positions}
}

// Layers lists embeddings, encoder.0 to encoder.L-1.
func (m *BertEncoder) Layers() []nn.Layer {
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: nn.Params("embeddings", &m.Embeddings)}}
	for i := range m.Encoder {
		layers = append(layers, nn.Layer{
			Name: fmt.Sprintf("encoder.%d", i), Kind: "encoder",
			Params: nn.Params(fmt.Sprintf("encoder.layer.%d", i), &m.Encoder[i]),
		})
	}
	return layers
}

// Build adds embeddings and encoder.
func (m *BertEncoder) Build(b *nn.Builder) Hidden {
	x := m.Embeddings.apply(b, m.rows(), m.cfg.Eps, m.cfg.HiddenDropout)
	all := []*nn.Node{x}
	for i := range m.Encoder {
		x = m.Encoder[i].apply(b, x, m.cfg.layer())
		all = append(all, x)
	}
	return Hidden{All: all, Last: x}
}

// apply is  dropout(LN(word + position + type)).
func (e *bertEmbeddings) apply(b *nn.Builder, r rows, eps, dropout float32) *nn.Node {
	k := &op.Embedding{Cols: e.Words.W.Shape[1], Tables: []op.Table{
		e.Words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
		e.Positions.Table(r.positions),
	}}
	if e.Types != nil {
		k.Tables = append(k.Tables, e.Types.Table(r.types))
	}
	return nn.Dropout(b, e.Norm.Apply(b, b.Apply(k), eps), dropout)
}
