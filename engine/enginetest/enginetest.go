// Package enginetest makes models and data small enough for tests to train on in a moment.
package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
)

// config is a BERT of 2 layers, 16 wide.
const config = `{"model_type": "bert", "vocab_size": %d, "hidden_size": 16, "num_hidden_layers": 2,
"num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 32, "type_vocab_size": 2}`

// words are the vocabulary; those of the first row praise, those of the second do not.
var words = [][]string{
	{"good", "fine", "great", "lovely", "warm", "bright"},
	{"bad", "poor", "awful", "ugly", "cold", "dull"},
	{"film", "book", "meal", "room", "song", "play"},
	{"the", "was", "and", "a", "very", "quite"},
}

// Bert writes the folder of a BERT with random weights and returns its path.
func Bert(t testing.TB) string {
	t.Helper()
	return Backbone(t, "bert")
}

// Weights are random values for the model that dir describes.
func Weights(t testing.TB, dir string) []checkpoint.Tensor {
	t.Helper()
	bb, _, err := backbone.Describe(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	var tensors []checkpoint.Tensor
	for _, p := range backbone.Params(bb) {
		p.Reset(1)
		tensors = append(tensors, checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	return tensors
}

// SaveWeights writes model.safetensors into dir.
func SaveWeights(t testing.TB, dir string, tensors []checkpoint.Tensor) {
	t.Helper()
	if err := checkpoint.WriteSafetensors(filepath.Join(dir, "model.safetensors"), tensors, checkpoint.F32, nil); err != nil {
		t.Fatal(err)
	}
}

// Reviews writes n rows of text and label, half of them "yes", and returns the path of the file.
func Reviews(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range n {
		label, row := "yes", words[0]
		if i%2 == 1 {
			label, row = "no", words[1]
		}
		pick := func(from []string, salt int) string { return from[(i/2*salt+salt)%len(from)] }
		fmt.Fprintf(&b, "the %s was %s and %s %d,%s\n", pick(words[2], 5), pick(row, 1), pick(row, 7), i, label)
	}
	path := filepath.Join(t.TempDir(), "reviews.csv")
	Write(t, path, b.String())
	return path
}

// Topics writes n rows of text and label, a third of them each of film, meal and song, and returns
// the path of the file.
func Topics(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range n {
		topic := []string{"film", "meal", "song"}[i%3]
		adjectives := slices.Concat(words[0], words[1])
		fmt.Fprintf(&b, "a very %s %s %d,%s\n", adjectives[i*5%len(adjectives)], topic, i, topic)
	}
	path := filepath.Join(t.TempDir(), "topics.csv")
	Write(t, path, b.String())
	return path
}

// Remarks is Reviews as a table whose texts and labels stand in the columns remark and verdict, behind
// columns text and label that have nothing to do with them. Its last row is broken.
func Remarks(t testing.TB, n int) string {
	t.Helper()
	reviews, err := os.ReadFile(Reviews(t, n))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("text,label,remark,verdict\n")
	for i, row := range strings.Split(strings.TrimSpace(string(reviews)), "\n")[1:] {
		fmt.Fprintf(&b, "seat %d,%s,%s\n", i, []string{"left", "middle", "right"}[i%3], row)
	}
	b.WriteString("seat of nobody,left\n")
	path := filepath.Join(t.TempDir(), "remarks.csv")
	Write(t, path, b.String())
	return path
}

// Write makes a file.
func Write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
