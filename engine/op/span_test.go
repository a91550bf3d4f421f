package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

func TestSpanGradients(t *testing.T) {
	b := lengthsBatch(4, 2, 6)
	b.Starts, b.Ends = []int32{1, batch.Ignore, 0}, []int32{3, 0, 5}
	in := [][]float32{randomRow(rand.New(rand.NewPCG(40, 41)), b.Tokens()*2, 1)}
	gradCheck{kernel: &Span{}, batch: b, in: in}.run(t)
}

func TestUndecidedSpansCostTheLogarithmOfTheLength(t *testing.T) {
	b := lengthsBatch(5, 20)
	b.Starts, b.Ends = []int32{2, 7}, []int32{2, 9}
	got := (&Span{}).Forward(gradCheck{batch: b}.pass(), one(make([]float32, 50)))
	if want := (math.Log(5) + math.Log(20)) / 2; math.Abs(float64(got[0])-want) > 1e-6 {
		t.Errorf("got %v, want %v", got[0], want)
	}
}
