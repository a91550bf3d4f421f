package op

import (
	"math"
	"strings"
	"testing"

	"defrost/engine/batch"
)

// TestMeanOfWordCostsIsTheWordLoss holds the two parts to the one operation, gradients too, over more
// rows than are taken at once.
func TestMeanOfWordCostsIsTheWordLoss(t *testing.T) {
	const v, h, n = 23, 6, wordRows + 7
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(i * 5 % v)
	}
	labels[0], labels[9] = batch.Ignore, batch.Ignore
	of := func(*batch.Batch) []int32 { return labels }
	b := lengthsBatch(n)
	x := randomRow(rng(), n*h, 1)
	both := func() (words, bias *Weight) {
		words, bias = wordsOf(v, h)
		words.Grad, bias.Grad = make([]float32, v*h), make([]float32, v)
		return words, bias
	}
	words, bias := both()
	p := gradCheck{batch: b}.pass()
	p.Live = true
	whole := &WordLoss{Words: words, Bias: bias, Labels: of}
	want := whole.Forward(p, [][]float32{x})[0]
	wantX := whole.Backward(p, []float32{0.5}, []bool{true})[0]

	again, shift := both()
	q := gradCheck{batch: b}.pass()
	q.Live = true
	costs, mean := &WordCosts{WordLoss{Words: again, Bias: shift, Labels: of}}, &LabelledMean{of}
	rows := costs.Forward(q, [][]float32{x})
	got := mean.Forward(q, [][]float32{rows})[0]
	gotX := costs.Backward(q, mean.Backward(q, []float32{0.5}, []bool{true})[0], []bool{true})[0]

	if rows[0] != 0 || rows[9] != 0 || rows[1] <= 0 {
		t.Errorf("got costs %v, %v and %v, want none of rows without a label", rows[0], rows[9], rows[1])
	}
	if math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("got mean %v, want %v", got, want)
	}
	for name, pair := range map[string][2][]float32{"states": {gotX, wantX}, "words": {again.Grad, words.Grad}, "bias": {shift.Grad, bias.Grad}} {
		for i := range pair[1] {
			if math.Abs(float64(pair[0][i]-pair[1][i])) > 1e-6 {
				t.Fatalf("%s: got gradient %v at %d, want %v", name, pair[0][i], i, pair[1][i])
			}
		}
	}
}

func TestLabelledMeanGradients(t *testing.T) {
	k := &LabelledMean{func(*batch.Batch) []int32 { return []int32{1, batch.Ignore, 0} }}
	gradCheck{kernel: k, batch: lengthsBatch(3), in: [][]float32{randomRow(rng(), 3, 1)}, step: 1e-3}.run(t)
}

func TestWordCostsRefuseGradientsThatAreNotOfTheirMean(t *testing.T) {
	words, _ := wordsOf(3, 2)
	p := gradCheck{batch: lengthsBatch(2)}.pass()
	k := &WordCosts{WordLoss{Words: words, Labels: func(*batch.Batch) []int32 { return []int32{0, 1} }}}
	k.Forward(p, [][]float32{{1, 2, 3, 4}})
	defer func() {
		if said := recover(); said == nil || !strings.Contains(said.(string), "expected those of their mean") {
			t.Errorf("got %v, want a panic", said)
		}
	}()
	k.Backward(p, []float32{1, 2}, []bool{true})
}
