package op

import (
	"math"
	"math/rand/v2"
	"testing"
)

// newRelAttention returns a kernel of 2 heads of 3 columns and inputs for the lengths.
func newRelAttention(rng *rand.Rand, lengths ...int) gradCheck {
	const heads, d = 2, 3
	k := &RelAttention{Attention: Attention{Heads: heads, Cols: heads * d}}
	k.RW, k.RR, k.RS = randomWeight(rng, "rw", .5, heads, d), randomWeight(rng, "rr", .5, heads, d), randomWeight(rng, "rs", .5, heads, d)
	k.Segments = randomWeight(rng, "segments", .5, 2, heads, d)
	b := lengthsBatch(lengths...)
	qkv := randomRow(rng, b.Tokens()*3*heads*d, 1)
	r := randomRow(rng, (2*b.Longest()-1)*heads*d, 1)
	return gradCheck{kernel: k, batch: b, in: [][]float32{qkv, r}}
}

func TestRelAttentionGradients(t *testing.T) {
	for name, change := range map[string]func(c *gradCheck){
		"plain":           func(*gradCheck) {},
		"dropout":         func(c *gradCheck) { c.train = true; c.kernel.(*RelAttention).Dropout = Rate{P: .3, ID: 1} },
		"causal":          func(c *gradCheck) { c.kernel.(*RelAttention).Causal = true },
		"fixed positions": func(c *gradCheck) { c.fixed = []int{1} },
		"padding": func(c *gradCheck) {
			c.batch.Padding = make([]bool, c.batch.Tokens())
			c.batch.Padding[0], c.batch.Padding[1] = true, true
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newRelAttention(rand.New(rand.NewPCG(1, 2)), 5, 1, 3)
			change(&c)
			c.run(t)
		})
	}
}

// TestRelAttentionFollowsItsFormula compares with the formula written out in float64.
func TestRelAttentionFollowsItsFormula(t *testing.T) {
	c := newRelAttention(rand.New(rand.NewPCG(3, 4)), 4, 6, 0, 1)
	k := c.kernel.(*RelAttention)
	got := k.Forward(c.pass(), c.in)
	for i, want := range naiveRelAttention(k, c) {
		if math.Abs(float64(got[i])-want) > 1e-5 {
			t.Fatalf("got %v at %d, want %v", got[i], i, want)
		}
	}
}

func naiveRelAttention(k *RelAttention, c gradCheck) []float64 {
	h, d := k.Cols, k.Cols/k.Heads
	out := make([]float64, c.batch.Tokens()*h)
	for seq := range c.batch.Len() {
		from, to := c.batch.Bounds(seq)
		for n := range k.Heads {
			for i := from; i < to; i++ {
				p := make([]float64, to-from)
				sum := 0.0
				for j := from; j < to; j++ {
					p[j-from] = math.Exp(naiveScore(k, c, n, i, j) / math.Sqrt(float64(d)))
					sum += p[j-from]
				}
				for j := from; j < to; j++ {
					for e := range d {
						out[i*h+n*d+e] += p[j-from] / sum * float64(c.in[0][j*3*h+2*h+n*d+e])
					}
				}
			}
		}
	}
	return out
}

func naiveScore(k *RelAttention, c gradCheck, n, i, j int) float64 {
	h, d := k.Cols, k.Cols/k.Heads
	other := 0
	if c.batch.Types[i] != c.batch.Types[j] {
		other = 1
	}
	row := c.batch.Longest() - 1 - (i - j)
	s := 0.0
	for e := n * d; e < (n+1)*d; e++ {
		q := float64(c.in[0][i*3*h+e])
		s += (q + float64(k.RW.Value[e])) * float64(c.in[0][j*3*h+h+e])
		s += (q + float64(k.RR.Value[e])) * float64(c.in[1][row*h+e])
		s += (q + float64(k.RS.Value[e])) * float64(k.Segments.Value[other*h+e])
	}
	return s
}

func TestRelProjectionGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	w := randomWeight(rng, "r", .5, 6, 2, 3)
	k := &RelProjection{
		Linear:    Linear{In: 6, Parts: []Affine{{W: w, Out: 6, Conv1D: true}}},
		Positions: &RelPositions{Cols: 6},
		Dropout:   Rate{P: .3, ID: 1},
	}
	gradCheck{kernel: k, batch: lengthsBatch(3, 1), train: true}.run(t)
}

func TestDistancesPastTheClampCountAsTheClamp(t *testing.T) {
	k := &RelPositions{Cols: 4, Clamp: 2}
	k.Rows(2)
	k.Rows(9) // a longer table serves shorter sequences too
	got := k.Rows(5)
	for row, d := range []float64{2, 2, 2, 1, 0, -1, -2, -2, -2} {
		want := []float64{math.Sin(d), math.Sin(d / 100), math.Cos(d), math.Cos(d / 100)}
		for i := range want {
			if math.Abs(float64(got[row*4+i])-want[i]) > 1e-7 {
				t.Errorf("row %d: got %v, want %v", row, got[row*4:row*4+4], want)
				break
			}
		}
	}
}
