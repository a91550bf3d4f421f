package engine

import (
	"cmp"
	"context"
	"math"
	"slices"

	"defrost/engine/op"
)

// A beam is one of the texts that a search follows.
type beam struct {
	ids   []int32 // written
	score float64 // sum of the log-probabilities
	past  []op.KV // what the network remembers of it
}

// A search looks for the likeliest text: of all ways to go on with its beams it follows the best
// ones. A text that ends is scored by its mean (Wu et al. 2016 divide by a power of the length too).
type search struct {
	o        GenerateOptions
	eos      int32
	live     []beam // the best first
	finished []beam // the best first, at most o.Beams; their scores are divided
}

// search writes on with the likeliest text it finds.
func (m *Model) search(ctx context.Context, w *writer, prompt []int32, o GenerateOptions, show func(int32)) ([]int32, error) {
	if o.Length == 0 {
		o.Length = 1
	}
	s := &search{o: o, eos: m.tok.Specials().EOS, live: []beam{{past: make([]op.KV, len(w.caches))}}}
	room := m.room(prompt, o)
	for n := 1; n <= room && ctx.Err() == nil && !s.done(n-1); n++ {
		if err := s.step(w, prompt, n == room); err != nil {
			return nil, err
		}
	}
	best := s.best()
	for _, id := range best.ids {
		show(id)
	}
	return best.ids, nil
}

// done says that no live beam can still be better than those that have ended.
func (s *search) done(n int) bool {
	return len(s.finished) == s.o.Beams && s.normal(s.live[0].score, n) <= s.finished[len(s.finished)-1].score
}

// normal is a score over a text of n tokens.
func (s *search) normal(score float64, n int) float64 {
	return score / math.Pow(float64(n), s.o.Length)
}

// A way is how one beam may go on.
type way struct {
	from  int
	id    int32
	score float64
}

// step makes every beam longer by a token. At the last one all texts end.
func (s *search) step(w *writer, prompt []int32, last bool) error {
	var ways []way
	for i := range s.live {
		scores, err := s.live[i].read(w, prompt)
		if err != nil {
			return err
		}
		ways = s.widen(ways, i, discouraged(logProbabilities(scores), slices.Concat(prompt, s.live[i].ids), s.o.Repetition))
	}
	var next []beam
	taken := map[int]bool{}
	for rank, y := range ways {
		ends := last || y.id == s.eos
		switch {
		case ends && rank < s.o.Beams:
			s.finish(y)
		case !ends && len(next) < s.o.Beams:
			next = append(next, s.child(y, taken))
		}
	}
	if len(next) > 0 {
		s.live = next
	}
	return nil
}

// widen adds the best ways of beam from, as many as all beams can need, and keeps so many of all.
func (s *search) widen(ways []way, from int, scores []float32) []way {
	values := make([]float64, len(scores))
	for id, x := range scores {
		values[id] = float64(x)
	}
	for _, id := range largest(values, 2*s.o.Beams) {
		ways = append(ways, way{from, int32(id), s.live[from].score + values[id]})
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(b.score, a.score) })
	return ways[:min(len(ways), 2*s.o.Beams)]
}

// finish keeps a text that has ended, if it is among the best.
func (s *search) finish(y way) {
	b := beam{ids: slices.Clone(s.live[y.from].ids)}
	b.score = s.normal(y.score, len(b.ids)+1)
	if y.id != s.eos {
		b.ids = append(b.ids, y.id)
	}
	s.finished = append(s.finished, b)
	slices.SortStableFunc(s.finished, func(a, b beam) int { return cmp.Compare(b.score, a.score) })
	s.finished = s.finished[:min(len(s.finished), s.o.Beams)]
}

// child is a beam and one token more. The first child goes on with its parent's memory, the others
// with copies.
func (s *search) child(y way, taken map[int]bool) beam {
	parent := s.live[y.from]
	b := beam{ids: append(slices.Clone(parent.ids), y.id), score: y.score, past: parent.past}
	if taken[y.from] {
		b.past = make([]op.KV, len(parent.past))
		for i := range b.past {
			b.past[i] = parent.past[i].Clone()
		}
	}
	taken[y.from] = true
	return b
}

// read lets the network read the beam's newest token, and at the beginning the prompt.
func (b *beam) read(w *writer, prompt []int32) ([]float32, error) {
	for i, kv := range b.past {
		*w.caches[i] = kv
	}
	next := prompt
	if w.past = 0; len(b.ids) > 0 {
		next, w.past = b.ids[len(b.ids)-1:], len(prompt)+len(b.ids)-1
	}
	scores, err := w.read(next)
	for i, kv := range w.caches {
		b.past[i] = *kv
	}
	return scores, err
}

// best is the best text that ended; of a search that was given up, the best so far.
func (s *search) best() beam {
	if len(s.finished) > 0 {
		return s.finished[0]
	}
	return s.live[0]
}

// logProbabilities is  z - logsumexp(z).
func logProbabilities(z []float32) []float32 {
	top, sum := float64(z[likeliest(z)]), 0.0
	for _, v := range z {
		sum += math.Exp(float64(v) - top)
	}
	out := make([]float32, len(z))
	for i, v := range z {
		out[i] = float32(float64(v) - top - math.Log(sum))
	}
	return out
}
