package head

import (
	"math"
	"slices"
	"strings"
)

// Rules say which tags may begin a sentence and which may follow which.
type Rules struct {
	Begin []bool   // (C)
	Move  [][]bool // (C, C) from a tag to the next
}

// IOB2 are the rules of tags such as B-PER, I-PER and O: I-PER stands behind B-PER or I-PER alone.
// Tags without a prefix are free.
func IOB2(tags []string) Rules {
	r := Rules{Begin: make([]bool, len(tags)), Move: make([][]bool, len(tags))}
	inside := func(tag string) (kind string, ok bool) { return strings.CutPrefix(tag, "I-") }
	for i, from := range tags {
		r.Move[i] = make([]bool, len(tags))
		for j, to := range tags {
			kind, in := inside(to)
			r.Move[i][j] = !in || from == "B-"+kind || from == to
			r.Begin[j] = !in
		}
	}
	return r
}

// Path is the sequence of tags with the highest sum of scores z (T, C) that the rules allow: what a
// tagger says that scores each word by itself.
func (r Rules) Path(z []float32) []int32 {
	return viterbi(z, len(r.Begin), r, func(int, int) float64 { return 0 }, func(int) float64 { return 0 })
}

// viterbi is the allowed sequence of n tags with the highest score (Viterbi 1967): the sum of z (T, n),
// of move between neighbours, where -1 is before the first, and of end behind the last.
func viterbi(z []float32, n int, r Rules, move func(from, to int) float64, end func(int) float64) []int32 {
	words := len(z) / n
	if words == 0 {
		return nil
	}
	best, from := make([]float64, n), make([]int32, len(z))
	for j := range n {
		best[j] = math.Inf(-1)
		if r.Begin[j] {
			best[j] = move(-1, j) + float64(z[j])
		}
	}
	for t := 1; t < words; t++ {
		next := make([]float64, n)
		for j := range n {
			next[j] = math.Inf(-1)
			for i := range n {
				if s := best[i] + move(i, j); r.Move[i][j] && s > next[j] {
					next[j], from[t*n+j] = s, int32(i)
				}
			}
			next[j] += float64(z[t*n+j])
		}
		best = next
	}
	for j := range best {
		best[j] += end(j)
	}
	return walkBack(best, from, words)
}

// walkBack follows the best tag of the last word to the first.
func walkBack(best []float64, from []int32, words int) []int32 {
	path := make([]int32, words)
	path[words-1] = int32(max(0, slices.Index(best, slices.Max(best)))) // 0 where scores are no numbers
	for t := words - 1; t > 0; t-- {
		path[t-1] = from[t*len(best)+int(path[t])]
	}
	return path
}
