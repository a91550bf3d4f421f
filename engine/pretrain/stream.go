package pretrain

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"defrost/engine/batch"
)

// A stream reads texts as batches, over and over. Texts are tokenised a pool at a time and put into
// batches with others of their length, so that a recurrent network's steps are full; the batches
// of a pool come in random order.
type stream struct {
	texts  []string
	seed   uint64
	tokens int // of a batch, about
	read   func(text string) batch.Sequence

	at   int // first text of the pool, counted on over all epochs
	end  int // first text behind it
	turn int // batch of the pool
	pool [][]batch.Sequence
}

// poolBatches is how many batches are tokenised together.
const poolBatches = 16

// next returns the sequences of the next batch.
func (s *stream) next() ([]batch.Sequence, error) {
	if s.pool == nil {
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
	if s.turn >= len(s.pool) {
		s.at, s.turn = s.end, 0
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
	s.turn++
	return s.pool[s.turn-1], nil
}

// fill tokenises the pool that begins at text s.at.
func (s *stream) fill() error {
	var seqs []batch.Sequence
	tokens := 0
	for s.end = s.at; tokens < poolBatches*s.tokens; s.end++ {
		if s.end-s.at > 2*len(s.texts) && tokens == 0 {
			return fmt.Errorf("pretrain: none of %d texts can be read", len(s.texts))
		}
		if q := s.read(s.texts[s.end%len(s.texts)]); len(q.IDs) > 0 {
			seqs = append(seqs, q)
			tokens += len(q.IDs)
		}
	}
	s.pool = s.cut(seqs)
	rng := rand.New(rand.NewPCG(s.seed, uint64(s.at)))
	rng.Shuffle(len(s.pool), func(i, j int) { s.pool[i], s.pool[j] = s.pool[j], s.pool[i] })
	return nil
}

// cut sorts sequences by length and cuts them into batches.
func (s *stream) cut(seqs []batch.Sequence) (batches [][]batch.Sequence) {
	slices.SortStableFunc(seqs, func(a, b batch.Sequence) int { return len(a.IDs) - len(b.IDs) })
	from, tokens := 0, 0
	for i, q := range seqs {
		if tokens += len(q.IDs); tokens >= s.tokens || i == len(seqs)-1 {
			batches = append(batches, seqs[from:i+1])
			from, tokens = i+1, 0
		}
	}
	return batches
}

// once reads every text one time, in order of length.
func (s *stream) once() iter.Seq[[]batch.Sequence] {
	var seqs []batch.Sequence
	for _, text := range s.texts {
		if q := s.read(text); len(q.IDs) > 0 {
			seqs = append(seqs, q)
		}
	}
	return slices.Values(s.cut(seqs))
}

// seek goes to a place where another stream of the same texts was.
func (s *stream) seek(at, turn int) { s.at, s.turn, s.pool = at, turn, nil }
