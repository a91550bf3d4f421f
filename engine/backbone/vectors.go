package backbone

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
	"defrost/engine/vec"
)

func init() {
	Register(Family{Name: "vectors", New: newVectors})
}

// vectorsConfig is config.json of static vectors. No such file is published: FromVectors makes it.
type vectorsConfig struct {
	ModelType  string `json:"model_type"`
	Vocabulary int    `json:"vocab_size"`
	Width      int    `json:"hidden_size"`
}

func (c *vectorsConfig) sizes() []size {
	return []size{{"vocab_size", c.Vocabulary, 1, 1 << 24}, {"hidden_size", c.Width, 1, 1 << 16}}
}

// Vectors are static word vectors (GloVe, word2vec, fastText): a word has the same vector wherever
// it stands. They are the baseline that contextual backbones are held against.
type Vectors struct {
	Words nn.Embedding `name:"embeddings"` // (V, H)

	cfg vectorsConfig
}

// vectorsStd is the scale of fresh vectors, about that of GloVe's.
const vectorsStd = 0.4

func newVectors(config []byte) (Backbone, error) {
	c := vectorsConfig{ModelType: "vectors"}
	if err := decode(config, &c); err != nil {
		return nil, err
	}
	m := &Vectors{Words: nn.NewEmbedding(c.Vocabulary, c.Width), cfg: c}
	m.Words.W.Std = vectorsStd
	m.Words.W.Decay = false // decay would pull on the words that a batch does not hold
	nn.Params("", m)
	return m, nil
}

// OpenVectors reads a file of word vectors and keeps those that keep says yes to, nil for all: see
// checkpoint.OpenVectors for the formats and for dim, and WordsOf for the words of a data set.
func OpenVectors(fsys fs.FS, name string, dim int, keep func(word string) bool) (*Vectors, *tokenizer.Words, error) {
	v, err := checkpoint.OpenVectors(fsys, name, dim, keep)
	if err != nil {
		return nil, nil, err
	}
	return FromVectors(v)
}

// FromVectors makes a backbone and its tokenizer of word vectors. What is not among the words reads
// the mean of all vectors, which GloVe's authors advise for unknown words; padding reads zeros.
func FromVectors(v *checkpoint.Vectors) (*Vectors, *tokenizer.Words, error) {
	if len(v.Words) == 0 {
		return nil, nil, fmt.Errorf("backbone: found no vector for any word, expected one or more")
	}
	tok := tokenizer.NewWords(v.Words)
	bb, err := newVectors(VectorsConfig(tok.Size(), v.Dim))
	if err != nil {
		return nil, nil, err
	}
	m := bb.(*Vectors)
	copy(m.Words.W.Value, v.Data)
	if unk := int(tok.Specials().UNK); unk >= len(v.Words) {
		mean := m.Words.W.Value[unk*v.Dim : (unk+1)*v.Dim]
		for i := range v.Words {
			vec.Axpy(1/float32(len(v.Words)), v.Row(i), mean)
		}
	}
	return m, tok, m.Words.W.Check()
}

// WordsOf returns a filter for the words of texts as the Words tokenizer would look them up: cut
// at blanks, as tagged data comes, or as English is; as they stand or lower-cased.
func WordsOf(texts []string) func(word string) bool {
	words := map[string]bool{}
	add := func(w string) { words[w], words[strings.ToLower(w)] = true, true }
	cutter := tokenizer.NewWords(nil)
	for _, text := range texts {
		for _, w := range strings.Fields(text) {
			add(w)
		}
		for _, span := range cutter.Encode(text).Spans {
			add(text[span.Start:span.End])
		}
	}
	return func(word string) bool { return words[word] }
}

// Config is the config.json that Describe reads the same backbone from.
func (m *Vectors) Config() []byte { return VectorsConfig(m.cfg.Vocabulary, m.cfg.Width) }

// VectorsConfig is the config.json of a table of so many rows and columns.
func VectorsConfig(vocabulary, width int) []byte {
	config, err := json.MarshalIndent(vectorsConfig{ModelType: "vectors", Vocabulary: vocabulary, Width: width}, "", "  ")
	if err != nil {
		panic(err) // two numbers and a string
	}
	return append(config, '\n')
}

// Shape describes the table.
func (m *Vectors) Shape() Shape {
	return Shape{Family: "vectors", Width: m.cfg.Width, Vocabulary: m.cfg.Vocabulary}
}

// Layers lists the embeddings.
func (m *Vectors) Layers() []nn.Layer {
	return []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: nn.Params("embeddings", &m.Words)}}
}

// Build looks the words up.
func (m *Vectors) Build(b *nn.Builder) Hidden {
	x := b.Apply(&op.Embedding{Cols: m.cfg.Width, Tables: []op.Table{
		m.Words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
	}})
	return Hidden{All: []*nn.Node{x}, Last: x}
}

// Summary pools; there is no token that speaks for all, so op.PoolFirst is the mean.
func (m *Vectors) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	if pooling == op.PoolFirst {
		pooling = op.PoolMean
	}
	return b.Apply(&op.Pool{Kind: pooling, Cols: m.cfg.Width}, h.Last)
}
