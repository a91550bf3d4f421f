package op

import (
	"math"
	"slices"
	"testing"

	"defrost/engine/batch"
)

// wordsOf is an output layer of v words over states of h columns.
func wordsOf(v, h int) (words, bias *Weight) {
	r := rng()
	return &Weight{Name: "words", Shape: []int{v, h}, Value: randomRow(r, v*h, 1)},
		&Weight{Name: "bias", Shape: []int{v}, Value: randomRow(r, v, 1)}
}

func TestWordLossGradients(t *testing.T) {
	const v, h = 5, 4
	some := func(*batch.Batch) Candidates {
		return Candidates{Words: []int32{3, 0, 4}, LogQ: []float32{-.2, -1, -2}}
	}
	b := lengthsBatch(4)
	for name, among := range map[string]func(*batch.Batch) Candidates{"all words": nil, "sampled": some} {
		t.Run(name, func(t *testing.T) {
			words, bias := wordsOf(v, h)
			k := &WordLoss{
				Words: words, Bias: bias, Candidates: among,
				Labels: func(*batch.Batch) []int32 { return []int32{2, batch.Ignore, 0, 1} },
			}
			gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), 4*h, 1)}, step: 1e-3}.run(t)
		})
	}
}

// TestWordLossIsThatOfItsTwoParts holds it to Linear and CrossEntropy, over more rows than it
// takes at once.
func TestWordLossIsThatOfItsTwoParts(t *testing.T) {
	const v, h, n = 37, 8, wordRows + 19
	words, bias := wordsOf(v, h)
	x, labels := randomRow(rng(), n*h, 1), make([]int32, n)
	for i := range labels {
		labels[i] = int32(i * 7 % v)
	}
	labels[3] = batch.Ignore
	b := lengthsBatch(n)
	of := func(*batch.Batch) []int32 { return labels }
	logits := (&Linear{In: h, Parts: []Affine{{W: words, B: bias, Out: v}}}).Forward(gradCheck{batch: b}.pass(), [][]float32{x})
	want := (&CrossEntropy{Labels: of, Cols: v}).Forward(gradCheck{batch: b}.pass(), [][]float32{logits})[0]
	got := (&WordLoss{Words: words, Bias: bias, Labels: of}).Forward(gradCheck{batch: b}.pass(), [][]float32{x})[0]
	if math.Abs(float64(got-want)) > 1e-5 {
		t.Errorf("got loss %v, want %v", got, want)
	}
}

// TestSampledSumsAreRightInTheMean draws candidates many times over.
func TestSampledSumsAreRightInTheMean(t *testing.T) {
	const v, h, draws = 20, 4, 4000
	words, bias := wordsOf(v, h)
	x, r := randomRow(rng(), h, 1), rng()
	label := []int32{0}
	of := func(*batch.Batch) []int32 { return label }
	b := lengthsBatch(1)
	var among Candidates
	k := &WordLoss{Words: words, Bias: bias, Labels: of, Candidates: func(*batch.Batch) Candidates { return among }}
	full := &WordLoss{Words: words, Bias: bias, Labels: of}
	// exp(loss) is Z / exp(z[label]), and Z is what the mean is right for
	want := math.Exp(float64(full.Forward(gradCheck{batch: b}.pass(), [][]float32{x})[0]))
	got := 0.0
	for range draws {
		among = Candidates{Words: []int32{0}, LogQ: []float32{0}}
		for w := int32(1); w < v; w++ {
			if q := 0.2 + 0.6*float64(w)/v; r.Float64() < q {
				among.Words, among.LogQ = append(among.Words, w), append(among.LogQ, float32(math.Log(q)))
			}
		}
		got += math.Exp(float64(k.Forward(gradCheck{batch: b}.pass(), [][]float32{x})[0])) / draws
	}
	if math.Abs(got-want) > 0.03*want {
		t.Errorf("got a mean sum of %v, want %v", got, want)
	}
}

// TestFrozenWordsCostNoGradientOfTheirOwn compares the states' gradient and the memory with those of
// words that learn.
func TestFrozenWordsCostNoGradientOfTheirOwn(t *testing.T) {
	const v, h, n = 300, 16, 20
	words, bias := wordsOf(v, h)
	x, labels := randomRow(rng(), n*h, 1), make([]int32, n)
	of := func(*batch.Batch) []int32 { return labels }
	learn := func() (dx []float32, bytes int) {
		k := &WordLoss{Words: words, Bias: bias, Labels: of}
		p := gradCheck{batch: lengthsBatch(n)}.pass()
		k.Forward(p, [][]float32{x})
		return k.Backward(p, []float32{1}, []bool{true})[0], p.Bytes()
	}
	frozen, small := learn()
	words.Grad, bias.Grad = make([]float32, v*h), make([]float32, v)
	thawed, large := learn()
	if !slices.Equal(frozen, thawed) {
		t.Error("the states' gradient depends on whether the words learn")
	}
	if large-small < 4*v*h {
		t.Errorf("got %d bytes with frozen words and %d with thawed ones, want the gradient's %d between", small, large, 4*v*h)
	}
}
