package op

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"defrost/engine/batch"
)

// newLSTM returns a network with 3 inputs, 4 cells and, when projected, 3 states.
func newLSTM(rng *rand.Rand, projected bool) *LSTM {
	k := &LSTM{In: 3, ForgetBias: 1}
	for d, name := range []string{"forward", "backward"} {
		p := 4
		if projected {
			p = 3
			k.Cells[d].Proj = randomWeight(rng, name+" projection", .8, 4, p)
		}
		k.Cells[d].W = randomWeight(rng, name+" W", .7, 3+p, 16)
		k.Cells[d].B = randomWeight(rng, name+" B", .3, 16)
	}
	return k
}

func TestLSTMGradients(t *testing.T) {
	for _, c := range []struct {
		name      string
		projected bool
		change    func(k *LSTM)
	}{
		{"shared input", true, func(*LSTM) {}},
		{"halves", true, func(k *LSTM) { k.Halves = true }},
		{"clipped", true, func(k *LSTM) { k.Clip, k.ProjClip = .4, .3 }},
		{"skip", true, func(k *LSTM) { k.Halves, k.Skip = true, true }},
		{"plain", false, func(*LSTM) {}},
		{"plain, cells clipped", false, func(k *LSTM) { k.Clip = .4 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(20, 21))
			k := newLSTM(rng, c.projected)
			c.change(k)
			b := lengthsBatch(2, 5, 0, 3, 5)
			gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng, b.Tokens()*k.inputWidth(), 1)}, step: 1e-3}.run(t)
		})
	}
}

// TestLSTMFollowsItsFormula compares with one sequence and one step at a time in float64.
func TestLSTMFollowsItsFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(22, 23))
	k := newLSTM(rng, true)
	k.Halves, k.Skip, k.Clip, k.ProjClip = true, true, .5, .4
	b := lengthsBatch(4, 1, 6, 2)
	x := randomRow(rng, b.Tokens()*6, 1)
	got := k.Forward(gradCheck{batch: b}.pass(), one(x))
	for seq := range b.Len() {
		from, to := b.Bounds(seq)
		for d := range 2 {
			rows := make([]int, 0, to-from)
			for r := from; r < to; r++ {
				rows = append(rows, r)
			}
			if d == 1 {
				slices.Reverse(rows)
			}
			checkWalk(t, k, d, rows, x, got)
		}
	}
}

// checkWalk holds the outputs at rows, in walking order, against a naive walk.
func checkWalk(t *testing.T, k *LSTM, d int, rows []int, x, got []float32) {
	t.Helper()
	h, c := make([]float64, 3), make([]float64, 4)
	for _, r := range rows {
		in := x[r*6+3*d:][:3]
		naiveCell(k, k.Cells[d], in, h, c)
		for e := range h {
			if want := h[e] + float64(in[e]); math.Abs(float64(got[r*6+3*d+e])-want) > 1e-5 {
				t.Fatalf("direction %d, row %d: got %v, want %v", d, r, got[r*6+3*d+e], want)
			}
		}
	}
}

func naiveCell(k *LSTM, cell Cell, x []float32, h, c []float64) {
	z := make([]float64, 16)
	for g := range z {
		z[g] = float64(cell.B.Value[g])
		for i, v := range x {
			z[g] += float64(v) * float64(cell.W.Value[i*16+g])
		}
		for i, v := range h {
			z[g] += v * float64(cell.W.Value[(3+i)*16+g])
		}
	}
	sigmoid := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
	bounded := func(v float64, by float32) float64 { return min(max(v, -float64(by)), float64(by)) }
	clear(h)
	for e := range c {
		c[e] = bounded(sigmoid(z[8+e]+1)*c[e]+sigmoid(z[e])*math.Tanh(z[4+e]), k.Clip)
		for p := range h {
			h[p] += sigmoid(z[12+e]) * math.Tanh(c[e]) * float64(cell.Proj.Value[e*3+p])
		}
	}
	for p := range h {
		h[p] = bounded(h[p], k.ProjClip)
	}
}

// TestCarriedStatesContinueASentence cuts a sentence in two batches: walked forward, the second
// goes on where the first ended.
func TestCarriedStatesContinueASentence(t *testing.T) {
	rng := rand.New(rand.NewPCG(24, 25))
	k := newLSTM(rng, true)
	whole, x := lengthsBatch(5, 5), randomRow(rng, 10*3, 1)
	want := k.Forward(gradCheck{batch: whole}.pass(), one(x))

	k.States = new(States)
	cut := func(from, n int) []float32 { return slices.Concat(x[3*from:3*(from+n)], x[15+3*from:15+3*(from+n)]) }
	forward := func(b *batch.Batch, x []float32) []float32 { return k.Forward(gradCheck{batch: b}.pass(), one(x)) }
	forward(lengthsBatch(3, 3), cut(0, 3))
	got := forward(lengthsBatch(2, 2), cut(3, 2))
	for seq := range 2 {
		for r := range 2 {
			a, b := got[(seq*2+r)*6:][:3], want[(seq*5+3+r)*6:][:3]
			if !slices.Equal(a, b) {
				t.Errorf("sequence %d, row %d: got %v, want %v", seq, 3+r, a, b)
			}
		}
	}
}
