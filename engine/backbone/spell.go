package backbone

import (
	"defrost/engine/batch"
	"defrost/engine/tokenizer"
)

// A Speller is a Backbone that reads words by their characters. Batches for it pass Spell before
// they run.
type Speller interface {
	// Spell fills Chars and CharIndex of b, whose ids are words; characters returns how the word
	// with an id is spelled.
	Spell(b *batch.Batch, characters func(id int32) []int32)
}

// Spell fills what bb reads beside token ids: nothing, for most.
func Spell(bb Backbone, tok tokenizer.Tokenizer, b *batch.Batch) {
	s, spells := bb.(Speller)
	c, has := tok.(*tokenizer.Characters)
	if !spells || !has {
		return
	}
	s.Spell(b, func(id int32) []int32 {
		chars := c.Chars(c.Token(id))
		return chars[:]
	})
}

// Spell gives each distinct word a row of Chars, in the order in which words first appear.
func (m *Elmo) Spell(b *batch.Batch, characters func(id int32) []int32) {
	index := map[int32]int32{}
	b.Chars, b.CharIndex = nil, make([]int32, len(b.IDs))
	for i, id := range b.IDs {
		at, seen := index[id]
		if !seen {
			at = int32(len(index))
			index[id] = at
			b.Chars = append(b.Chars, characters(id)...)
		}
		b.CharIndex[i] = at
	}
}
