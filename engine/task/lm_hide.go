package task

import (
	"math/rand/v2"

	"defrost/engine/batch"
)

// Of the tokens of a text 15 in 100 are asked for. Of those most are masked; some show another word
// and some themselves, so that no state can be trusted or ignored (Devlin et al. 2019).
const (
	askedShare  = 0.15
	maskedShare = 0.8
	randomShare = 0.1
)

// hideStream keeps these random numbers apart from others of the same seed.
const hideStream = 0x3a5c

// Hide asks for other words of a masked model's windows in every step (Liu et al. 2019). It says
// whether the batch has changed.
func (l *LM) Hide(b *batch.Batch, items []Item, seed, step uint64) bool {
	if l.causal {
		return false
	}
	rng := rand.New(rand.NewPCG(seed^hideStream, step))
	hide(b, items, func(Item) *rand.Rand { return rng })
	return true
}

// hiddenOf draws the same words of the same window every time.
func hiddenOf(it Item) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for _, id := range it.Sequence.IDs {
		h = (h ^ uint64(uint32(id))) * 1099511628211
	}
	return rand.New(rand.NewPCG(h, hideStream))
}

// hide chooses the words that are asked for, b.Tags with their rows b.Firsts, and shows something
// else in their place. At least one of a window that has words is asked for.
func hide(b *batch.Batch, items []Item, drawn func(Item) *rand.Rand) {
	b.Firsts, b.Tags = []int32{}, []int32{}
	for i, it := range items {
		rng, from := drawn(it), int(b.Offsets[i])
		copy(b.IDs[from:], it.Sequence.IDs)
		asked := draw(rng, it.Tags)
		for _, r := range asked {
			b.Firsts, b.Tags = append(b.Firsts, int32(from)+r), append(b.Tags, it.Tags[r])
			b.IDs[from+int(r)] = shown(rng, it.Own.(lmWindow), it.Tags[r])
		}
	}
	if len(b.Firsts) == 0 { // no program runs on no rows: one that counts for nothing
		b.Firsts, b.Tags = append(b.Firsts, 0), append(b.Tags, batch.Ignore)
	}
}

// draw chooses among the rows that have words.
func draw(rng *rand.Rand, words []int32) []int32 {
	var asked []int32
	likeliest, least := int32(-1), 1.0
	for r, id := range words {
		if id == batch.Ignore {
			continue
		}
		x := rng.Float64()
		if x < askedShare {
			asked = append(asked, int32(r))
		}
		if x < least {
			likeliest, least = int32(r), x
		}
	}
	if len(asked) == 0 && likeliest >= 0 {
		asked = append(asked, likeliest)
	}
	return asked
}

// shown is what stands in place of a word that is asked for.
func shown(rng *rand.Rand, s lmWindow, id int32) int32 {
	switch x := rng.Float64(); {
	case x < maskedShare:
		return s.tok.Specials().MASK
	case x < maskedShare+randomShare:
		return int32(rng.IntN(s.tok.Size()))
	}
	return id
}
