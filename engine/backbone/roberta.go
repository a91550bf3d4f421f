package backbone

import (
	"strings"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "roberta", New: newRoberta, Prefixes: []string{"roberta."}, Drop: dropFromRoberta})
}

// robertaConfig is config.json of a RoBERTa (Liu et al. 2019).
type robertaConfig struct {
	bertConfig
	Pad int32 `json:"pad_token_id"`
}

func (c *robertaConfig) sizes() []size {
	return append(c.bertConfig.sizes(),
		size{"pad_token_id", int(c.Pad), 0, max(c.Vocabulary-1, 0)},
		size{"max_position_embeddings beyond the padding's", c.Positions - int(c.Pad) - 1, 1, 1 << 20})
}

// A Roberta is a BERT without segments and pooler, whose positions start behind the padding's.
type Roberta struct {
	BertEncoder
	pad int32
}

func newRoberta(config []byte) (Backbone, error) {
	// Published files say 1e-5; where a file says nothing, transformers takes BERT's.
	c := robertaConfig{Pad: 1, bertConfig: bertConfig{
		Types: 1, Act: op.GELU, HiddenDropout: 0.1, AttentionDropout: 0.1, Eps: 1e-12, Positions: 514, PositionKind: "absolute",
	}}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	m := &Roberta{pad: c.Pad}
	m.BertEncoder = newBertEncoder(c.bertConfig, m.lookups)
	nn.Params("", m)
	return m, nil
}

// lookups count positions from pad+1 and know one type only.
func (m *Roberta) lookups() rows {
	var zeros []int32
	return rows{
		positions: positionsBehind(m.pad),
		types: func(b *batch.Batch) []int32 {
			for len(zeros) < b.Tokens() {
				zeros = append(zeros, 0)
			}
			return zeros[:b.Tokens()]
		},
	}
}

// positionsBehind is  cumsum(id != pad) (id != pad) + pad  within each sequence, as fairseq counts.
func positionsBehind(pad int32) func(*batch.Batch) []int32 {
	var positions []int32
	return func(b *batch.Batch) []int32 {
		positions = positions[:0]
		for i := range b.Len() {
			from, to := b.Bounds(i)
			last := pad
			for _, id := range b.IDs[from:to] {
				if id == pad {
					positions = append(positions, pad)
					continue
				}
				last++
				positions = append(positions, last)
			}
		}
		return positions
	}
}

// Shape describes the network. Positions are those a sequence can use.
func (m *Roberta) Shape() Shape {
	s := m.shape()
	s.Family = "roberta"
	s.Positions -= int(m.pad) + 1
	return s
}

// Summary is the state of <s> for op.PoolFirst: the published heads have their own dense layer.
func (m *Roberta) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	return b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
}

// Output is the word embeddings behind a transform with GELU, whatever the layers use.
func (m *Roberta) Output() Output {
	return Output{Words: m.Embeddings.Words.W, Act: op.GELU, Eps: m.cfg.Eps}
}

func dropFromRoberta(name string) (string, bool) {
	switch {
	case strings.HasSuffix(name, "lm_head.decoder.weight"):
		return tiedWeight, true
	case strings.HasSuffix(name, "lm_head.decoder.bias"):
		return "a second copy of lm_head.bias", true
	case strings.Contains(name, "pooler.dense."):
		return "a pooler that no published head reads", true
	}
	return dropBuffers(name)
}
