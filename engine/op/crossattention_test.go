package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"defrost/engine/batch"
)

// targeted is a batch of sequences of some lengths, with targets of other lengths.
func targeted(read, written []int) *batch.Batch {
	b := lengthsBatch(read...)
	b.Target = lengthsBatch(written...)
	return b
}

func TestCrossAttentionGradients(t *testing.T) {
	for name, b := range map[string]*batch.Batch{
		"several lengths":  targeted([]int{4, 1, 3}, []int{2, 5, 3}),
		"nothing to read":  targeted([]int{3, 0, 2}, []int{2, 4, 1}),
		"nothing to write": targeted([]int{3, 2}, []int{0, 4}),
	} {
		t.Run(name, func(t *testing.T) {
			r := rng()
			in := [][]float32{randomRow(r, b.Target.Tokens()*6, 1), randomRow(r, b.Tokens()*6, 1)}
			gradCheck{kernel: &CrossAttention{Cols: 6}, batch: b, in: in, step: 1e-3}.run(t)
		})
	}
}

// TestCrossAttentionFollowsItsFormula compares one row at a time in float64.
func TestCrossAttentionFollowsItsFormula(t *testing.T) {
	const h = 5
	b, r := targeted([]int{3, 4}, []int{2, 3}), rng()
	q, m := randomRow(r, b.Target.Tokens()*h, 1), randomRow(r, b.Tokens()*h, 1)
	k := &CrossAttention{Cols: h, Keep: true}
	got := k.Forward(gradCheck{batch: b}.pass(), [][]float32{q, m})
	for seq := range b.Len() {
		from, to := b.Bounds(seq)
		first, last := b.Target.Bounds(seq)
		for row := first; row < last; row++ {
			weights, sum := make([]float64, to-from), 0.0
			for i := range weights {
				for c := range h {
					weights[i] += float64(q[row*h+c]) * float64(m[(from+i)*h+c]) / math.Sqrt(h)
				}
				weights[i] = math.Exp(weights[i])
				sum += weights[i]
			}
			for c := range h {
				want := 0.0
				for i, w := range weights {
					want += w / sum * float64(m[(from+i)*h+c])
				}
				if math.Abs(float64(got[row*h+c])-want) > 1e-5 {
					t.Errorf("sequence %d, row %d, column %d: got %v, want %v", seq, row, c, got[row*h+c], want)
				}
			}
			for i, p := range k.Row(seq, row-first, to-from) {
				if math.Abs(float64(p)-weights[i]/sum) > 1e-5 {
					t.Errorf("sequence %d, row %d: got weight %v at %d, want %v", seq, row, p, i, weights[i]/sum)
				}
			}
		}
	}
}

func TestConcatGradients(t *testing.T) {
	b, r := lengthsBatch(3, 2), rng()
	in := [][]float32{randomRow(r, 5*2, 1), randomRow(r, 5*3, 1), randomRow(r, 5, 1)}
	gradCheck{kernel: &Concat{Cols: []int{2, 3, 1}}, batch: b, in: in}.run(t)
}

func TestKernelAsideWalksTheTarget(t *testing.T) {
	b, r := targeted([]int{1, 6}, []int{4, 2}), rng()
	gradCheck{kernel: Aside{oneWay(r)}, batch: b, in: [][]float32{randomRow(r, 6*3, 1)}, step: 1e-3}.run(t)
	k, p, x := oneWay(r), gradCheck{batch: b}.pass(), randomRow(r, 6*3, 1)
	got := Aside{k}.Forward(p, one(x))
	if p.Batch != b {
		t.Error("the batch is another one after the kernel ran")
	}
	for i, want := range k.Forward(gradCheck{batch: b.Target}.pass(), one(x)) {
		if got[i] != want {
			t.Fatalf("entry %d: got %v aside, want %v", i, got[i], want)
		}
	}
}

// oneWay is an LSTM of 4 cells over 3 columns that walks forward alone.
func oneWay(r *rand.Rand) *LSTM {
	k := newLSTM(r, false)
	k.Cells[1] = Cell{}
	return k
}

func TestLSTMOfOneDirectionIsTheForwardHalfOfTwo(t *testing.T) {
	r := rng()
	both, b := newLSTM(r, false), lengthsBatch(3, 0, 4)
	x := randomRow(r, 7*3, 1)
	want := both.Forward(gradCheck{batch: b}.pass(), one(x))
	one1 := &LSTM{Cells: [2]Cell{both.Cells[0]}, In: 3, ForgetBias: 1}
	got := one1.Forward(gradCheck{batch: b}.pass(), one(x))
	if len(got) != 7*4 {
		t.Fatalf("got %d values, want %d", len(got), 7*4)
	}
	for i, v := range got {
		if w := want[i/4*8+i%4]; v != w {
			t.Fatalf("entry %d: got %v, want %v", i, v, w)
		}
	}
}

func TestLSTMOfOneDirectionGradients(t *testing.T) {
	r := rng()
	b := lengthsBatch(2, 5, 0, 3)
	gradCheck{kernel: oneWay(r), batch: b, in: [][]float32{randomRow(r, 10*3, 1)}, step: 1e-3}.run(t)
}

// TestPickedStatesGoOnWhereTheirSequenceEnded walks two sequences, then goes on with the second one
// twice.
func TestPickedStatesGoOnWhereTheirSequenceEnded(t *testing.T) {
	r := rng()
	k := oneWay(r)
	x := randomRow(r, 2*3*3, 1)
	want := k.Forward(gradCheck{batch: lengthsBatch(3, 3)}.pass(), one(x))
	k.States = new(States)
	step := func(rows ...[]float32) []float32 {
		var in []float32
		for _, row := range rows {
			in = append(in, row...)
		}
		lengths := make([]int, len(rows))
		for i := range lengths {
			lengths[i] = 1
		}
		return k.Forward(gradCheck{batch: lengthsBatch(lengths...)}.pass(), one(in))
	}
	step(x[0:3], x[9:12])
	k.States.Pick([]int{1, 1})
	step(x[12:15], x[0:3])
	k.States.Pick([]int{0})
	got := step(x[15:18])
	for i, v := range got {
		if w := want[5*4+i]; math.Abs(float64(v-w)) > 1e-6 {
			t.Errorf("column %d: got %v step by step, want %v", i, v, w)
		}
	}
	k.States.Forget()
	if again := step(x[0:3]); math.Abs(float64(again[0]-want[0])) > 1e-6 {
		t.Errorf("got %v after all was forgotten, want %v", again[0], want[0])
	}
}
