package head

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var iob2Tags = []string{"B-LOC", "B-PER", "I-LOC", "I-PER", "O"}

func TestIOB2BeginsBeforeItGoesOn(t *testing.T) {
	r := IOB2(iob2Tags)
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"", "O", true}, {"", "B-PER", true}, {"", "I-PER", false},
		{"B-PER", "I-PER", true}, {"I-PER", "I-PER", true}, {"O", "I-PER", false},
		{"B-LOC", "I-PER", false}, {"I-LOC", "I-PER", false}, {"I-PER", "B-PER", true}, {"I-PER", "O", true},
	} {
		to := slices.Index(iob2Tags, c.to)
		got := r.Begin[to]
		if c.from != "" {
			got = r.Move[slices.Index(iob2Tags, c.from)][to]
		}
		if got != c.want {
			t.Errorf("%s after %q: got %v, want %v", c.to, c.from, got, c.want)
		}
	}
}

// bestOf enumerates all sequences that the rules allow.
func bestOf(z []float32, r Rules, crf *CRF) (best []int32, score float64) {
	n := len(r.Begin)
	score = math.Inf(-1)
	path := make([]int32, len(z)/n)
	var fill func(t int, sum float64)
	fill = func(t int, sum float64) {
		if t == len(path) {
			if sum += float64(crf.End.Value[path[t-1]]); sum > score {
				best, score = slices.Clone(path), sum
			}
			return
		}
		for j := range n {
			path[t] = int32(j)
			at := sum + float64(z[t*n+j])
			switch {
			case t == 0 && r.Begin[j]:
				fill(1, at+float64(crf.Begin.Value[j]))
			case t > 0 && r.Move[path[t-1]][j]:
				fill(t+1, at+float64(crf.Move.Value[int(path[t-1])*n+j]))
			}
		}
	}
	fill(0, 0)
	return best, score
}

func TestPathIsTheBestOfAllThatAreAllowed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	r, crf := IOB2(iob2Tags), NewCRF(len(iob2Tags))
	for trial := range 200 {
		std := 1.0
		if trial%2 == 0 {
			std = 0 // the rules alone
		}
		for _, p := range crf.Params() {
			for i := range p.Value {
				p.Value[i] = float32(rng.NormFloat64() * std)
			}
		}
		z := make([]float32, (1+trial%5)*len(iob2Tags))
		for i := range z {
			z[i] = float32(rng.NormFloat64())
		}
		want, _ := bestOf(z, r, crf)
		if got := crf.Path(z, r); !slices.Equal(got, want) {
			t.Fatalf("trial %d: got path %v, want %v", trial, got, want)
		}
		if got := r.Path(z); std == 0 && !slices.Equal(got, want) {
			t.Fatalf("trial %d: got path %v of the rules alone, want %v", trial, got, want)
		}
	}
	if got := r.Path(nil); len(got) != 0 {
		t.Errorf("got path %v of no words, want none", got)
	}
}
