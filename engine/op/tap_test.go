package op

import (
	"math"
	"slices"
	"testing"

	"defrost/engine/batch"
)

func TestTapPassesOnAndRemembers(t *testing.T) {
	b := lengthsBatch(3, 4)
	k, x := NewTap("tap", 5), randomRow(rng(), 7*5, 1)
	gradCheck{kernel: k, batch: b, in: [][]float32{x}}.run(t)
	p := gradCheck{batch: b}.pass()
	if got := k.Forward(p, [][]float32{x}); !slices.Equal(got, x) || !slices.Equal(k.Value, x) {
		t.Errorf("got %v and remembered %v, want %v", got, k.Value, x)
	}
	dy := randomRow(rng(), 7*5, 2)
	if din := k.Backward(p, dy, []bool{false}); din[0] != nil || !slices.Equal(k.Grad, dy) {
		t.Errorf("got gradient %v for what is frozen and remembered %v, want none and %v", din[0], k.Grad, dy)
	}
}

func TestChosenScoresAreSummed(t *testing.T) {
	b := lengthsBatch(1, 1, 1)
	b.Classes = []int32{2, batch.Ignore, 0}
	k := &Chosen{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 3}
	x := randomRow(rng(), 9, 1)
	gradCheck{kernel: k, batch: b, in: [][]float32{x}}.run(t)
	if got, want := k.Forward(gradCheck{batch: b}.pass(), [][]float32{x})[0], x[2]+x[6]; got != want {
		t.Errorf("got %v, want the sum %v", got, want)
	}
}

// TestKeptProbabilitiesAreTheSoftmaxOfScores computes attention as the paper writes it.
func TestKeptProbabilitiesAreTheSoftmaxOfScores(t *testing.T) {
	b := lengthsBatch(5, 2, 3)
	const heads, cols, dim = 2, 6, 3
	qkv := randomRow(rng(), b.Tokens()*3*cols, 1)
	for _, causal := range []bool{false, true} {
		k := &Attention{Heads: heads, Cols: cols, Causal: causal, Keep: true}
		p := gradCheck{batch: b}.pass()
		p.Live = false
		p.Give(k.Forward(p, [][]float32{qkv}))
		if len(p.out) != 0 {
			t.Errorf("%d buffers are still taken, want 0", len(p.out))
		}
		for seq := range b.Len() {
			from, to := b.Bounds(seq)
			for h := range heads {
				got, n := k.Probabilities(seq, h), to-from
				want := softmaxOfScores(qkv, from, n, h*dim, dim, 3*cols, cols, causal)
				for i := range want {
					if len(got) != n*n || math.Abs(float64(got[i])-want[i]) > 1e-6 {
						t.Fatalf("causal %v, sequence %d, head %d: got %v, want %v", causal, seq, h, got, want)
					}
				}
			}
		}
	}
}

// softmaxOfScores is softmax(Q K^T / sqrt(D)) of one head, (n, n).
func softmaxOfScores(qkv []float32, from, n, col, dim, stride, key int, causal bool) []float64 {
	out := make([]float64, n*n)
	for i := range n {
		last, sum := n, 0.0
		if causal {
			last = i + 1
		}
		for j := range last {
			s := 0.0
			for d := range dim {
				s += float64(qkv[(from+i)*stride+col+d]) * float64(qkv[(from+j)*stride+key+col+d])
			}
			out[i*n+j] = math.Exp(s / math.Sqrt(float64(dim)))
			sum += out[i*n+j]
		}
		for j := range last {
			out[i*n+j] /= sum
		}
	}
	return out
}

func TestRelativeAttentionKeepsWhatItTrainsWith(t *testing.T) {
	c := newRelAttention(rng(), 4, 3)
	k, b, in, p := c.kernel.(*RelAttention), c.batch, c.in, c.pass()
	p.Give(k.Forward(p, in))
	want := slices.Clone(k.probs)
	k.Keep, p.Live = true, false
	p.Give(k.Forward(p, in))
	for seq := range b.Len() {
		for head := range k.Heads {
			got := k.Probabilities(seq, head)
			at, n := k.at[seq]+head*len(got), int(math.Sqrt(float64(len(got))))
			if !slices.Equal(got, want[at:at+len(got)]) {
				t.Errorf("sequence %d, head %d: got %v, want %v", seq, head, got, want[at:at+len(got)])
			}
			for i := range n {
				if sum := sumOf(got[i*n : (i+1)*n]); math.Abs(sum-1) > 1e-5 {
					t.Errorf("sequence %d, head %d: row %d sums to %v, want 1", seq, head, i, sum)
				}
			}
		}
	}
}

func sumOf(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum
}
