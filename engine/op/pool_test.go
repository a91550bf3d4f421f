package op

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPoolingGradients(t *testing.T) {
	b := lengthsBatch(3, 1, 0, 5)
	in := [][]float32{randomRow(rand.New(rand.NewPCG(30, 31)), b.Tokens()*4, 1)}
	for _, kind := range []Pooling{PoolFirst, PoolLast, PoolMean, PoolMax} {
		for _, skip := range []int{0, 1} {
			gradCheck{kernel: &Pool{Kind: kind, Cols: 4, Skip: skip}, batch: b, in: in, step: 1e-3}.run(t)
		}
	}
	gradCheck{kernel: &Ends{Cols: 4}, batch: b, in: in}.run(t)
}

// TestATextWithoutWordsPoolsToZeros gives a pooling a sequence of no rows.
func TestATextWithoutWordsPoolsToZeros(t *testing.T) {
	b := lengthsBatch(0, 2, 0)
	x := []float32{1, 2, 3, 4}
	p := gradCheck{batch: b}.pass()
	for name, k := range map[string]Kernel{
		"cls": &Pool{Kind: PoolFirst, Cols: 2}, "last": &Pool{Kind: PoolLast, Cols: 2}, "mean": &Pool{Kind: PoolMean, Cols: 2},
		"max": &Pool{Kind: PoolMax, Cols: 2}, "ends": &Ends{Cols: 2},
	} {
		got := k.Forward(p, one(x))
		if !slices.Equal(got[:2], []float32{0, 0}) || !slices.Equal(got[4:], []float32{0, 0}) {
			t.Errorf("%s: got %v, want zeros but for the second text", name, got)
		}
		if slices.Equal(got[2:4], []float32{0, 0}) {
			t.Errorf("%s: got zeros for the second text, want its words", name)
		}
	}
}
