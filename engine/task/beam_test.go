package task

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A grammar is a language model over 3 pieces, piece 0 ends, whose next piece depends on all before.
func grammar(ids []int32) []float32 {
	key := uint64(len(ids))
	for _, id := range ids {
		key = key*5 + uint64(id) + 1
	}
	rng := rand.New(rand.NewPCG(key, 9))
	z := make([]float32, 3)
	for i := range z {
		z[i] = float32(2 * rng.NormFloat64())
	}
	logSoftmax(z)
	return z
}

// searched runs a search over the grammar, whose first piece names the text.
func searched(t *testing.T, width int, most []int) []*path {
	t.Helper()
	s := search{width: width, end: 0, next: func(going []*path, spans []int32) (scores, looks [][]float32, err error) {
		text := 0
		for i, p := range going {
			p.row = i
			for int32(i) >= spans[text+1] {
				text++
			}
			ids, _ := p.pieces()
			scores = append(scores, grammar(append([]int32{int32(text)}, ids...)))
			looks = append(looks, []float32{float32(len(ids))})
		}
		return scores, looks, nil
	}}
	ended, err := s.run(most)
	if err != nil {
		t.Fatal(err)
	}
	best := make([]*path, len(ended))
	for i, paths := range ended {
		best[i] = paths[0]
	}
	return best
}

// bestOf looks at every answer of at most so many pieces that ends or is as long as allowed.
func bestOf(text int32, most int, ids []int32, score float64) (best []int32, rate float64) {
	if n := len(ids); n > 0 && (ids[n-1] == 0 || n == most) {
		return slices.Clone(ids), score / float64(n)
	}
	rate = math.Inf(-1)
	for id, v := range grammar(append([]int32{text}, ids...)) {
		found, r := bestOf(text, most, append(slices.Clone(ids), int32(id)), score+float64(v))
		if r > rate {
			best, rate = found, r
		}
	}
	return best, rate
}

func TestWideBeamFindsTheBestOfAllAnswers(t *testing.T) {
	most := []int{4, 1, 5, 3, 5, 4, 2, 5}
	for text, p := range searched(t, 500, most) {
		got, looks := p.pieces()
		want, rate := bestOf(int32(text), most[text], nil, 0)
		if !slices.Equal(got, want) || math.Abs(p.rate()-rate) > 1e-6 {
			t.Errorf("text %d: got %v of %v per piece, want %v of %v", text, got, p.rate(), want, rate)
		}
		for i, look := range looks {
			if look[0] != float32(i) {
				t.Errorf("text %d: got what step %v remembered at piece %d, want its own", text, look[0], i)
			}
		}
	}
}

func TestBeamOfOneTakesTheLikeliestPieceEveryTime(t *testing.T) {
	for text, p := range searched(t, 1, []int{6, 6, 6, 6, 6, 6}) {
		got, _ := p.pieces()
		var want []int32
		for len(want) < 6 && (len(want) == 0 || want[len(want)-1] != 0) {
			z := grammar(append([]int32{int32(text)}, want...))
			want = append(want, int32(slices.Index(z, slices.Max(z))))
		}
		if !slices.Equal(got, want) {
			t.Errorf("text %d: got %v, want %v", text, got, want)
		}
	}
}

func TestTextWithoutTokensHasAnEmptyAnswer(t *testing.T) {
	if ids, _ := searched(t, 3, []int{2, 0, 2})[1].pieces(); len(ids) != 0 {
		t.Errorf("got %v, want nothing", ids)
	}
}

func TestLikeliestPiecesComeInTheirOrder(t *testing.T) {
	for _, c := range []struct {
		n    int
		want []int32
	}{{1, []int32{1}}, {3, []int32{1, 3, 4}}, {9, []int32{1, 3, 4, 0, 2}}} {
		if got := likeliest([]float32{.1, .9, 0, .9, .5}, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d of them: got %v, want %v", c.n, got, c.want)
		}
	}
}
