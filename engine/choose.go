package engine

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A chooser picks tokens by their scores.
type chooser struct {
	o    GenerateOptions
	rng  *rand.Rand
	text []int32 // so far, what it chose included
}

// chooserStream keeps the chooser's random numbers apart from others of the same seed.
const chooserStream = 0x7e47

// newChooser begins to choose what comes after prompt.
func newChooser(o GenerateOptions, prompt []int32) *chooser {
	return &chooser{o: o, rng: rand.New(rand.NewPCG(o.Seed, chooserStream)), text: slices.Clone(prompt)}
}

// A candidate is a token that may come next.
type candidate struct {
	id int32
	p  float64
}

// of returns a token: the likeliest, or one drawn from the nucleus of the distribution (Holtzman et
// al. 2020).
func (c *chooser) of(scores []float32) int32 {
	id := c.pick(discouraged(scores, c.text, c.o.Repetition))
	c.text = append(c.text, id)
	return id
}

// discouraged are scores with those of a text's tokens lowered, which divides the ones above 0 and
// multiplies the others: a penalty that only divides, as was published, would reward the unlikely.
func discouraged(scores []float32, text []int32, penalty float64) []float32 {
	if penalty == 0 || penalty == 1 {
		return scores
	}
	lower := slices.Clone(scores)
	for _, id := range text {
		if s := scores[id]; s > 0 {
			lower[id] = float32(float64(s) / penalty)
		} else {
			lower[id] = float32(float64(s) * penalty)
		}
	}
	return lower
}

func (c *chooser) pick(scores []float32) int32 {
	if c.o.Temperature == 0 {
		return likeliest(scores)
	}
	list := c.candidates(scores)
	draw := c.rng.Float64() * total(list)
	for _, t := range list {
		if draw -= t.p; draw < 0 {
			return t.id
		}
	}
	return list[len(list)-1].id // rounding
}

// candidates are the tokens that TopK and TopP leave, likeliest first, with probabilities that need
// not sum to 1.
func (c *chooser) candidates(scores []float32) []candidate {
	best := float64(scores[likeliest(scores)])
	list := make([]candidate, len(scores))
	for i, s := range scores {
		list[i] = candidate{int32(i), math.Exp((float64(s) - best) / c.o.Temperature)}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.p, a.p) })
	if c.o.TopK > 0 {
		list = list[:min(c.o.TopK, len(list))]
	}
	if c.o.TopP == 0 || c.o.TopP == 1 {
		return list
	}
	room := c.o.TopP * total(list)
	for i, t := range list {
		if room -= t.p; room <= 0 {
			return list[:i+1]
		}
	}
	return list
}

func total(list []candidate) float64 {
	sum := 0.0
	for _, t := range list {
		sum += t.p
	}
	return sum
}

// likeliest is the first token of the highest score.
func likeliest(scores []float32) int32 {
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	return int32(best)
}
