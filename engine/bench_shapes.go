package engine

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"defrost/engine/backbone"
	"defrost/engine/batch"
)

// A benchShape is a published model that the field measures with.
type benchShape struct {
	family                                       string // model_type
	layers, width, heads, ffn, vocabulary, slots int    // slots: positions, or characters of a word
	cells                                        int    // of ELMo, whose width is that of one direction
	filters                                      [][2]int
}

// benchShapes are bert_uncased_L-2_H-128_A-2, L-4_H-256_A-4, all-MiniLM-L6, bert-base, GPT-2 small and
// elmo_2x1024_128_2048cnn_1xhighway.
var benchShapes = map[string]benchShape{
	"bert-tiny": {family: "bert", layers: 2, width: 128, heads: 2, ffn: 512, vocabulary: 30522, slots: 512},
	"bert-mini": {family: "bert", layers: 4, width: 256, heads: 4, ffn: 1024, vocabulary: 30522, slots: 512},
	"minilm":    {family: "bert", layers: 6, width: 384, heads: 12, ffn: 1536, vocabulary: 30522, slots: 512},
	"bert-base": {family: "bert", layers: 12, width: 768, heads: 12, ffn: 3072, vocabulary: 30522, slots: 512},
	"gpt2":      {family: "gpt2", layers: 12, width: 768, heads: 12, ffn: 3072, vocabulary: 50257, slots: 1024},
	"elmo-small": {
		family: "elmo", layers: 2, width: 128, cells: 1024, vocabulary: 261, slots: 50,
		filters: [][2]int{{1, 32}, {2, 32}, {3, 64}, {4, 128}, {5, 256}, {6, 512}, {7, 1024}},
	},
}

// elmoCharacterWidth is E of every published ELMo.
const elmoCharacterWidth = 16

// BenchConfigs lists what can be measured, smallest first.
func BenchConfigs() []string {
	return []string{"bert-tiny", "bert-mini", "minilm", "bert-base", "elmo-small", "gpt2"}
}

// modes are those that the shape has: two layers of ELMo are all of them, and only a decoder writes.
func (s benchShape) modes() []string {
	switch s.family {
	case "elmo":
		return []string{"all", "last1", "head"}
	case "gpt2":
		return BenchModes()
	}
	return []string{"all", "last2", "last1", "head"}
}

// backbone makes the network with random weights.
func (s benchShape) backbone() (backbone.Backbone, error) {
	data, err := json.Marshal(s.config())
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	bb, _, err := backbone.FromConfig(data)
	if err != nil {
		return nil, err
	}
	for _, p := range backbone.Params(bb) {
		p.Reset(benchSeed)
	}
	return bb, nil
}

// config is what the checkpoint's folder would say.
func (s benchShape) config() map[string]any {
	type fields = map[string]any
	switch s.family {
	case "elmo":
		return fields{
			"model_type": "elmo",
			"lstm": fields{
				"dim": s.cells, "projection_dim": s.width, "n_layers": s.layers, "cell_clip": 3, "proj_clip": 3, "use_skip_connections": true,
			},
			"char_cnn": fields{
				"embedding": fields{"dim": elmoCharacterWidth}, "filters": s.filters, "n_highway": 1,
				"n_characters": s.vocabulary, "max_characters_per_token": s.slots, "activation": "relu",
			},
		}
	case "gpt2":
		return fields{
			"model_type": "gpt2", "vocab_size": s.vocabulary, "n_embd": s.width, "n_layer": s.layers,
			"n_head": s.heads, "n_positions": s.slots,
		}
	}
	return fields{
		"model_type": "bert", "vocab_size": s.vocabulary, "hidden_size": s.width, "num_hidden_layers": s.layers,
		"num_attention_heads": s.heads, "intermediate_size": s.ffn, "max_position_embeddings": s.slots,
	}
}

// benchSeed makes weights, tokens and dropout.
const benchSeed = 7

// batch is random tokens of full length; ELMo's words are random characters, each word another.
func (s benchShape) batch(sequences, tokens int) *batch.Batch {
	rng := rand.New(rand.NewPCG(benchSeed, benchSeed))
	seqs := make([]batch.Sequence, sequences)
	classes := make([]int32, sequences)
	for i := range seqs {
		seqs[i].IDs = make([]int32, tokens)
		for j := range seqs[i].IDs {
			seqs[i].IDs[j] = int32(rng.IntN(s.vocabulary))
		}
		classes[i] = int32(rng.IntN(2))
	}
	b := batch.Pack(seqs)
	b.Classes = classes
	if s.family == "elmo" {
		for i := range b.Tokens() {
			b.CharIndex = append(b.CharIndex, int32(i))
			for range s.slots {
				b.Chars = append(b.Chars, int32(1+rng.IntN(s.vocabulary-1)))
			}
		}
	}
	return b
}

// nextTokens are the labels of a language model: each token says the one after it, the last none.
func nextTokens(b *batch.Batch) []int32 {
	labels := make([]int32, b.Tokens())
	for i := range b.Len() {
		from, to := b.Bounds(i)
		copy(labels[from:to-1], b.IDs[from+1:to])
		labels[to-1] = batch.Ignore
	}
	return labels
}
