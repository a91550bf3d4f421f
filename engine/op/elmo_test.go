package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

// spelled is a batch of words: characters, then padding 9 up to 6 slots.
func spelled(words ...[]int32) *batch.Batch {
	b := batch.Pack([]batch.Sequence{{IDs: make([]int32, len(words))}})
	for i, w := range words {
		b.CharIndex = append(b.CharIndex, int32(i))
		for s := range 6 {
			if s < len(w) {
				b.Chars = append(b.Chars, w[s])
			} else {
				b.Chars = append(b.Chars, 9)
			}
		}
	}
	return b
}

func newCharCNN(rng *rand.Rand) *CharCNN {
	return &CharCNN{
		Embed: randomWeight(rng, "embed", 1, 9, 3), Slots: 6, Pad: 9,
		Filters: []CharFilter{
			{W: randomWeight(rng, "w1", .7, 1, 1, 3, 4), B: randomWeight(rng, "b1", .3, 4), Width: 1, N: 4},
			{W: randomWeight(rng, "w3", .5, 1, 3, 3, 5), B: randomWeight(rng, "b3", .3, 5), Width: 3, N: 5},
		},
	}
}

var someWords = [][]int32{{1, 2, 3}, {4}, {5, 6, 7, 8, 1, 2}, {1, 1, 2, 3, 5}, {8, 2}, {3}, {2, 2}, {7, 1, 4}, {6, 5, 4, 3}}

func TestCharCNNGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	gradCheck{kernel: newCharCNN(rng), batch: spelled(someWords...), step: 1e-3}.run(t)
}

// TestCharCNNLooksAtEveryWindow compares with all windows computed one by one in float64.
func TestCharCNNLooksAtEveryWindow(t *testing.T) {
	k, c := newCharCNN(rand.New(rand.NewPCG(8, 10))), gradCheck{batch: spelled(someWords...)}
	got := k.Forward(c.pass(), nil)
	i := 0
	for w := range someWords {
		for _, f := range k.Filters {
			for n := range f.N {
				want := naiveFilter(k, f, c.batch.Chars[w*6:w*6+6], n)
				if math.Abs(float64(got[i])-want) > 1e-5 {
					t.Fatalf("word %d, filter %d of width %d: got %v, want %v", w, n, f.Width, got[i], want)
				}
				i++
			}
		}
	}
}

func naiveFilter(k *CharCNN, f CharFilter, chars []int32, n int) float64 {
	best := 0.0 // relu
	for s := 0; s+f.Width <= len(chars); s++ {
		sum := float64(f.B.Value[n])
		for i := range f.Width * 3 {
			x := k.Embed.Value[(chars[s+i/3]-1)*3+int32(i%3)]
			sum += float64(x) * float64(f.W.Value[i*f.N+n])
		}
		best = math.Max(best, sum)
	}
	return best
}

func TestHighwayGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	affine := func(name string) Affine {
		return Affine{W: randomWeight(rng, "W_"+name, .5, 4, 4), B: randomWeight(rng, "b_"+name, .5, 4), Out: 4, Conv1D: true}
	}
	k := &Highway{Carry: affine("carry"), Transform: affine("transform")}
	gradCheck{kernel: k, batch: lengthsBatch(5, 2), in: [][]float32{randomRow(rng, 7*4, 1)}, step: 2e-3}.run(t)
}

func TestHighwayWithAShutGateIsTheIdentity(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	shut := randomWeight(rng, "b_carry", 0, 3)
	for i := range shut.Value {
		shut.Value[i] = -60
	}
	k := &Highway{
		Carry:     Affine{W: randomWeight(rng, "W_carry", .1, 3, 3), B: shut, Out: 3, Conv1D: true},
		Transform: Affine{W: randomWeight(rng, "W_transform", 1, 3, 3), B: randomWeight(rng, "b_transform", 1, 3), Out: 3, Conv1D: true},
	}
	x := randomRow(rng, 2*3, 1)
	for i, got := range k.Forward(gradCheck{batch: lengthsBatch(2)}.pass(), one(x)) {
		if got != x[i] {
			t.Errorf("got %v at %d, want the input %v", got, i, x[i])
		}
	}
}

func TestMixGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 9))
	k := &Mix{S: randomWeight(rng, "s", 1, 3), Gamma: randomWeight(rng, "gamma", 1, 1), Cols: 4}
	in := [][]float32{randomRow(rng, 12, 1), randomRow(rng, 12, 1), randomRow(rng, 12, 1)}
	gradCheck{kernel: k, batch: lengthsBatch(3), in: in}.run(t)
	gradCheck{kernel: k, batch: lengthsBatch(3), in: in, fixed: []int{0, 2}}.run(t)
}

func TestEqualWeightsMixToTheMean(t *testing.T) {
	k := &Mix{S: &Weight{Shape: []int{2}, Value: []float32{.3, .3}}, Gamma: &Weight{Shape: []int{1}, Value: []float32{2}}, Cols: 2}
	got := k.Forward(gradCheck{batch: lengthsBatch(1)}.pass(), [][]float32{{1, 2}, {5, 4}})
	if got[0] != 6 || got[1] != 6 {
		t.Errorf("got %v, want twice the mean, [6 6]", got)
	}
}

func TestTwiceGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 9))
	gradCheck{kernel: &Twice{Cols: 3}, batch: lengthsBatch(4), in: [][]float32{randomRow(rng, 12, 1)}}.run(t)
}

// TestGatherFromARowPerWord gathers more rows than the input has.
func TestGatherFromARowPerWord(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 9))
	k := &Gather{Cols: 2, Rows: func(*batch.Batch) []int32 { return []int32{0, 2, 1, 2, 2} }}
	gradCheck{kernel: k, batch: lengthsBatch(5), in: [][]float32{randomRow(rng, 3*2, 1)}}.run(t)
}
