package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

// crfCase is four sequences of 3, 1, 0 and 4 words with four tags, the last without labels, and a
// CRF of random weights.
func crfCase() (*CRF, *batch.Batch, []float32) {
	rng := rand.New(rand.NewPCG(5, 6))
	const tags = 4
	k := &CRF{
		Labels: func(b *batch.Batch) []int32 { return b.Tags }, Borders: func(b *batch.Batch) []int32 { return b.Spans }, Cols: tags,
		Move: randomWeight(rng, "move", 1, tags, tags), Begin: randomWeight(rng, "begin", 1, tags), End: randomWeight(rng, "end", 1, tags),
	}
	b := &batch.Batch{
		Offsets: []int32{0, 3, 4, 4, 8, 10}, Spans: []int32{0, 3, 4, 4, 8, 10},
		Tags: []int32{0, 1, 3, 2, 2, 2, 0, 1, batch.Ignore, 3},
	}
	return k, b, randomRow(rng, 10*tags, 1)
}

// everyPath calls f with each sequence of tags of length n.
func everyPath(n, tags int, f func([]int32)) {
	path := make([]int32, n)
	var fill func(t int)
	fill = func(t int) {
		if t == n {
			f(path)
			return
		}
		for path[t] = 0; int(path[t]) < tags; path[t]++ {
			fill(t + 1)
		}
	}
	fill(0)
}

// bruteForce is log Z and the probability of each (word, tag) by enumeration.
func bruteForce(c chain, words int) (logZ float64, marginal []float64) {
	marginal = make([]float64, words*c.Cols)
	sum := 0.0
	everyPath(words, c.Cols, func(path []int32) {
		c.labels = path
		p := math.Exp(c.score())
		sum += p
		for t, l := range path {
			marginal[t*c.Cols+int(l)] += p
		}
	})
	for i := range marginal {
		marginal[i] /= sum
	}
	return math.Log(sum), marginal
}

func TestCRFLossEqualsAnEnumerationOfAllPaths(t *testing.T) {
	k, b, z := crfCase()
	p := NewPass()
	p.Begin(b)
	got := float64(k.Forward(p, [][]float32{z})[0])
	want, words := 0.0, 0
	for _, c := range k.chains(b) {
		if c.labels == nil {
			continue
		}
		logZ, _ := bruteForce(c, len(c.labels))
		want += logZ - c.score()
		words += len(c.labels)
	}
	if words != 8 {
		t.Fatalf("got %d words that take part, want 8", words)
	}
	if math.Abs(got-want/8) > 1e-6 {
		t.Errorf("got loss %v, want %v", got, want/8)
	}
}

func TestCRFGradientsEqualEnumeratedProbabilities(t *testing.T) {
	k, b, z := crfCase()
	p := NewPass()
	p.Begin(b)
	k.Forward(p, [][]float32{z})
	dz := k.Backward(p, []float32{1}, []bool{true})[0]
	for _, c := range k.chains(b) {
		if c.labels == nil {
			continue
		}
		_, marginal := bruteForce(c, len(c.labels))
		for i, want := range marginal {
			if i%c.Cols == int(c.labels[i/c.Cols]) {
				want--
			}
			if got := float64(dz[c.first*c.Cols+i]); math.Abs(got-want/8) > 1e-6 {
				t.Errorf("row %d tag %d: got gradient %v, want %v", c.first+i/c.Cols, i%c.Cols, got, want/8)
			}
		}
	}
	for _, g := range dz[8*k.Cols:] {
		if g != 0 {
			t.Errorf("got gradient %v of a sequence without labels, want 0", g)
		}
	}
}

func TestCRFGradients(t *testing.T) {
	k, b, z := crfCase()
	gradCheck{kernel: k, batch: b, in: [][]float32{z}}.run(t)
}

// TestCRFWithoutMovesIsCrossEntropy holds the two losses together: tags that owe nothing to each
// other are independent.
func TestCRFWithoutMovesIsCrossEntropy(t *testing.T) {
	k, b, z := crfCase()
	for _, w := range k.Weights() {
		clear(w.Value)
	}
	b.Tags[9] = batch.Ignore
	p := NewPass()
	p.Begin(b)
	got := k.Forward(p, [][]float32{z})[0]
	want := (&CrossEntropy{Labels: k.Labels, Cols: k.Cols}).Forward(p, [][]float32{z})[0]
	if math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("got loss %v, want %v", got, want)
	}
}

func TestCRFOfLargeScoresIsFinite(t *testing.T) {
	k, b, z := crfCase()
	for i := range z {
		z[i] *= 1e4
	}
	p := NewPass()
	p.Begin(b)
	if got := float64(k.Forward(p, [][]float32{z})[0]); math.IsNaN(got) || math.IsInf(got, 0) || got < 0 {
		t.Errorf("got loss %v, want a finite number of 0 or more", got)
	}
	for _, g := range k.Backward(p, []float32{1}, []bool{true})[0] {
		if g != g {
			t.Fatal("got a gradient that is no number")
		}
	}
}
