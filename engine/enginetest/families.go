package enginetest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A family is how a small backbone of it is described.
type family struct {
	describe   string                                // name of the file that describes the network
	config     string                                // its text; %d stands for the size of the vocabulary
	vocabulary func(t testing.TB, dir string) int    // writes the tokenizer's files and counts its tokens
	alone      func(t testing.TB, dir string) string // writes all there is, for what is no folder
}

// families are two layers of width 16 each, but for the vectors, which have none.
var families = map[string]family{
	"bert": {describe: "config.json", vocabulary: wordPieces, config: config},
	"distilbert": {describe: "config.json", vocabulary: wordPieces, config: `{"model_type": "distilbert", "vocab_size": %d,
"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 32}`},
	"roberta": {describe: "config.json", vocabulary: robertaPairs, config: `{"model_type": "roberta", "vocab_size": %d,
"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 34, "type_vocab_size": 1}`},
	"xlnet": {describe: "config.json", vocabulary: unigrams, config: `{"model_type": "xlnet", "vocab_size": %d,
"d_model": 16, "n_layer": 2, "n_head": 2, "d_head": 8, "d_inner": 32}`},
	"openai-gpt": {describe: "config.json", vocabulary: endedPairs, config: `{"model_type": "openai-gpt", "vocab_size": %d,
"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 32}`},
	"gpt2": {describe: "config.json", vocabulary: gpt2Pairs, config: `{"model_type": "gpt2", "vocab_size": %d,
"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 32}`},
	"elmo": {describe: "options.json", vocabulary: noVocabulary, config: `{"lstm": {"cell_clip": 3, "use_skip_connections": true, "n_layers": 2,
"proj_clip": 3, "projection_dim": 8, "dim": 16}, "char_cnn": {"embedding": {"dim": 4}, "filters": [[1, 4], [2, 8], [3, 8]],
"n_highway": 1, "n_characters": %d, "max_characters_per_token": 50, "activation": "relu"}}`},
	"vectors": {alone: vectorFile},
}

// Families lists what Backbone can make.
func Families() []string {
	var names []string
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Backbone writes a small backbone of a family with random weights and returns its path: a folder
// as it is published, or for "vectors" a file of words and numbers.
func Backbone(t testing.TB, name string) string {
	t.Helper()
	f, known := families[name]
	if !known {
		t.Fatalf("family is %q, expected one of %v", name, Families())
	}
	dir := t.TempDir()
	if f.alone != nil {
		return f.alone(t, dir)
	}
	Write(t, filepath.Join(dir, f.describe), fmt.Sprintf(f.config, f.vocabulary(t, dir)))
	SaveWeights(t, dir, Weights(t, dir))
	return dir
}

// everyWord lists the words of all rows.
func everyWord() []string { return slices.Concat(words...) }

// characters are the letters and digits that texts are spelled with, one string each.
func characters() []string { return strings.Split("abcdefghijklmnopqrstuvwxyz0123456789", "") }

// wordPieces writes vocab.txt with whole words.
func wordPieces(t testing.TB, dir string) int {
	vocab := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
	vocab = append(vocab, everyWord()...)
	Write(t, filepath.Join(dir, "vocab.txt"), strings.Join(vocab, "\n")+"\n")
	return len(vocab)
}

func robertaPairs(t testing.TB, dir string) int {
	return bytePairs(t, dir, []string{"<s>", "<pad>", "</s>", "<unk>", "<mask>"})
}

func gpt2Pairs(t testing.TB, dir string) int { return bytePairs(t, dir, []string{"<|endoftext|>"}) }

// bytePairs writes vocab.json and merges.txt that join the words behind a blank from the left.
func bytePairs(t testing.TB, dir string, specials []string) int {
	const blank = "Ġ"
	vocab := append(append(specials, characters()...), blank)
	var merges []string
	for _, word := range everyWord() {
		for i := range word {
			merges = append(merges, blank+word[:i]+" "+word[i:i+1])
			vocab = append(vocab, blank+word[:i+1])
		}
	}
	return saveMerges(t, dir, vocab, merges)
}

// endedPairs writes GPT's vocab.json and merges.txt, which join words from their marked ends.
func endedPairs(t testing.TB, dir string) int {
	const end = "</w>"
	vocab := append([]string{"<unk>"}, characters()...)
	for _, c := range characters() {
		vocab = append(vocab, c+end)
	}
	var merges []string
	for _, word := range everyWord() {
		for i := len(word) - 1; i > 0; i-- {
			merges = append(merges, word[i-1:i]+" "+word[i:]+end)
			vocab = append(vocab, word[i-1:]+end)
		}
	}
	return saveMerges(t, dir, vocab, merges)
}

// saveMerges writes a BPE vocabulary, each token and merge once.
func saveMerges(t testing.TB, dir string, vocab, merges []string) int {
	ids := map[string]int{}
	for _, token := range vocab {
		if _, twice := ids[token]; !twice {
			ids[token] = len(ids)
		}
	}
	seen := map[string]bool{}
	merges = slices.DeleteFunc(merges, func(m string) bool {
		twice := seen[m]
		seen[m] = true
		return twice
	})
	writeJSON(t, filepath.Join(dir, "vocab.json"), ids)
	Write(t, filepath.Join(dir, "merges.txt"), "#version: 0.2\n"+strings.Join(merges, "\n")+"\n")
	return len(ids)
}

// unigrams writes XLNet's tokenizer.json: words are likely pieces, characters are not.
func unigrams(t testing.TB, dir string) int {
	const blank = "▁"
	var pieces [][2]any
	var added []map[string]any
	for i, s := range []string{"<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"} {
		pieces = append(pieces, [2]any{s, 0})
		added = append(added, map[string]any{"id": i, "content": s, "special": true})
	}
	for _, word := range everyWord() {
		pieces = append(pieces, [2]any{blank + word, -2})
	}
	for _, c := range append(characters(), blank) {
		pieces = append(pieces, [2]any{c, -10})
	}
	space := map[string]any{"type": "Metaspace", "replacement": blank, "add_prefix_space": true}
	special := func(token string, kind int) any {
		return map[string]any{"SpecialToken": map[string]any{"id": token, "type_id": kind}}
	}
	text := func(id string, kind int) any {
		return map[string]any{"Sequence": map[string]any{"id": id, "type_id": kind}}
	}
	named := func(token string, id int) any {
		return map[string]any{"id": token, "ids": []int{id}, "tokens": []string{token}}
	}
	writeJSON(t, filepath.Join(dir, "tokenizer.json"), map[string]any{
		"version": "1.0", "added_tokens": added, "pre_tokenizer": space, "decoder": space,
		"model": map[string]any{"type": "Unigram", "unk_id": 0, "vocab": pieces},
		"post_processor": map[string]any{
			"type": "TemplateProcessing", "single": []any{text("A", 0), special("<sep>", 0), special("<cls>", 2)},
			"pair":           []any{text("A", 0), special("<sep>", 0), text("B", 1), special("<sep>", 1), special("<cls>", 2)},
			"special_tokens": map[string]any{"<cls>": named("<cls>", 3), "<sep>": named("<sep>", 4)},
		},
	})
	return len(pieces)
}

// noVocabulary is ELMo's: words are spelled, with the 262 characters its files count.
func noVocabulary(testing.TB, string) int { return 262 }

// VectorWidth is the numbers a word of the vectors has.
const VectorWidth = 8

// vectorFile writes a line for every word, and for one that no text holds.
func vectorFile(t testing.TB, dir string) string {
	var b strings.Builder
	for i, word := range append(everyWord(), "zebra") {
		b.WriteString(word)
		for j := range VectorWidth {
			fmt.Fprintf(&b, " %.3f", float64((i*31+j*17)%23-11)/20)
		}
		b.WriteString("\n")
	}
	path := filepath.Join(dir, "vectors.8d.txt")
	Write(t, path, b.String())
	return path
}

func writeJSON(t testing.TB, path string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	Write(t, path, string(data))
}
