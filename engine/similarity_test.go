package engine

import (
	"context"
	"math"
	"os"
	"testing"

	"defrost/datasets"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// meanVectors are the mean-pooled last states of texts.
func meanVectors(t *testing.T, backbone string, texts []string) [][]float32 {
	t.Helper()
	m, err := OpenModel(context.Background(), backbone)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(7, false); err != nil {
		t.Fatal(err)
	}
	tk, err := task.Open(task.Saved{Task: "classify", Labels: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	b := nn.NewBuilder(false)
	prog, err := b.Build(nil, featuresOf(m.bb, b).Summary("mean"))
	if err != nil {
		t.Fatal(err)
	}
	var items []task.Item
	for _, text := range texts {
		items = append(items, tk.Encode(m.tok, datasets.Example{Text: text}, 128)...)
	}
	if _, err := prog.Run(m.collate(tk, items), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	out, width := make([][]float32, len(texts)), m.Shape().Width
	for i := range out {
		out[i] = prog.Output(0)[i*width : (i+1)*width]
	}
	return out
}

func cosine(a, b []float32) float64 {
	dot, na, nb := 0.0, 0.0, 0.0
	for i := range a {
		dot, na, nb = dot+float64(a[i]*b[i]), na+float64(a[i]*a[i]), nb+float64(b[i]*b[i])
	}
	return dot / math.Sqrt(na*nb)
}

// TestSimilarSentencesLieCloser orders pairs by similarity: a paraphrase, the same topic,
// something else. DEFROST_TEACHER names a folder with a larger model to be held to the same.
func TestSimilarSentencesLieCloser(t *testing.T) {
	groups := [][4]string{
		{"A man is playing a guitar.", "Someone plays the guitar.", "A woman is singing a song.", "The stock market fell sharply today."},
		{"The doctor treated the patient.", "The physician cared for the sick man.", "The hospital has many beds.", "We ate pizza on the beach."},
		{"My dog loves to run in the park.", "The dog enjoys running through the park.", "Cats sleep most of the day.", "The president signed the new law."},
		{"The film was boring and far too long.", "The movie was dull and went on forever.", "The cinema was full last night.", "Mix the flour with two eggs."},
	}
	models := []string{"pocket-bert"}
	if teacher := os.Getenv("DEFROST_TEACHER"); teacher != "" {
		models = append(models, teacher)
	}
	for _, model := range models {
		for _, g := range groups {
			v := meanVectors(t, model, g[:])
			near, topic, far := cosine(v[0], v[1]), cosine(v[0], v[2]), cosine(v[0], v[3])
			if !(near > topic && topic > far) {
				t.Errorf("%s: %q: got similarities %.3f, %.3f, %.3f, want them falling", model, g[0], near, topic, far)
			}
		}
	}
}
